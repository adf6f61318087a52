import type { Tree } from '@steepest/autodiff';
import { fraction, nonNegative, type Rate } from '../checks.ts';
import { knownOptions } from '../known-options.ts';
import { entrywise, zerosLike } from '../leaves.ts';
import type { Stepper } from '../stepper.ts';
import { chain } from './chain.ts';
import { accumulate, type VelocityState } from './momentum.ts';
import { movingAverage } from './moving-average.ts';
import { named } from './part.ts';
import { descent, type RateState } from './scale.ts';

/** Moving averages of the squared gradients and, if centred, of the gradients. */
export interface MeanSquareState {
  readonly squares: Tree;
  readonly mean: Tree;
}

/**
 * Settings of RMSProp; the defaults are decay 0.99, epsilon 1e-8 outside the root, neither centred
 * nor with momentum.
 */
export interface RmspropSettings {
  readonly decay?: number | undefined;
  readonly epsilon?: number | undefined;
  /** ε under the root, √(s + ε), as in Optax. */
  readonly epsilonInsideRoot?: boolean | undefined;
  /** Divide by the standard deviation: s − m² in the place of s (Graves, 2013). */
  readonly centred?: boolean | undefined;
  /** Where the average of squares starts; 0 unless given. */
  readonly initial?: number | undefined;
}

const rmspropOptions = {
  decay: true,
  epsilon: true,
  epsilonInsideRoot: true,
  centred: true,
  initial: true,
} as const;

/**
 * RMSProp's direction: s ← decay · s + (1 − decay) g², u = g/(√s + ε) (Tieleman & Hinton, 2012).
 *
 * ```ts
 * chain(byRootOfMean({ decay: 0.9 }), descend(0.01)); // rmsprop
 * ```
 */
export function byRootOfMean(settings: RmspropSettings = {}): Stepper<MeanSquareState> {
  knownOptions('byRootOfMean', settings, rmspropOptions);
  const { decay = 0.99, epsilon = 1e-8, centred = false, initial = 0 } = settings;
  const inside = settings.epsilonInsideRoot ? epsilon : 0;
  const outside = settings.epsilonInsideRoot ? 0 : epsilon;
  fraction('rmsprop', 'decay', decay);
  nonNegative('rmsprop', 'epsilon', epsilon);
  nonNegative('rmsprop', 'initial', initial);
  return {
    name: centred ? 'byDeviation' : 'byRootOfMean',
    init: (params) => ({
      squares: entrywise((out) => out.fill(initial), zerosLike(params)),
      mean: centred ? zerosLike(params) : null,
    }),
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
  };
}

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
  settings: { rate?: Rate | undefined; momentum?: number | undefined } & RmspropSettings = {},
): Stepper<readonly [MeanSquareState, VelocityState, RateState]> {
  const known = { rate: true, momentum: true, ...rmspropOptions } as const;
  knownOptions('rmsprop', settings, known, { example: 'rmsprop({ rate: 0.01 })' });
  const { rate = 0.01, momentum = 0, ...squares } = settings;
  return named(
    'rmsprop',
    chain(byRootOfMean(squares), accumulate(momentum), descent('rmsprop', rate)),
  );
}
