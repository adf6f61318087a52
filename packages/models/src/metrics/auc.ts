import { type Numbers, pair, refuseOtherLabels, type Weighted } from './columns.ts';
import { rocCurve } from './roc.ts';

/**
 * Area under the receiver operating characteristic: the share of pairs of a positive and a negative
 * in which the positive has the higher score, a tie counting one half; 1 is perfect, ½ is chance.
 *
 * By ranks, U / (n₁ n₀) (Mann and Whitney, 1947; Hanley and McNeil, 1982), about O(n); any increasing
 * function of the scores gives the same. NaN where a class is absent; throws for a score of NaN.
 *
 * ```ts
 * areaUnderCurve([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]); // 0.75
 * ```
 */
export function areaUnderCurve(scores: Numbers, labels: Numbers, options: Weighted = {}): number {
  const { p, y, n, w } = pair('areaUnderCurve', scores, labels, options);
  if (w !== undefined) return rocCurve(p, y, { weights: w }).area;
  refuseOtherLabels('areaUnderCurve', y);
  for (let i = 0; i < n; i++) {
    if (Number.isNaN(p[i])) throw new RangeError(`areaUnderCurve: score ${i} is not a number`);
  }
  const { ends, sorted, ones: isOne } = binned(p, y);
  // Each positive wins against the negatives below it, and half against those beside it.
  let [wins, positives, negatives] = [0, 0, 0];
  for (let b = 0, from = 0; b < ends.length; from = ends[b++]) {
    const to = ends[b];
    if (to - from > 1) sortRange(sorted, isOne, from, to);
    for (let i = from; i < to; ) {
      const score = sorted[i];
      const start = i;
      let ones = 0;
      for (; i < to && sorted[i] === score; i++) ones += isOne[i];
      const zeros = i - start - ones;
      wins += ones * (negatives + zeros / 2);
      positives += ones;
      negatives += zeros;
    }
  }
  return wins / (positives * negatives);
}

/** Scores with their labels in bins of equal width, in ascending order but for that within a bin. */
interface Binned {
  /** Where each bin ends. */
  readonly ends: Uint32Array;
  readonly sorted: Float64Array;
  readonly ones: Uint8Array;
}

/** As many bins as keep few scores in each, and their ends in a processor's cache. */
function binned(p: ArrayLike<number>, y: ArrayLike<number>): Binned {
  const n = p.length;
  let [low, high] = [p[0], p[0]];
  for (let i = 1; i < n; i++) {
    if (p[i] < low) low = p[i];
    if (p[i] > high) high = p[i];
  }
  const bins = Math.max(1, Math.min(1 << 18, n >> 1));
  const width = bins / (high - low);
  const spread = width < Infinity && width > 0;
  const places = new Uint16Array(n);
  const ends = new Uint32Array(bins);
  for (let i = 0; i < n; i++) {
    const place = spread ? Math.trunc((p[i] - low) * width) : 0;
    const bin = place < bins ? place : bins - 1;
    places[i] = bin;
    ends[bin]++;
  }
  // Where bins begin; each moves to its end as it is filled.
  for (let b = 0, total = 0; b < bins; b++) {
    const count = ends[b];
    ends[b] = total;
    total += count;
  }
  const sorted = new Float64Array(n);
  const ones = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const at = ends[places[i]]++;
    sorted[at] = p[i];
    ones[at] = y[i];
  }
  return { ends, sorted, ones };
}

/** By insertion where there are few, by a typed sort for each label where there are many. */
function sortRange(scores: Float64Array, labels: Uint8Array, from: number, to: number): void {
  if (to - from > 64) {
    const part = (label: number) =>
      scores
        .subarray(from, to)
        .filter((_, i) => labels[from + i] === label)
        .sort();
    const [zeros, ones] = [part(0), part(1)];
    for (let at = from, z = 0, o = 0; at < to; at++) {
      const one = z === zeros.length || (o < ones.length && ones[o] < zeros[z]);
      scores[at] = one ? ones[o++] : zeros[z++];
      labels[at] = one ? 1 : 0;
    }
    return;
  }
  for (let i = from + 1; i < to; i++) {
    const [score, label] = [scores[i], labels[i]];
    let at = i;
    for (; at > from && scores[at - 1] > score; at--) {
      scores[at] = scores[at - 1];
      labels[at] = labels[at - 1];
    }
    scores[at] = score;
    labels[at] = label;
  }
}
