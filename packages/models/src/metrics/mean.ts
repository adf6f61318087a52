import type { Pair } from './columns.ts';

/** What a row's prediction and outcome cost: a metric is its mean, and its spread the mean's error. */
export type RowLoss = (predicted: number, actual: number) => number;

/** Σ w loss / Σ w over the rows; w is 1 where none are given. */
export function meanOf(loss: RowLoss, { p, y, n, w }: Pair): number {
  let total = 0;
  if (w === undefined) {
    for (let i = 0; i < n; i++) total += loss(p[i], y[i]);
    return total / n;
  }
  let all = 0;
  for (let i = 0; i < n; i++) {
    // 0 · ∞ would be NaN, and a row of weight 0 is not there.
    if (w[i] > 0) total += w[i] * loss(p[i], y[i]);
    all += w[i];
  }
  return total / all;
}
