import { add, div, type Operand, sub, type Tree, where } from '@steepest/autodiff';
import {
  argument,
  boolean,
  fraction,
  required,
  type Spec,
  settle,
  wholeNumber,
} from '@steepest/ground';
import { copyOf, entrywise, zerosLike } from '../leaves.ts';
import type { Point, Stepper } from '../stepper.ts';
import { plus, times } from '../vectors.ts';
import { each } from './each.ts';
import { averaged, movingAverage } from './moving-average.ts';

/** An average of parameters, and how many went into it. */
export interface AverageState {
  readonly count: number;
  readonly average: Tree;
}

/** The step from which on parameters are averaged; 0 unless given. */
export interface PolyakAverageSettings {
  readonly from?: number | undefined;
}

const polyakSpec = { from: wholeNumber(0, 0) } satisfies Spec<PolyakAverageSettings>;

/**
 * Polyak–Ruppert averaging: the answer is the mean of the parameters after each step, w̄ₜ = w̄ₜ₋₁ +
 * (wₜ − w̄ₜ₋₁)/t, counted from step `from` (Polyak & Juditsky, 1992). The last link of a chain; the
 * change passes through, and training, validation and the result hand out the average.
 *
 * ```ts
 * chain(sgd({ rate: inverseSqrt(0.1) }), polyakAverage({ from: 1000 }));
 * ```
 */
export function polyakAverage(settings: PolyakAverageSettings = {}): Stepper<AverageState> {
  const { from } = settle('polyakAverage', settings, polyakSpec);
  return {
    name: 'polyakAverage',
    kind: 'after',
    settings: () => ({ from }),
    init: (params) => ({ count: 0, average: copyOf(params) }),
    numbers: (step) => [Math.max(0, step + 1 - from)],
    update(change, { average }, params, [count]) {
      const next = (mean: Operand, w: Operand, u: Operand) =>
        where(count, add(mean, div(sub(add(w, u), mean), count)), mean);
      return [change, { count, average: each(next, average, params, change) }];
    },
    step<P>(change: P, state: AverageState, params: P, at: Point<P>) {
      const count = at.step + 1 - from;
      if (count <= 0) return [change, state];
      const average = entrywise(
        (out, mean, w, u) => {
          for (let i = 0; i < out.length; i++) out[i] = mean[i] + (w[i] + u[i] - mean[i]) / count;
        },
        state.average,
        params,
        change,
      );
      return [change, { count, average }];
    },
    answer: (state, params) => (state.count === 0 ? params : (state.average as typeof params)),
  };
}

/** Whether the average starts from 0 and is corrected for it; false unless given. */
export interface ExponentialAverageSettings {
  readonly correct?: boolean | undefined;
}

const exponentialSpec = { correct: boolean(false) } satisfies Spec<ExponentialAverageSettings>;

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
  settings: ExponentialAverageSettings = {},
): Stepper<AverageState> {
  argument('exponentialAverage', 'decay', decay, required(fraction(0.99)));
  const { correct } = settle('exponentialAverage', settings, exponentialSpec);
  return {
    name: correct ? 'exponentialAverageCorrected' : 'exponentialAverage',
    kind: 'after',
    settings: () => ({ decay, correct }),
    init: (params) => ({ count: 0, average: correct ? zerosLike(params) : copyOf(params) }),
    numbers: (step) => [step + 1],
    update: (change, { average }, params, [count]) => [
      change,
      { count, average: averaged(decay, average, each(add, params, change), 1) },
    ],
    step<P>(change: P, state: AverageState, params: P, at: Point<P>) {
      const average = movingAverage(decay, state.average, plus(params, change), 1);
      return [change, { count: at.step + 1, average }];
    },
    answer<P>(state: AverageState, params: P): P {
      if (state.count === 0) return params;
      const average = state.average as P;
      return correct ? times(1 / (1 - decay ** state.count), average) : average;
    },
  };
}
