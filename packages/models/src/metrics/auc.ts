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
  const ones = sorted(p, y, 1);
  const zeros = sorted(p, y, 0);
  // For each positive, the negatives below it, and half of those beside it.
  let wins = 0;
  let below = 0;
  for (let i = 0; i < ones.length; ) {
    while (below < zeros.length && zeros[below] < ones[i]) below++;
    let beside = below;
    while (beside < zeros.length && zeros[beside] === ones[i]) beside++;
    const start = i;
    while (i < ones.length && ones[i] === ones[start]) i++;
    wins += (i - start) * (below + (beside - below) / 2);
    below = beside;
  }
  return wins / (ones.length * zeros.length);
}

/** The scores of one label, ascending. */
function sorted(p: ArrayLike<number>, y: ArrayLike<number>, label: number): Float64Array {
  const scores = new Float64Array(p.length);
  let count = 0;
  for (let i = 0; i < p.length; i++) if (y[i] === label) scores[count++] = p[i];
  return scores.subarray(0, count).sort();
}
