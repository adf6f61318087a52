import type { Asking } from '@steepest/ground';
import type { Factor } from './factor.ts';
import type { Objective, Slope } from './objective.ts';

/** Newton's step at a point, and what it says of the distance to the minimum. */
export interface NewtonStep {
  readonly step: Float64Array;
  /** Half the squared Newton decrement, ½ gᵀH⁻¹g: an estimate of f − min f. */
  readonly decrement: number;
  /** By how much the step moves the score of the row that it moves most. */
  readonly farthest: number;
  /** What solved for the step; undefined beyond some hundred coordinates. */
  readonly factor: Factor | undefined;
  /** Directions without any curvature. */
  readonly flat: number;
}

/** Beyond so many coordinates the curvature is not laid out: steps come from conjugate gradients. */
export const mostLaidOut = 300;

/** The step by a factor that is at hand; it may be that of a point near by. */
export function* stepBy(
  objective: Objective,
  factor: Factor,
  { gradient }: Slope,
): Asking<NewtonStep> {
  const step = factor.solve(gradient).map((value) => -value);
  return {
    step,
    decrement: factor.square(gradient) / 2,
    farthest: yield* objective.farthest(step),
    factor,
    flat: factor.flat,
  };
}

/**
 * The step by conjugate gradients on products H v (Hestenes and Stiefel, 1952): within the range of H,
 * until the residual is 1e-4 of the gradient, or 2 p rounds. Preconditioned by the curvature of each
 * score by itself where that is at hand, both lengths are measured by it.
 */
export function* stepByProducts(
  objective: Pick<Objective, 'along' | 'farthest'>,
  theta: Float64Array,
  { gradient }: Slope,
  tolerance = 1e-4,
  solved: (v: Float64Array) => Float64Array = (v) => v,
): Asking<NewtonStep> {
  const p = gradient.length;
  const step = new Float64Array(p);
  const residual = gradient.map((value) => -value);
  let direction = solved(residual).slice();
  let square = dot(residual, direction);
  const goal = tolerance ** 2 * square;
  let flat = 0;
  for (let round = 0; round < 2 * p && square > goal; round++) {
    const product = yield* objective.along(theta, direction);
    const curvature = dot(direction, product);
    if (!(curvature > 0)) {
      flat = 1;
      break;
    }
    const rate = square / curvature;
    for (let k = 0; k < p; k++) {
      step[k] += rate * direction[k];
      residual[k] -= rate * product[k];
    }
    const turned = solved(residual);
    const next = dot(residual, turned);
    direction = direction.map((value, k) => turned[k] + (next / square) * value);
    square = next;
  }
  return {
    step,
    decrement: -dot(gradient, step) / 2,
    farthest: yield* objective.farthest(step),
    factor: undefined,
    flat,
  };
}

/** The slope at theta and Newton's step there, by the way that suits the size. */
export function* newtonStep(
  objective: Objective,
  theta: Float64Array,
): Asking<{ readonly at: Slope; readonly step: NewtonStep }> {
  const factor = objective.size <= mostLaidOut ? yield* objective.factor(theta) : undefined;
  const at = yield* objective.at(theta);
  const step = yield* factor === undefined
    ? stepByProducts(objective, theta, at)
    : stepBy(objective, factor, at);
  return { at, step };
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}
