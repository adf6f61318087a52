import { type Numbers, type Pair, pair, type Weighted } from './columns.ts';
import { meanOf, type RowLoss } from './mean.ts';

export const squaredError: RowLoss = (p, y) => (p - y) ** 2;
export const absoluteError: RowLoss = (p, y) => Math.abs(p - y);
export const unitPoissonDeviance: RowLoss = (p, y) =>
  2 * ((y === 0 ? 0 : y * Math.log(y / p)) - (y - p));

export const unitGammaDeviance: RowLoss = (p, y) => 2 * ((y - p) / p - Math.log(y / p));

/**
 * Mean squared error, (1/n) Σ (p − y)²; at least 0, in squared units of y.
 *
 * ```ts
 * meanSquaredError([1, 2], [1, 4]); // 2
 * ```
 */
export function meanSquaredError(
  predicted: Numbers,
  actual: Numbers,
  options: Weighted = {},
): number {
  return meanOf(squaredError, pair('meanSquaredError', predicted, actual, options));
}

/**
 * Mean absolute error, (1/n) Σ |p − y|; at least 0, in units of y.
 *
 * ```ts
 * meanAbsoluteError([1, 2], [1, 4]); // 1
 * ```
 */
export function meanAbsoluteError(
  predicted: Numbers,
  actual: Numbers,
  options: Weighted = {},
): number {
  return meanOf(absoluteError, pair('meanAbsoluteError', predicted, actual, options));
}

/**
 * The coefficient of determination, 1 − Σ (y − p)² / Σ (y − ȳ)²: 1 is exact, 0 is as good as the mean
 * of these rows, below 0 is worse. NaN where y is constant, because nothing is there to explain.
 *
 * ```ts
 * rSquared([2.5, 0, 2, 8], [3, -0.5, 2, 7]); // 0.9486…
 * ```
 */
export function rSquared(predicted: Numbers, actual: Numbers, options: Weighted = {}): number {
  const columns = pair('rSquared', predicted, actual, options);
  const spread = spreadOf(columns);
  return spread === 0 ? Number.NaN : 1 - meanOf(squaredError, columns) / spread;
}

/** The mean squared distance of y from its own mean; exactly 0 where y is constant. */
export function spreadOf({ y, n, w }: Pair): number {
  let [mean, all] = [0, 0];
  for (let i = 0; i < n; i++) {
    const weight = w === undefined ? 1 : w[i];
    mean += weight * y[i];
    all += weight;
  }
  mean /= all;
  let first: number | undefined;
  let constant = true;
  let total = 0;
  for (let i = 0; i < n; i++) {
    const weight = w === undefined ? 1 : w[i];
    if (weight === 0) continue;
    first ??= y[i];
    constant &&= y[i] === first;
    total += weight * (y[i] - mean) ** 2;
  }
  return constant ? 0 : total / all;
}

/**
 * Mean gamma deviance, (2/n) Σ [(y − μ)/μ − log(y/μ)] of positive y under positive means μ; at least 0
 * (McCullagh and Nelder, 1989, §8.3.2).
 *
 * ```ts
 * gammaDeviance([1, 2], [1, 2]); // 0
 * ```
 */
export function gammaDeviance(means: Numbers, actual: Numbers, options: Weighted = {}): number {
  const columns = pair('gammaDeviance', means, actual, options);
  const { p, y, n } = columns;
  for (let i = 0; i < n; i++) {
    if (p[i] > 0 && y[i] > 0) continue;
    throw new RangeError(
      `gammaDeviance: row ${i} has mean ${p[i]} and target ${y[i]}; both must be above 0`,
    );
  }
  return meanOf(unitGammaDeviance, columns);
}

/**
 * Mean Poisson deviance, (2/n) Σ [y log(y/μ) − (y − μ)] of counts y under means μ; at least 0, where 0
 * log 0 is 0. Infinity where a mean of 0 met a count (McCullagh and Nelder, 1989, §2.3).
 *
 * ```ts
 * poissonDeviance([1, 2], [1, 2]); // 0
 * ```
 */
export function poissonDeviance(means: Numbers, counts: Numbers, options: Weighted = {}): number {
  const columns = pair('poissonDeviance', means, counts, options);
  const { p, y, n } = columns;
  for (let i = 0; i < n; i++) {
    if (!(p[i] >= 0 && y[i] >= 0)) {
      throw new RangeError(
        `poissonDeviance: row ${i} has mean ${p[i]} and count ${y[i]}; neither may be negative`,
      );
    }
  }
  return meanOf(unitPoissonDeviance, columns);
}
