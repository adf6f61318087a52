import { oneOf, positive, type Spec, settle } from '@steepest/ground';
import { type ClassCounts, classCounts } from './classes.ts';
import { type Numbers, type Weighted, weighted } from './columns.ts';

export interface FScoreOptions extends Weighted {
  /** How many times as much as precision recall counts; 1 unless given. */
  readonly beta?: number | undefined;
  /**
   * `binary` (unless given): the score of label 1 among labels 0 and 1. `macro`: the mean over the
   * classes; `prevalence`: each class by how often it occurred; `micro`: of all counts together, which is
   * the accuracy.
   */
  readonly average?: 'binary' | 'macro' | 'prevalence' | 'micro' | undefined;
}

const spec = {
  ...weighted,
  beta: positive(1),
  average: oneOf(['binary', 'macro', 'prevalence', 'micro'], 'binary'),
} satisfies Spec<FScoreOptions>;

/**
 * The F-score of called against true labels, (1 + β²) P R / (β² P + R), the harmonic mean of precision and
 * recall where β is 1 (van Rijsbergen, 1979): 1 is perfect. NaN where 1 neither occurred nor was called.
 *
 * ```ts
 * f1Score([0, 1, 1], [0, 1, 0]); // 2/3
 * ```
 */
export function f1Score(predicted: Numbers, actual: Numbers, options: FScoreOptions = {}): number {
  const { beta, average, weights } = settle('f1Score', options, spec);
  const counts = classCounts('f1Score', predicted, actual, { weights });
  if (average === 'binary') return ofOne(counts, beta);
  if (average === 'micro') return counts.right.reduce((a, b) => a + b, 0) / counts.total;
  let [total, all] = [0, 0];
  for (let k = 0; k < counts.labels.length; k++) {
    const weight = average === 'macro' ? 1 : counts.occurred[k];
    total += weight * score(counts, k, beta);
    all += weight;
  }
  return total / all;
}

function ofOne(counts: ClassCounts, beta: number): number {
  const other = counts.labels.find((label) => label !== 0 && label !== 1);
  if (other !== undefined) {
    throw new RangeError(
      `f1Score: label ${other} is neither 0 nor 1; for several classes say average: 'macro'`,
    );
  }
  const one = counts.labels.indexOf(1);
  return one < 0 ? Number.NaN : score(counts, one, beta);
}

function score({ called, occurred, right }: ClassCounts, k: number, beta: number): number {
  return ((1 + beta ** 2) * right[k]) / (beta ** 2 * occurred[k] + called[k]);
}
