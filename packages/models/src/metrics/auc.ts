import { type Numbers, pair, refuseOtherLabels } from './columns.ts';

/**
 * Area under the receiver operating characteristic: the share of pairs of a positive and a negative
 * in which the positive has the higher score, a tie counting one half; 1 is perfect, ½ is chance.
 *
 * By ranks, U / (n₁ n₀) (Mann and Whitney, 1947; Hanley and McNeil, 1982), O(n log n); any increasing
 * function of the scores gives the same. NaN where a class is absent; throws for a score of NaN.
 *
 * ```ts
 * areaUnderCurve([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]); // 0.75
 * ```
 */
export function areaUnderCurve(scores: Numbers, labels: Numbers): number {
  const { p, y, n } = pair('areaUnderCurve', scores, labels);
  refuseOtherLabels('areaUnderCurve', y);
  for (let i = 0; i < n; i++) {
    if (Number.isNaN(p[i])) throw new RangeError(`areaUnderCurve: score ${i} is not a number`);
  }
  const sorted = ascending(p, y);
  // Each positive wins against the negatives below it, and half against those beside it.
  let [wins, positives, negatives] = [0, 0, 0];
  for (let i = 0; i < n; ) {
    const start = i;
    let ones = 0;
    for (; i < n && sorted.scores[i] === sorted.scores[start]; i++) ones += sorted.labels[i];
    const zeros = i - start - ones;
    wins += ones * (negatives + zeros / 2);
    positives += ones;
    negatives += zeros;
  }
  return wins / (positives * negatives);
}

/**
 * The scores in ascending order, each with its label: put into n/2 bins of equal width first, which keeps
 * their order, then sorted within each bin, which holds few. Linear, unless scores crowd together.
 */
function ascending(
  p: ArrayLike<number>,
  y: ArrayLike<number>,
): { readonly scores: Float64Array; readonly labels: Uint8Array } {
  const n = p.length;
  let [low, high] = [p[0], p[0]];
  for (let i = 1; i < n; i++) {
    if (p[i] < low) low = p[i];
    if (p[i] > high) high = p[i];
  }
  const bins = Math.max(1, n >> 1);
  const width = bins / (high - low);
  const binOf = (score: number) =>
    width < Infinity && width > 0 ? Math.min(bins - 1, Math.floor((score - low) * width)) : 0;
  const ends = new Uint32Array(bins + 1);
  for (let i = 0; i < n; i++) ends[binOf(p[i]) + 1]++;
  for (let b = 1; b <= bins; b++) ends[b] += ends[b - 1];
  const next = ends.slice();
  const scores = new Float64Array(n);
  const labels = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const at = next[binOf(p[i])]++;
    scores[at] = p[i];
    labels[at] = y[i];
  }
  for (let b = 0; b < bins; b++) sortRange(scores, labels, ends[b], ends[b + 1]);
  return { scores, labels };
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
