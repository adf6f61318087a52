import { mul, square, sub } from '@steepest/autodiff';
import { generalizedLinear } from './generalized-linear.ts';
import type { PenaltyOptions, Problem } from './problem.ts';

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
  return generalizedLinear(
    {
      kind: 'linear',
      name: (options.l2 ?? 0) > 0 ? 'ridge regression' : 'linear regression',
      risk: '(1/(2n)) Σ (x·w + b − y)²',
      losses: (t, y) => mul(0.5, square(sub(t, y))),
      mean: (t) => t,
    },
    options,
  );
}
