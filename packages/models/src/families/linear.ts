import { mul, square, sub } from '@steepest/autodiff';
import { constantTarget } from '../checks/target-checks.ts';
import { meanAbsoluteError, meanSquaredError, rSquared } from '../metrics/regression.ts';
import type { Family } from './family.ts';
import type { PenaltyOptions, Problem } from './problem.ts';
import { regression } from './regression.ts';
import { numberTarget } from './targets.ts';

/** Numbers with normal errors of one unknown variance. */
export const linear: Family = {
  kind: 'linear',
  name: 'linear regression',
  penalized: 'ridge regression',
  risk: '(1/(2n)) Σ (x·w + b − y)²',
  loss: (t, y) => mul(0.5, square(sub(t, y))),
  decrement: (t, y) => square(sub(t, y)),
  mean: (t) => t,
  target: numberTarget(constantTarget),
  measures: { meanSquaredError, meanAbsoluteError, rSquared },
  canonical: true,
  quadratic: true,
  dispersion: true,
  // with the variance at its best, RSS/n, where RSS = 2 Σ loss; an analytic weight divides it
  logLikelihood: ({ total, count, weights, analytic }) =>
    (-count / 2) * (Math.log((4 * Math.PI * total) / count) + 1) +
    (analytic && weights !== undefined ? sumOfLogs(weights) / 2 : 0),
};

/**
 * Least squares; ridge regression (Hoerl and Kennard, 1970) where `l2` is given:
 * minimize (1/(2n)) Σᵢ (xᵢ·w + b − yᵢ)² + (l2/2) Σ w².
 *
 * With the half, the gradient is (1/n) Xᵀ(Xw + b − y) + l2 w. The same optimum is scikit-learn's
 * `Ridge(alpha = n l2)` and glmnet's `lambda = l2, alpha = 0`. Throws a RangeError for a negative l2.
 *
 * ```ts
 * const problem = linearRegression({ l2: 0.1 });
 * valueAndGrad(problem.loss)(problem.init(3), { x, y }); // x: n×3, y: n×1
 * ```
 */
export function linearRegression(options: PenaltyOptions = {}): Problem {
  return regression(linear, options);
}

function sumOfLogs(x: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < x.length; i++) total += Math.log(x[i]);
  return total;
}
