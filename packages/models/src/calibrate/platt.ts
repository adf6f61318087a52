import { type Numbers, pair, refuseOtherLabels, type Weighted } from '../metrics/columns.ts';
import type { Platt } from './calibrator.ts';

/**
 * Platt's sigmoid through scores (log-odds, margins, probabilities) of rows that the model did not learn
 * from. Against overconfidence its targets are (n₁ + 1)/(n₁ + 2) for the ones and 1/(n₀ + 2) for the zeros
 * instead of 1 and 0 (Platt, 1999); Newton's method with halved steps, as Lin, Lin and Weng (2007) mend it.
 * Throws where the labels are all alike, for scores that are all alike, and for infinite ones.
 *
 * ```ts
 * const { heldOut } = await crossValidate(problem, train);
 * const calibrator = platt(heldOut.predicted, heldOut.y);
 * ```
 */
export function platt(scores: Numbers, labels: Numbers, options: Weighted = {}): Platt {
  const { p: f, y, n, w } = pair('platt', scores, labels, options);
  refuseOtherLabels('platt', y);
  const counts = [0, 0];
  let [low, high, total, mean] = [Infinity, -Infinity, 0, 0];
  for (let i = 0; i < n; i++) {
    if (!Number.isFinite(f[i])) {
      throw new RangeError(`platt: score ${i} is ${f[i]}, expected a finite number`);
    }
    const weight = w?.[i] ?? 1;
    if (weight === 0) continue;
    counts[y[i]] += weight;
    low = Math.min(low, f[i]);
    high = Math.max(high, f[i]);
    total += weight;
    mean += (weight * (f[i] - mean)) / total;
  }
  const [zeros, ones] = counts;
  if (zeros === 0 || ones === 0) {
    throw new RangeError(`platt: all labels are ${zeros === 0 ? 1 : 0}; there must be both`);
  }
  if (low === high) throw new RangeError(`platt: all scores are ${low}; they tell nothing apart`);
  const targets = [1 / (zeros + 2), (ones + 1) / (ones + 2)];
  // Scores about 0 and within 1: the same minimum, whatever their units.
  const unit = Math.max(high - mean, mean - low);
  const rows: Rows = {
    z: Float64Array.from({ length: n }, (_, i) => (f[i] - mean) / unit),
    t: Float64Array.from({ length: n }, (_, i) => targets[y[i]]),
    w: Float64Array.from({ length: n }, (_, i) => (w?.[i] ?? 1) / total),
  };
  const [b, a] = minimized(rows, Math.log((ones + 1) / (zeros + 1)));
  return { kind: 'platt', slope: a / unit, intercept: b - (a * mean) / unit };
}

interface Rows {
  readonly z: Float64Array;
  readonly t: Float64Array;
  readonly w: Float64Array;
}

/** b and a of the least Σ w [log(1 + e^(az + b)) − t (az + b)], which is convex and has a minimum. */
function minimized(rows: Rows, start: number): readonly [b: number, a: number] {
  let [b, a] = [start, 0];
  let value = lossAt(rows, b, a);
  for (let step = 0; step < 100; step++) {
    const { z, t, w } = rows;
    let [gb, ga, hbb, hba, haa] = [0, 0, 0, 0, 0];
    for (let i = 0; i < z.length; i++) {
      const p = 1 / (1 + Math.exp(-(a * z[i] + b)));
      const slope = w[i] * (p - t[i]);
      const curvature = w[i] * p * (1 - p);
      gb += slope;
      ga += slope * z[i];
      hbb += curvature;
      hba += curvature * z[i];
      haa += curvature * z[i] * z[i];
    }
    const determinant = hbb * haa - hba * hba;
    const db = (haa * gb - hba * ga) / determinant;
    const da = (hbb * ga - hba * gb) / determinant;
    const decrement = gb * db + ga * da;
    if (!(decrement > 1e-30)) break;
    let length = 1;
    let next = lossAt(rows, b - db, a - da);
    while (next > value - 1e-4 * length * decrement && length > 1e-10 && decrement > 1e-14) {
      length /= 2;
      next = lossAt(rows, b - length * db, a - length * da);
    }
    [b, a, value] = [b - length * db, a - length * da, next];
  }
  return [b, a];
}

function lossAt({ z, t, w }: Rows, b: number, a: number): number {
  let sum = 0;
  for (let i = 0; i < z.length; i++) {
    const s = a * z[i] + b;
    sum += w[i] * (Math.max(s, 0) + Math.log1p(Math.exp(-Math.abs(s))) - t[i] * s);
  }
  return sum;
}
