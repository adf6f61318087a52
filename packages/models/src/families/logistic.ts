import { abs, div, mul, sigmoid, softplus, sub } from '@steepest/autodiff';
import { hyperplane } from '../checks/separation.ts';
import { areaUnderCurve } from '../metrics/auc.ts';
import { accuracyOf } from '../metrics/confusion.ts';
import { brierScore, logLoss } from '../metrics/probability.ts';
import type { Family } from './family.ts';
import type { PenaltyOptions, Problem } from './problem.ts';
import { regression } from './regression.ts';
import { twoLabels } from './targets.ts';

/** Two labels, 0 and 1; t is the logarithm of the odds of 1. */
export const logistic: Family = {
  kind: 'logistic',
  name: 'logistic regression',
  risk: '(1/n) Σ [log(1 + eᵗ) − y t]',
  where: 't = x·w + b',
  loss: (t, y) => sub(softplus(t), mul(y, t)),
  mean: (t) => sigmoid(t),
  // (p − y)²/(p (1 − p)) = u/(1 − u) with u = |p − y|
  decrement(t, y) {
    const u = abs(sub(sigmoid(t), y));
    return div(u, sub(1, u));
  },
  target: twoLabels,
  measures: { accuracy: accuracyOf, logLoss, areaUnderCurve, brierScore },
  separable: hyperplane,
  canonical: true,
  ratio: 'odds ratio',
};

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
  return regression(logistic, options);
}
