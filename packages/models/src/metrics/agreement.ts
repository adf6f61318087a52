import { classCounts } from './classes.ts';
import type { Numbers, Weighted } from './columns.ts';

/**
 * Balanced accuracy, the mean over the classes that occur of the share called rightly: 1 is perfect, one
 * over the number of classes is chance however rare some are (Brodersen and others, 2010).
 *
 * ```ts
 * balancedAccuracy([0, 0, 0, 1], [0, 0, 1, 1]); // (1 + 1/2) / 2
 * ```
 */
export function balancedAccuracy(
  predicted: Numbers,
  actual: Numbers,
  options: Weighted = {},
): number {
  const { right, occurred } = classCounts('balancedAccuracy', predicted, actual, options);
  const recalls = right.flatMap((count, k) => (occurred[k] > 0 ? [count / occurred[k]] : []));
  return recalls.reduce((a, b) => a + b, 0) / recalls.length;
}

/**
 * Matthews' correlation of called with true labels (1975), for several classes Gorodkin's R_K (2004): 1 is
 * perfect, 0 is chance, −1 all wrong of two. NaN where all rows are called, or are, of one class.
 *
 * ```ts
 * matthewsCorrelation([0, 1, 1, 1], [0, 0, 1, 1]); // 0.5773…
 * ```
 */
export function matthewsCorrelation(
  predicted: Numbers,
  actual: Numbers,
  options: Weighted = {},
): number {
  const { right, called, occurred, total } = classCounts(
    'matthewsCorrelation',
    predicted,
    actual,
    options,
  );
  // In shares of the total, so that no product overflows.
  const sum = (term: (k: number) => number) => right.reduce((all, _, k) => all + term(k), 0);
  const both =
    sum((k) => right[k]) / total - sum((k) => (called[k] / total) * (occurred[k] / total));
  const ofCalled = 1 - sum((k) => (called[k] / total) ** 2);
  const ofOccurred = 1 - sum((k) => (occurred[k] / total) ** 2);
  const one = (counts: readonly number[]) => counts.filter((count) => count > 0).length < 2;
  return one(called) || one(occurred) ? Number.NaN : both / Math.sqrt(ofCalled * ofOccurred);
}
