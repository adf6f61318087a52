import { settle, wholeNumber } from '@steepest/ground';
import { type Numbers, probabilitiesAndLabels } from './columns.ts';

/** The predictions in one range, beside what happened. */
export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** The mean predicted probability; NaN in an empty bin. */
  readonly predicted: number;
  /** The share of ones; NaN in an empty bin. */
  readonly observed: number;
}

/** Prints as a table. */
export interface Calibration {
  readonly bins: readonly CalibrationBin[];
  /** Σ (count/n) |predicted − observed|, the expected calibration error: 0 to 1. */
  readonly error: number;
  toString(): string;
}

/**
 * Compares probabilities of 1 with frequencies, in bins of equal width [from, to), the last of which
 * includes 1 (Naeini, Cooper and Hauskrecht, 2015).
 *
 * ```ts
 * const { error, bins } = calibration(probabilities, labels, { bins: 5 });
 * console.log(String(calibration(probabilities, labels)));
 * ```
 */
export function calibration(
  probabilities: Numbers,
  labels: Numbers,
  options: { readonly bins?: number | undefined } = {},
): Calibration {
  const { bins: count } = settle('calibration', options, { bins: wholeNumber(1, 10) });
  const { p, y, n } = probabilitiesAndLabels('calibration', probabilities, labels);
  const counts = new Float64Array(count);
  const predicted = new Float64Array(count);
  const ones = new Float64Array(count);
  for (let i = 0; i < n; i++) {
    const bin = Math.min(count - 1, Math.trunc(p[i] * count));
    counts[bin]++;
    predicted[bin] += p[i];
    ones[bin] += y[i];
  }
  return calibrationOf(counts, predicted, ones);
}

/** The same from what each bin holds: its rows, the sum of their probabilities, how many are 1. */
export function calibrationOf(
  counts: Float64Array,
  predicted: Float64Array,
  ones: Float64Array,
): Calibration {
  const count = counts.length;
  const n = counts.reduce((sum, rows) => sum + rows, 0);
  const bins = Array.from(
    counts,
    (rows, k): CalibrationBin => ({
      from: k / count,
      to: (k + 1) / count,
      count: rows,
      predicted: predicted[k] / rows,
      observed: ones[k] / rows,
    }),
  );
  const error = predicted.reduce((sum, total, k) => sum + Math.abs(total - ones[k]) / n, 0);
  return { bins, error, toString: () => print(bins, error) };
}

function print(bins: readonly CalibrationBin[], error: number): string {
  const lines = bins
    .filter(({ count }) => count > 0)
    .map(({ from, to, count, predicted, observed }) => {
      const range = `${from.toFixed(2)}–${to.toFixed(2)}`;
      return `${range} ${String(count).padStart(6)}  ${predicted.toFixed(3).padStart(9)}  ${observed.toFixed(3).padStart(8)}`;
    });
  return [
    'probability   rows  predicted  observed',
    ...lines,
    `expected calibration error ${error.toFixed(4)}`,
  ].join('\n');
}
