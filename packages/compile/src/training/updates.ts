import {
  add,
  div,
  mapTree,
  mul,
  pow,
  sqrt,
  square,
  sub,
  type Tree,
  type Value,
  where,
} from '@steepest/autodiff';

/**
 * How a step changes the parameters, written with the operations of autodiff so that it is recorded
 * and compiled together with the gradient. State is plain data.
 */
export interface Update<State = unknown> {
  readonly name: string;
  /** The learning rate at a step, counted from 0. */
  readonly rate: (step: number) => number;
  /** The state before the first step. */
  init(params: Tree): State;
  /** The parameters and the state after a step. */
  step(gradient: Tree, state: State, params: Tree, rate: Value): readonly [Tree, State];
}

/** A learning rate: the same at every step, or a schedule. */
export type Rate = number | ((step: number) => number);

const scheduled = (rate: Rate): ((step: number) => number) =>
  typeof rate === 'number' ? () => rate : rate;

const zeros = (params: Tree): Tree =>
  mapTree((x: Value) => (typeof x === 'number' ? 0 : mul(0, x)), params);

const each = (f: (...leaves: Value[]) => Value, tree: Tree, ...others: Tree[]): Tree =>
  mapTree(f as (...leaves: never[]) => unknown, tree, ...others);

/** w ← w − η g. `updates.sgd({ rate: 0.1 })` */
function sgd({ rate }: { readonly rate: Rate }): Update<Record<string, never>> {
  return {
    name: 'sgd',
    rate: scheduled(rate),
    init: () => ({}),
    step: (gradient, state, params, eta) => [
      each((w, g) => sub(w, mul(eta, g)), params, gradient),
      state,
    ],
  };
}

/** v ← decay · v + g, w ← w − η v (Polyak, 1964). `updates.momentum({ rate: 0.01 })` */
function momentum(settings: {
  readonly rate: Rate;
  readonly decay?: number;
}): Update<{ readonly velocity: Tree }> {
  const { rate, decay = 0.9 } = settings;
  return {
    name: 'momentum',
    rate: scheduled(rate),
    init: (params) => ({ velocity: zeros(params) }),
    step: (gradient, state, params, eta) => {
      const velocity = each((v, g) => add(mul(decay, v), g), state.velocity, gradient);
      return [each((w, v) => sub(w, mul(eta, v)), params, velocity), { velocity }];
    },
  };
}

/** v ← decay · v + g, w ← w − η (g + decay · v) (Nesterov, 1983). `updates.nesterov({ rate: 0.01 })` */
function nesterov(settings: {
  readonly rate: Rate;
  readonly decay?: number;
}): Update<{ readonly velocity: Tree }> {
  const { rate, decay = 0.9 } = settings;
  return {
    ...momentum(settings),
    name: 'nesterov',
    rate: scheduled(rate),
    step: (gradient, state, params, eta) => {
      const velocity = each((v, g) => add(mul(decay, v), g), state.velocity, gradient);
      const ahead = each((v, g) => add(mul(decay, v), g), velocity, gradient);
      return [each((w, a) => sub(w, mul(eta, a)), params, ahead), { velocity }];
    },
  };
}

/** The moving averages of Adam, and how many gradients went into them. */
export interface Moments {
  readonly count: number | Value;
  readonly first: Tree;
  readonly second: Tree;
}

/**
 * m ← b₁m + (1 − b₁)g, s ← b₂s + (1 − b₂)g², w ← w − η m̂/(√ŝ + ε) with m̂ = m/(1 − b₁ᵗ) and
 * ŝ = s/(1 − b₂ᵗ) (Kingma & Ba, 2015). `updates.adam({ rate: 0.001 })`
 */
function adam(
  settings: {
    readonly rate?: Rate;
    readonly b1?: number;
    readonly b2?: number;
    readonly epsilon?: number;
  } = {},
): Update<Moments> {
  const { rate = 0.001, b1 = 0.9, b2 = 0.999, epsilon = 1e-8 } = settings;
  return {
    name: 'adam',
    rate: scheduled(rate),
    init: (params) => ({ count: 0, first: zeros(params), second: zeros(params) }),
    step: (gradient, state, params, eta) => {
      const count = add(state.count, 1);
      const first = each((m, g) => add(mul(b1, m), mul(1 - b1, g)), state.first, gradient);
      const second = each(
        (s, g) => add(mul(b2, s), mul(1 - b2, square(g))),
        state.second,
        gradient,
      );
      const correction = sub(1, pow(b1, count));
      const root = sqrt(sub(1, pow(b2, count)));
      const change = (m: Value, s: Value): Value => {
        const size = add(div(sqrt(s), root), epsilon);
        return where(m, div(div(m, correction), size), 0);
      };
      const moved = each((w, m, s) => sub(w, mul(eta, change(m, s))), params, first, second);
      return [moved, { count, first, second }];
    },
  };
}

/** The optimizers that run inside compiled training, in the conventions of the field. */
export const updates: {
  readonly sgd: typeof sgd;
  readonly momentum: typeof momentum;
  readonly nesterov: typeof nesterov;
  readonly adam: typeof adam;
} = { sgd, momentum, nesterov, adam };
