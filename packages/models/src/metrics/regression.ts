import { type Numbers, pair } from './columns.ts';

/**
 * Mean squared error, (1/n) Σ (p − y)²; at least 0, in squared units of y.
 *
 * ```ts
 * meanSquaredError([1, 2], [1, 4]); // 2
 * ```
 */
export function meanSquaredError(predicted: Numbers, actual: Numbers): number {
  const { p, y, n } = pair('meanSquaredError', predicted, actual);
  let total = 0;
  for (let i = 0; i < n; i++) total += (p[i] - y[i]) ** 2;
  return total / n;
}

/**
 * Mean absolute error, (1/n) Σ |p − y|; at least 0, in units of y.
 *
 * ```ts
 * meanAbsoluteError([1, 2], [1, 4]); // 1
 * ```
 */
export function meanAbsoluteError(predicted: Numbers, actual: Numbers): number {
  const { p, y, n } = pair('meanAbsoluteError', predicted, actual);
  let total = 0;
  for (let i = 0; i < n; i++) total += Math.abs(p[i] - y[i]);
  return total / n;
}

/**
 * The coefficient of determination, 1 − Σ (y − p)² / Σ (y − ȳ)²: 1 is exact, 0 is as good as the mean
 * of these rows, below 0 is worse. NaN where y is constant, because nothing is there to explain.
 *
 * ```ts
 * rSquared([2.5, 0, 2, 8], [3, -0.5, 2, 7]); // 0.9486…
 * ```
 */
export function rSquared(predicted: Numbers, actual: Numbers): number {
  const { p, y, n } = pair('rSquared', predicted, actual);
  let mean = 0;
  for (let i = 0; i < n; i++) mean += y[i] / n;
  let residual = 0;
  let total = 0;
  let constant = true;
  for (let i = 0; i < n; i++) {
    residual += (y[i] - p[i]) ** 2;
    total += (y[i] - mean) ** 2;
    constant &&= y[i] === y[0];
  }
  return constant ? Number.NaN : 1 - residual / total;
}

/**
 * Mean Poisson deviance, (2/n) Σ [y log(y/μ) − (y − μ)] of counts y under means μ; at least 0, where 0
 * log 0 is 0. Infinity where a mean of 0 met a count (McCullagh and Nelder, 1989, §2.3).
 *
 * ```ts
 * poissonDeviance([1, 2], [1, 2]); // 0
 * ```
 */
export function poissonDeviance(means: Numbers, counts: Numbers): number {
  const { p, y, n } = pair('poissonDeviance', means, counts);
  let total = 0;
  for (let i = 0; i < n; i++) {
    if (!(p[i] >= 0 && y[i] >= 0)) {
      throw new RangeError(
        `poissonDeviance: row ${i} has mean ${p[i]} and count ${y[i]}; neither may be negative`,
      );
    }
    total += (y[i] === 0 ? 0 : y[i] * Math.log(y[i] / p[i])) - (y[i] - p[i]);
  }
  return (2 * total) / n;
}
