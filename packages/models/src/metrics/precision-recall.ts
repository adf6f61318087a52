import type { Numbers, Weighted } from './columns.ts';
import { ranking } from './ranking.ts';

/** A point for each distinct score, from the highest down: recall grows. */
export interface PrecisionRecallCurve {
  /** Rows with a score of at least this are called 1. */
  readonly thresholds: Float64Array;
  /** Of the rows called 1, the share that is. */
  readonly precision: Float64Array;
  /** Of the ones, the share called so; NaN where there are none. */
  readonly recall: Float64Array;
  /** Σ (Rₖ − Rₖ₋₁) Pₖ, as `averagePrecision` gives it. */
  readonly averagePrecision: number;
}

/**
 * Precision against recall of scores against labels 0 and 1, at every threshold. Throws for a score of
 * NaN.
 *
 * ```ts
 * const { precision, recall } = precisionRecallCurve([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]);
 * ```
 */
export function precisionRecallCurve(
  scores: Numbers,
  labels: Numbers,
  options: Weighted = {},
): PrecisionRecallCurve {
  return curveOf('precisionRecallCurve', scores, labels, options);
}

/**
 * Average precision, Σ (Rₖ − Rₖ₋₁) Pₖ over the thresholds: the area under precision against recall as
 * steps, since lines between the points would promise too much (Davis and Goadrich, 2006). 1 is perfect,
 * the share of ones is chance; NaN where there are no ones.
 *
 * ```ts
 * averagePrecision([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]); // 0.8333…
 * ```
 */
export function averagePrecision(scores: Numbers, labels: Numbers, options: Weighted = {}): number {
  return curveOf('averagePrecision', scores, labels, options).averagePrecision;
}

function curveOf(
  operation: string,
  scores: Numbers,
  labels: Numbers,
  options: Weighted,
): PrecisionRecallCurve {
  const at = ranking(operation, scores, labels, options);
  const precision = at.truePositives.map((right, k) => right / (right + at.falsePositives[k]));
  const recall = at.truePositives.map((right) => right / at.ones);
  let area = 0;
  for (let k = 0; k < recall.length; k++) {
    area += (recall[k] - (k === 0 ? 0 : recall[k - 1])) * precision[k];
  }
  return { thresholds: at.thresholds, precision, recall, averagePrecision: area };
}
