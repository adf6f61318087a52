import type { Tree } from '@steepest/autodiff';
import type { Point, Stepper } from '../../src/index.ts';
import { takeStep } from '../../src/take-step.ts';
import { norm, plus } from '../../src/vectors.ts';

/** A point for steppers that only look at the step's number and the gradient. */
export function pointAt<P>(step: number, gradient: P): Point<P> {
  return { step, value: norm(gradient), gradient };
}

/** The parameters after each of the given gradients, and the last state. */
export function trajectory<S, P extends Tree>(
  stepper: Stepper<S>,
  start: P,
  gradients: readonly P[],
): { after: P[]; state: S } {
  let params = start;
  let state = stepper.init(params);
  const after = gradients.map((gradient, step) => {
    const [change, next] = takeStep(stepper, gradient, state, params, pointAt(step, gradient));
    state = next;
    params = plus(params, change);
    return params;
  });
  return { after, state };
}
