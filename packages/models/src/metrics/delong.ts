import { settle } from '@steepest/ground';
import { levelOption } from '../inference/level.ts';
import { twoSidedQuantile } from '../inference/tails.ts';
import { type Numbers, pair, refuseOtherLabels } from './columns.ts';
import type { Interval, LevelOptions } from './interval.ts';

/** An area under the curve, with the standard error of DeLong and others. */
export interface AreaInterval extends Interval {
  readonly standardError: number;
}

/**
 * An interval for the area under the ROC curve, by the variance of the placements of ones among zeros and
 * of zeros among ones (DeLong, DeLong and Clarke-Pearson, 1988; by ranks, Sun and Xu, 2014): O(n log n).
 * Where estimate ± error leaves [0, 1] it is cut there. Throws where a class has fewer than two rows.
 *
 * ```ts
 * const { estimate, low, high } = areaInterval([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]);
 * ```
 */
export function areaInterval(
  scores: Numbers,
  labels: Numbers,
  options: LevelOptions = {},
): AreaInterval {
  const { level: wanted } = settle('areaInterval', options, {
    level: levelOption,
  });
  const { p, y, n } = pair('areaInterval', scores, labels);
  refuseOtherLabels('areaInterval', y);
  const of = (label: number) => {
    const own = new Float64Array(n);
    let count = 0;
    for (let i = 0; i < n; i++) if (y[i] === label) own[count++] = p[i];
    return own.subarray(0, count).sort();
  };
  const [zeros, ones] = [of(0), of(1)];
  if (zeros.length < 2 || ones.length < 2) {
    throw new RangeError(
      `areaInterval: there are ${ones.length} rows of 1 and ${zeros.length} of 0; an error needs two of each`,
    );
  }
  for (const own of [zeros, ones]) {
    // a typed sort puts NaN last
    if (Number.isNaN(own[own.length - 1])) {
      throw new RangeError('areaInterval: a score is not a number');
    }
  }
  const below = placements(ones, zeros);
  const above = placements(zeros, ones).map((share) => 1 - share);
  const estimate = below.reduce((a, b) => a + b, 0) / ones.length;
  const standardError = Math.sqrt(
    variance(below, estimate) / ones.length + variance(above, estimate) / zeros.length,
  );
  const half = twoSidedQuantile(wanted, Infinity) * standardError;
  return {
    estimate,
    low: Math.max(0, estimate - half),
    high: Math.min(1, estimate + half),
    level: wanted,
    method: 'DeLong',
    standardError,
  };
}

/** For each of `own`, the share of `others` below it, a tie counting one half; both ascending. */
function placements(own: Float64Array, others: Float64Array): Float64Array {
  let [below, atMost] = [0, 0];
  return own.map((score) => {
    while (below < others.length && others[below] < score) below++;
    while (atMost < others.length && others[atMost] <= score) atMost++;
    return (below + atMost) / 2 / others.length;
  });
}

function variance(x: Float64Array, mean: number): number {
  return x.reduce((total, value) => total + (value - mean) ** 2, 0) / (x.length - 1);
}
