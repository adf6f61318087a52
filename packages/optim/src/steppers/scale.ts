import { type Rate, scheduleOf, show } from '../checks.ts';
import type { Stepper } from '../stepper.ts';
import { times } from '../vectors.ts';
import { stateless } from './part.ts';

/**
 * Multiplies by a fixed factor: u = factor · g. Throws a RangeError unless it is a finite number.
 *
 * ```ts
 * chain(accumulate(0.9), scale(-0.1)); // heavy-ball momentum
 * ```
 */
export function scale(factor: number): Stepper<null> {
  if (!Number.isFinite(factor)) {
    throw new RangeError(`scale: the factor must be a finite number, got ${show(factor)}`);
  }
  return stateless('scale', (gradient) => times(factor, gradient));
}

/** The learning rate of the last step. */
export interface RateState {
  readonly rate: number;
}

/**
 * Walks down: u = −η(t) g, the link that ends most chains and reports their learning rate. Throws a
 * RangeError unless the rate is positive (a schedule's may be 0).
 *
 * ```ts
 * chain(accumulate(0.9), descend(warmUp(constant(0.1), { steps: 100 })));
 * ```
 */
export function descend(rate: Rate): Stepper<RateState> {
  return descent('descend', rate);
}

/** `descend` under the name of the optimizer that it is part of, for its errors. */
export function descent(operation: string, rate: Rate): Stepper<RateState> {
  const schedule = scheduleOf(operation, rate);
  return {
    name: 'descend',
    init: () => ({ rate: schedule(0) }),
    step(gradient, _, _params, at) {
      const rate = schedule(at.step);
      return [times(-rate, gradient), { rate }];
    },
    learningRate: (state) => state.rate,
  };
}
