import type { Estimation } from './estimation.ts';
import { dot, type Maximum, maximum, times } from './maximum.ts';
import { sizeOf } from './sample.ts';
import { chiSquareQuantile } from './tails.ts';

/**
 * The bounds of each reported coefficient where twice the logarithm of the likelihood, the others at
 * their best, has fallen by the χ² quantile of one degree of freedom (Venables and Ripley, Modern
 * Applied Statistics with S, 7.2). By secants on the signed root of that fall, which is nearly linear.
 */
export function profileIntervals(
  operation: string,
  estimation: Estimation,
  level: number,
): (readonly [number, number])[] {
  const size = sizeOf(estimation.sample);
  const { theta } = estimation.maximum;
  const root = Math.sqrt(chiSquareQuantile(level, 1));
  return Array.from(theta, (_, at) => {
    const direction = new Float64Array(theta.length);
    const from = at - (at % size);
    for (let k = 0; k < size; k++) {
      direction[from + k] = estimation.units.change.data[(at % size) * size + k];
    }
    return [
      bound(operation, estimation, direction, -root),
      bound(operation, estimation, direction, root),
    ] as const;
  });
}

function bound(
  operation: string,
  { sample, maximum: best }: Estimation,
  direction: Float64Array,
  goal: number,
): number {
  const error = Math.sqrt(dot(direction, times(best.inverse, direction)));
  const estimate = dot(direction, best.theta);
  let near: Maximum = best;
  const rootAt = (value: number) => {
    near = maximum(operation, sample, near.theta, { direction, value });
    return Math.sign(value - estimate) * Math.sqrt(Math.max(0, 2 * (near.loss - best.loss)));
  };
  let [before, rootBefore] = [estimate, 0];
  let value = estimate + goal * error;
  for (let round = 0; round < 60; round++) {
    const root = rootAt(value);
    const off = root - goal;
    if (Math.abs(off) <= 1e-12 * Math.abs(goal)) return value;
    const slope = (root - rootBefore) / (value - before);
    if (!(slope > 0)) break;
    // Far out a likelihood can level off: one step never goes farther than three errors.
    const step = Math.sign(-off) * Math.min(Math.abs(off / slope), 3 * error);
    if (Math.abs(step) <= 1e-14 * Math.abs(value)) return value;
    [before, rootBefore] = [value, root];
    value += step;
  }
  throw new RangeError(
    `${operation}: a coefficient's profile has no bound that could be found within 60 rounds; ask for intervals: 'wald'`,
  );
}
