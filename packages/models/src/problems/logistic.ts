import { mul, sigmoid, softplus, sub } from '@steepest/autodiff';
import { generalizedLinear } from './generalized-linear.ts';
import type { PenaltyOptions, Problem } from './problem.ts';

/**
 * Logistic regression for labels y in {0, 1}: minimize (1/n) Σᵢ [log(1 + e^tᵢ) − yᵢ tᵢ] + (l2/2) Σ w²
 * with t = x·w + b, the log-odds; it predicts the probability of 1, 1/(1 + e^−t).
 *
 * The same optimum is scikit-learn's `C = 1/(n l2)`. Without l2 it is the maximum-likelihood
 * estimate, which does not exist where the classes can be separated: `fit` says so.
 *
 * ```ts
 * const problem = logisticRegression({ l2: 0.01 });
 * const fitted = await fit(problem, train, { target: 'benign' });
 * ```
 */
export function logisticRegression(options: PenaltyOptions = {}): Problem {
  return generalizedLinear(
    {
      kind: 'logistic',
      name: 'logistic regression',
      risk: '(1/n) Σ [log(1 + eᵗ) − y t]',
      where: 't = x·w + b',
      losses: (t, y) => sub(softplus(t), mul(y, t)),
      mean: (t) => sigmoid(t),
    },
    options,
  );
}
