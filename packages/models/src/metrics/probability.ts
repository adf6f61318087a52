import type { FlatMatrix } from '@steepest/autodiff';
import { refusal } from '@steepest/ground';
import {
  entries,
  type Numbers,
  probabilitiesAndLabels,
  rowWeights,
  type Weighted,
  weightsOf,
} from './columns.ts';
import { meanOf, type RowLoss } from './mean.ts';
import { squaredError } from './regression.ts';

/** −log of the probability of what happened, when p is that of 1. */
export const surprise: RowLoss = (p, y) => -(y === 1 ? Math.log(p) : Math.log1p(-p));

/**
 * Log loss of probabilities of 1: −(1/n) Σ [y log p + (1 − y) log(1 − p)], in nats; at least 0.
 *
 * Nothing is clamped: a probability of exactly 0 for what happened makes it Infinity.
 *
 * ```ts
 * logLoss([0.9, 0.2], [1, 0]); // 0.1643…
 * ```
 */
export function logLoss(probabilities: Numbers, labels: Numbers, options: Weighted = {}): number {
  const columns = probabilitiesAndLabels('logLoss', probabilities, labels, options);
  const { p, y, n, w } = columns;
  const fast = w === undefined ? byProducts(p, y) : 0;
  // What is small would be lost in 1 − p.
  return fast > 1e-3 * n ? fast / n : meanOf(surprise, columns) + 0;
}

/** The sum of −log of the probabilities of what happened, one logarithm for a product of many. */
function byProducts(p: ArrayLike<number>, y: ArrayLike<number>): number {
  let total = 0;
  let product = 1;
  for (let i = 0; i < y.length; i++) {
    const missed = Math.abs(y[i] - p[i]);
    if (missed > 0.999) total += surprise(p[i], y[i]);
    else product *= 1 - missed;
    if (product < 1e-100) {
      total -= Math.log(product);
      product = 1;
    }
  }
  return total - Math.log(product);
}

/**
 * Log loss of class probabilities: −(1/n) Σ log P[i, yᵢ] for P n×K and class codes y; at least 0,
 * Infinity where the class that occurred had probability 0.
 *
 * ```ts
 * classLogLoss(new FlatMatrix(1, 3, [0.2, 0.5, 0.3]), [1]); // log 2
 * ```
 */
export function classLogLoss(
  probabilities: FlatMatrix,
  classes: Numbers,
  options: Weighted = {},
): number {
  const weights = weightsOf('classLogLoss', options);
  if (![probabilities?.rows, probabilities?.data?.length].every(Number.isSafeInteger)) {
    throw refusal('classLogLoss', 'expected a matrix', probabilities, 'pass an n×K matrix');
  }
  const { rows, columns, data } = probabilities;
  const y = entries('classLogLoss', classes);
  if (y.length !== rows || rows === 0) {
    throw new RangeError(`classLogLoss: there are ${rows} rows and ${y.length} classes`);
  }
  const w = rowWeights('classLogLoss', weights, rows);
  let [total, all] = [0, 0];
  for (let i = 0; i < rows; i++) {
    if (!(Number.isInteger(y[i]) && y[i] >= 0 && y[i] < columns)) {
      throw new RangeError(`classLogLoss: class ${y[i]} of row ${i} is not in 0 … ${columns - 1}`);
    }
    const weight = w === undefined ? 1 : w[i];
    if (weight > 0) total -= weight * Math.log(data[i * columns + y[i]]);
    all += weight;
  }
  return total / all + 0;
}

/**
 * Brier's score (1950): (1/n) Σ (p − y)² of probabilities of 1; 0 is best, 1 worst, ¼ a fair coin.
 *
 * ```ts
 * brierScore([0.9, 0.2], [1, 0]); // 0.025
 * ```
 */
export function brierScore(
  probabilities: Numbers,
  labels: Numbers,
  options: Weighted = {},
): number {
  const columns = probabilitiesAndLabels('brierScore', probabilities, labels, options);
  const { p, y, n, w } = columns;
  if (w !== undefined) return meanOf(squaredError, columns);
  let total = 0;
  for (let i = 0; i < n; i++) total += (p[i] - y[i]) * (p[i] - y[i]);
  return total / n;
}
