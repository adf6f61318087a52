import { add, div, mul, type Operand, sqrt, sub, type Tree, where } from '@steepest/autodiff';
import {
  fraction,
  nonNegative,
  positive,
  required,
  type Spec,
  settle,
  wholeNumber,
} from '@steepest/ground';
import { copyOf, zerosLike } from '../leaves.ts';
import type { Stepper } from '../stepper.ts';
import { each } from './each.ts';
import { averaged } from './moving-average.ts';

/** The point z that steps are taken from, and the average x that is the answer. */
export interface ScheduleFreeState {
  readonly from: Tree;
  readonly average: Tree;
}

/** A constant rate: schedules are what this method replaces. */
export interface ScheduleFreeSettings {
  readonly rate: number;
  /** How much of the average the gradient is taken at (0.9). */
  readonly decay?: number | undefined;
  /** Steps in which the rate rises to its value (0). */
  readonly warmUp?: number | undefined;
}

const scheduleFreeSpec = {
  rate: required(positive()),
  decay: fraction(0.9),
  warmUp: wholeNumber(0, 0),
} satisfies Spec<ScheduleFreeSettings>;

/**
 * SGD that needs no schedule: gradients are taken at y = (1 − β)z + βx, z ← z − γ∇f(y), and the answer is
 * the average x ← (1 − c)x + cz with c = γ²/Σγ² (Defazio et al., *The road less scheduled*, 2024). As good
 * at every step as a schedule that ends there.
 *
 * The parameters of the run are the points y; its answer is x. Throws a RangeError for a rate that is not
 * positive.
 *
 * ```ts
 * train({ loss, params, data, optimizer: scheduleFree({ rate: 1 }), epochs: 20 });
 * ```
 */
export function scheduleFree(settings: ScheduleFreeSettings): Stepper<ScheduleFreeState> {
  const { rate, decay, warmUp } = settle('scheduleFree', settings, scheduleFreeSpec);
  const pace = paceOf(rate, warmUp);
  return {
    name: 'scheduleFree',
    settings: () => ({ rate, decay, warmUp }),
    init: (params) => ({ from: copyOf(params), average: copyOf(params) }),
    numbers: pace,
    update(gradient, { from, average }, params, [gamma, share]) {
      const next = each((z, g) => sub(z, mul(gamma, g)), from, gradient);
      const mean = mixed(average, next, share);
      return [each(sub, mixed(next, mean, decay), params), { from: next, average: mean }];
    },
    rate: (step) => pace(step)[0],
    answer: (state) => state.average as never,
  };
}

/** The same, Adam's second moment, and decoupled weight decay at y. */
export interface ScheduleFreeAdamwState extends ScheduleFreeState {
  readonly second: Tree;
}

/** As for AdamW; the rate is 0.0025 unless given. */
export interface ScheduleFreeAdamwSettings {
  readonly rate?: number | undefined;
  readonly b1?: number | undefined;
  readonly b2?: number | undefined;
  readonly epsilon?: number | undefined;
  /** Decoupled weight decay (0). */
  readonly decay?: number | undefined;
  readonly warmUp?: number | undefined;
}

const scheduleFreeAdamwSpec = {
  rate: positive(0.0025),
  b1: fraction(0.9),
  b2: fraction(0.999),
  epsilon: nonNegative(1e-8),
  decay: nonNegative(0),
  warmUp: wholeNumber(0, 0),
} satisfies Spec<ScheduleFreeAdamwSettings>;

/**
 * AdamW that needs no schedule: as `scheduleFree`, with z ← z − γ(g/(√v̂ + ε) + λy) (Defazio et al., 2024,
 * algorithm 1).
 *
 * ```ts
 * train({ loss, params, data, optimizer: scheduleFreeAdamw({ rate: 0.01 }), epochs: 20 });
 * ```
 */
export function scheduleFreeAdamw(
  settings: ScheduleFreeAdamwSettings = {},
): Stepper<ScheduleFreeAdamwState> {
  const { rate, b1, b2, epsilon, decay, warmUp } = settle(
    'scheduleFreeAdamw',
    settings,
    scheduleFreeAdamwSpec,
  );
  const pace = paceOf(rate, warmUp);
  return {
    name: 'scheduleFreeAdamw',
    settings: () => ({ rate, b1, b2, epsilon, decay, warmUp }),
    init: (params) => ({
      from: copyOf(params),
      average: copyOf(params),
      second: zerosLike(params),
    }),
    numbers: (step) => [...pace(step), Math.sqrt(1 - b2 ** (step + 1))],
    update(gradient, state, params, [gamma, share, root]) {
      const second = averaged(b2, state.second, gradient, 2);
      const scaled = (g: Operand, v: Operand) =>
        where(g, div(g, add(div(sqrt(v), root), epsilon)), 0);
      const direction = each(
        (g, v, w) => add(scaled(g, v), mul(decay, w)),
        gradient,
        second,
        params,
      );
      const next = each((z, u) => sub(z, mul(gamma, u)), state.from, direction);
      const mean = mixed(state.average, next, share);
      return [each(sub, mixed(next, mean, b1), params), { from: next, average: mean, second }];
    },
    rate: (step) => pace(step)[0],
    answer: (state) => state.average as never,
  };
}

/** (1 − share) a + share b */
function mixed(a: Tree, b: Tree, share: Operand): Tree {
  return each((x, y) => add(x, mul(share, sub(y, x))), a, b);
}

/** The rate at a step and the weight c of its point in the average, γ²/Σγ². */
function paceOf(rate: number, warmUp: number): (step: number) => readonly [number, number] {
  const rising = (step: number) => (step < warmUp ? (step + 1) / warmUp : 1);
  return (step) => {
    // Σ (i/w)² for i to k, in closed form, then 1 for every step after.
    const k = Math.min(step + 1, warmUp);
    const risen = warmUp === 0 ? 0 : (k * (k + 1) * (2 * k + 1)) / 6 / (warmUp * warmUp);
    const total = risen + Math.max(0, step + 1 - warmUp);
    return [rate * rising(step), rising(step) ** 2 / total];
  };
}
