import type { Tree } from '@steepest/autodiff';
import { wholeNumber } from '../checks.ts';
import { zerosLike } from '../leaves.ts';
import { type Point, type Stepper, takeStep } from '../stepper.ts';
import { plus, times } from '../vectors.ts';

/** The sum of the gradients since the last update, and the inner stepper's state. */
export interface AccumulatedState<S> {
  readonly updates: number;
  readonly count: number;
  readonly sum: Tree;
  readonly inner: S;
}

/**
 * Steps once for every `every` gradients, along their mean: `every` minibatches act as one large
 * one. In between the change is 0; the inner stepper counts its own steps, so schedules do too.
 *
 * ```ts
 * accumulateGradients(4, adam({ rate: 0.001 }));
 * ```
 */
export function accumulateGradients<S>(
  every: number,
  stepper: Stepper<S>,
): Stepper<AccumulatedState<S>> {
  wholeNumber('accumulateGradients', 'every', every);
  return {
    name: `accumulateGradients(${every}, ${stepper.name})`,
    init: (params) => ({
      updates: 0,
      count: 0,
      sum: zerosLike(params),
      inner: stepper.init(params),
    }),
    step<P>(gradient: P, state: AccumulatedState<S>, params: P, at: Point<P>) {
      const sum = plus(gradient, state.sum);
      const count = state.count + 1;
      if (count < every) return [zerosLike(gradient), { ...state, count, sum }];
      const mean = times(1 / every, sum);
      const { updates } = state;
      const [change, inner] = takeStep(stepper, mean, state.inner, params, {
        step: updates,
        value: at.value,
        gradient: mean,
        evaluate: (p) => at.evaluate(p),
        valueAt: (p) => at.valueAt(p),
      });
      return [change, { updates: updates + 1, count: 0, sum: zerosLike(gradient), inner }];
    },
    learningRate: (state) => stepper.learningRate?.(state.inner),
    answer: (state, params) => stepper.answer?.(state.inner, params) ?? params,
  };
}
