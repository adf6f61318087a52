import {
  add,
  div,
  maximum,
  mul,
  type Operand,
  sqrt,
  sub,
  type Tree,
  where,
} from '@steepest/autodiff';
import { boolean, fraction, nonNegative, type Spec, settle } from '@steepest/ground';
import { entrywise, zerosLike } from '../leaves.ts';
import { type Rate, rateOr } from '../rate.ts';
import type { Stepper } from '../stepper.ts';
import { chain } from './chain.ts';
import { each } from './each.ts';
import { accumulate, type VelocityState } from './momentum.ts';
import { averaged, movingAverage } from './moving-average.ts';
import { named } from './part.ts';
import { descent } from './scale.ts';

/** Moving averages of the squared gradients and, if centred, of the gradients. */
export interface MeanSquareState {
  readonly squares: Tree;
  readonly mean: Tree;
}

/**
 * Settings of the mean of squares; the defaults are decay 0.99, epsilon 1e-8 outside the root, not
 * centred.
 */
export interface MeanSquareSettings {
  readonly decay?: number | undefined;
  readonly epsilon?: number | undefined;
  /** ε under the root, √(s + ε), as in Optax. */
  readonly epsilonInsideRoot?: boolean | undefined;
  /** Divide by the standard deviation: s − m² in the place of s (Graves, 2013). */
  readonly centred?: boolean | undefined;
  /** Where the average of squares starts; 0 unless given. */
  readonly initial?: number | undefined;
}

const meanSquareSpec = {
  decay: fraction(0.99),
  epsilon: nonNegative(1e-8),
  epsilonInsideRoot: boolean(false),
  centred: boolean(false),
  initial: nonNegative(0),
} satisfies Spec<MeanSquareSettings>;

/**
 * RMSProp's direction: s ← decay · s + (1 − decay) g², u = g/(√s + ε) (Tieleman & Hinton, 2012).
 *
 * ```ts
 * chain(byRootOfMean({ decay: 0.9 }), descend(0.01)); // rmsprop
 * ```
 */
export function byRootOfMean(settings: MeanSquareSettings = {}): Stepper<MeanSquareState> {
  return rootOfMean('byRootOfMean', settings);
}

function rootOfMean(operation: string, settings: MeanSquareSettings): Stepper<MeanSquareState> {
  const settled = settle(operation, settings, meanSquareSpec);
  const { decay, epsilon, epsilonInsideRoot, centred, initial } = settled;
  const inside = epsilonInsideRoot ? epsilon : 0;
  const outside = epsilonInsideRoot ? 0 : epsilon;
  const sizeOf = (variance: Operand) => add(sqrt(add(variance, inside)), outside);
  const sizes = (squares: Tree, mean: Tree) =>
    centred
      ? each((s, m) => sizeOf(maximum(sub(s, mul(m, m)), 0)), squares, mean)
      : each(sizeOf, squares);
  return {
    name: centred ? 'byDeviation' : 'byRootOfMean',
    kind: 'direction',
    settings: () => ({ ...settled }),
    init: (params) => ({
      squares: entrywise((out) => out.fill(initial), params),
      mean: centred ? zerosLike(params) : null,
    }),
    update(gradient, state) {
      const squares = averaged(decay, state.squares, gradient, 2);
      const mean = centred ? averaged(decay, state.mean, gradient, 1) : null;
      const ratio = (g: Operand, size: Operand) => where(g, div(g, size), 0);
      return [each(ratio, gradient, sizes(squares, mean)), { squares, mean }];
    },
    step(gradient, state) {
      const squares = movingAverage(decay, state.squares, gradient, 2);
      const mean = centred ? movingAverage(decay, state.mean, gradient, 1) : null;
      const direction = entrywise(
        (out, g, s, m) => {
          for (let i = 0; i < out.length; i++) {
            const variance = centred ? Math.max(s[i] - m[i] * m[i], 0) : s[i];
            const size = Math.sqrt(variance + inside) + outside;
            out[i] = g[i] === 0 ? 0 : g[i] / size;
          }
        },
        gradient,
        squares,
        mean ?? undefined,
      );
      return [direction, { squares, mean }];
    },
    metric: ({ squares, mean }) => each((size) => div(1, size), sizes(squares, mean)),
  };
}

/** A learning rate (0.01), a decaying sum of the directions (0: none), and the mean of squares. */
export interface RmspropSettings extends MeanSquareSettings {
  readonly rate?: Rate | undefined;
  readonly momentum?: number | undefined;
}

const rmspropSpec = {
  rate: rateOr(0.01),
  momentum: fraction(0),
  ...meanSquareSpec,
} satisfies Spec<RmspropSettings>;

/**
 * RMSProp: s ← decay · s + (1 − decay) g², w ← w − η g/(√s + ε) (Tieleman & Hinton, 2012; PyTorch's
 * convention, whose `momentum` m adds v ← m v + g/(√s + ε), w ← w − η v). The rate is 0.01 unless
 * given.
 *
 * ```ts
 * rmsprop({ rate: 0.001, momentum: 0.9 });
 * ```
 */
export function rmsprop(
  settings: RmspropSettings = {},
): Stepper<readonly [MeanSquareState, VelocityState, null]> {
  const { rate, momentum, ...rest } = settle('rmsprop', settings, rmspropSpec, {
    foreign: {
      alpha: 'did you mean decay?',
      centered: 'did you mean centred?',
      weightDecay: 'put the decay before it: chain(decayWeights(0.001), rmsprop())',
    },
  });
  return named(
    'rmsprop',
    chain(rootOfMean('rmsprop', rest), accumulate(momentum), descent('rmsprop', rate)),
  );
}
