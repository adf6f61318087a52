import { mul, neg } from '@steepest/autodiff';
import { argument, finite, required } from '@steepest/ground';
import { type Rate, rateOption, scheduleOf } from '../rate.ts';
import type { Stepper } from '../stepper.ts';
import { times } from '../vectors.ts';
import { each } from './each.ts';

/**
 * Multiplies by a fixed factor: u = factor · g. A negative factor goes down and makes the change, as
 * `descend` does; a positive one makes another direction. Throws a RangeError unless it is a finite
 * number.
 *
 * ```ts
 * chain(accumulate(0.9), scale(-0.1)); // heavy-ball momentum
 * ```
 */
export function scale(factor: number): Stepper<null> {
  argument('scale', 'factor', factor, required(finite(-0.1)));
  return {
    name: 'scale',
    kind: factor < 0 ? 'descent' : 'direction',
    settings: () => ({ factor }),
    init: () => null,
    update: (gradient, state) => [each((g) => mul(factor, g), gradient), state],
    step: (gradient, state) => [times(factor, gradient), state],
    metric: () => Math.abs(factor),
  };
}

/**
 * Walks down: u = −η(t) g, the link that makes the change of most chains, at their learning rate.
 * Throws a RangeError unless the rate is positive (a schedule's may be 0).
 *
 * ```ts
 * chain(accumulate(0.9), descend(warmUp(constant(0.1), { steps: 100 })));
 * ```
 */
export function descend(rate: Rate): Stepper<null> {
  argument('descend', 'rate', rate, required(rateOption));
  return descent('descend', rate);
}

/** `descend` under the name of the optimizer that it is part of, for its errors. */
export function descent(operation: string, rate: Rate): Stepper<null> {
  const schedule = scheduleOf(operation, rate);
  return {
    name: 'descend',
    kind: 'descent',
    init: () => null,
    numbers: (step) => [schedule(step)],
    update: (gradient, state, _params, [eta]) => {
      const factor = neg(eta);
      return [each((g) => mul(factor, g), gradient), state];
    },
    step: (gradient, state, _params, at) => [times(-schedule(at.step), gradient), state],
    metric: (_state, [eta]) => eta,
    rate: schedule,
  };
}
