import type { Numbers, Weighted } from './columns.ts';
import { ranking } from './ranking.ts';

/** A point for each distinct score, from (0, 0), where nothing is called 1, to (1, 1). */
export interface RocCurve {
  /** Rows with a score of at least this are called 1; the first is Infinity. */
  readonly thresholds: Float64Array;
  /** Of the zeros, the share called 1; NaN where there are none. */
  readonly falsePositiveRate: Float64Array;
  /** Of the ones, the share called 1; NaN where there are none. */
  readonly truePositiveRate: Float64Array;
  /** The area under the points joined by lines, which is `areaUnderCurve`. */
  readonly area: number;
}

/**
 * The receiver operating characteristic of scores against labels 0 and 1, at every threshold (Fawcett,
 * *An introduction to ROC analysis*, 2006). Throws for a score of NaN.
 *
 * ```ts
 * const { falsePositiveRate, truePositiveRate } = rocCurve([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]);
 * ```
 */
export function rocCurve(scores: Numbers, labels: Numbers, options: Weighted = {}): RocCurve {
  const at = ranking('rocCurve', scores, labels, options);
  const falsePositiveRate = fromZero(at.falsePositives, at.zeros);
  const truePositiveRate = fromZero(at.truePositives, at.ones);
  const thresholds = new Float64Array(at.thresholds.length + 1);
  thresholds[0] = Infinity;
  thresholds.set(at.thresholds, 1);
  let area = 0;
  for (let k = 1; k < falsePositiveRate.length; k++) {
    const width = falsePositiveRate[k] - falsePositiveRate[k - 1];
    area += (width * (truePositiveRate[k] + truePositiveRate[k - 1])) / 2;
  }
  return {
    thresholds,
    falsePositiveRate,
    truePositiveRate,
    area,
  };
}

function fromZero(counts: Float64Array, all: number): Float64Array {
  const shares = new Float64Array(counts.length + 1);
  for (let k = 0; k < counts.length; k++) shares[k + 1] = counts[k] / all;
  if (all === 0) shares[0] = Number.NaN;
  return shares;
}
