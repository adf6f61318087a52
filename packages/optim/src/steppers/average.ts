import type { Tree } from '@steepest/autodiff';
import { fraction, wholeNumber } from '../checks.ts';
import { knownOptions } from '../known-options.ts';
import { copyOf, entrywise, zerosLike } from '../leaves.ts';
import type { Point, Stepper } from '../stepper.ts';
import { plus, times } from '../vectors.ts';
import { movingAverage } from './moving-average.ts';

/** An average of parameters, and how many went into it. */
export interface AverageState {
  readonly count: number;
  readonly average: Tree;
}

/**
 * Polyak–Ruppert averaging: the answer is the mean of the parameters after each step, w̄ₜ = w̄ₜ₋₁ +
 * (wₜ − w̄ₜ₋₁)/t, counted from step `from` (Polyak & Juditsky, 1992). The last link of a chain; the
 * change passes through, and training, validation and the result hand out the average.
 *
 * ```ts
 * chain(sgd({ rate: inverseSqrt(0.1) }), polyakAverage({ from: 1000 }));
 * ```
 */
export function polyakAverage(settings: { from?: number | undefined } = {}): Stepper<AverageState> {
  const example = 'polyakAverage({ from: 100 })';
  knownOptions('polyakAverage', settings, { from: true }, { example });
  const from = wholeNumber('polyakAverage', 'from', settings.from ?? 0, 0);
  return {
    name: 'polyakAverage',
    init: (params) => ({ count: 0, average: copyOf(params) }),
    step<P>(change: P, state: AverageState, params: P, at: Point<P>) {
      if (at.step < from) return [change, state];
      const count = state.count + 1;
      const average = entrywise(
        (out, mean, w) => {
          for (let i = 0; i < out.length; i++) out[i] = mean[i] + (w[i] - mean[i]) / count;
        },
        state.average,
        plus(params, change),
      );
      return [change, { count, average }];
    },
    answer: (state, params) => (state.count === 0 ? params : (state.average as typeof params)),
  };
}

/**
 * The exponential moving average of the parameters: the answer is a ← decay · a + (1 − decay) w,
 * starting from the initial parameters, or from 0 and divided by 1 − decayᵗ with `correct: true`.
 * The last link of a chain, as `polyakAverage`.
 *
 * ```ts
 * chain(adam({ rate: 0.001 }), exponentialAverage(0.999));
 * ```
 */
export function exponentialAverage(
  decay: number,
  settings: { correct?: boolean | undefined } = {},
): Stepper<AverageState> {
  fraction('exponentialAverage', 'decay', decay);
  knownOptions('exponentialAverage', settings, { correct: true });
  const { correct = false } = settings;
  return {
    name: correct ? 'exponentialAverageCorrected' : 'exponentialAverage',
    init: (params) => ({ count: 0, average: correct ? zerosLike(params) : copyOf(params) }),
    step<P>(change: P, state: AverageState, params: P) {
      const average = movingAverage(decay, state.average, plus(params, change), 1);
      return [change, { count: state.count + 1, average }];
    },
    answer<P>(state: AverageState, params: P): P {
      if (state.count === 0) return params;
      const average = state.average as P;
      return correct ? times(1 / (1 - decay ** state.count), average) : average;
    },
  };
}
