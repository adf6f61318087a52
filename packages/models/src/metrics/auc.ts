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
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) =>
    p[a] < p[b] ? -1 : p[a] > p[b] ? 1 : 0,
  );
  let positives = 0;
  let rankSum = 0;
  for (let start = 0; start < n; ) {
    let end = start + 1;
    while (end < n && p[order[end]] === p[order[start]]) end++;
    const rank = (start + 1 + end) / 2; // ties share the mean of their ranks start + 1 … end
    for (let k = start; k < end; k++) {
      if (y[order[k]] === 1) {
        positives++;
        rankSum += rank;
      }
    }
    start = end;
  }
  const pairs = positives * (n - positives);
  return pairs === 0 ? Number.NaN : (rankSum - (positives * (positives + 1)) / 2) / pairs;
}
