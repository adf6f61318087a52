import { add, exp, logNormalCdf, mul, neg, sub } from '@steepest/autodiff';
import { hyperplane } from '../checks/separation.ts';
import { areaUnderCurve } from '../metrics/auc.ts';
import { accuracyOf } from '../metrics/confusion.ts';
import { brierScore, logLoss } from '../metrics/probability.ts';
import type { Family } from './family.ts';
import type { PenaltyOptions, Problem } from './problem.ts';
import { regression } from './regression.ts';
import { twoLabels } from './targets.ts';

/** Two labels, 0 and 1: 1 is what a normal variable of mean t does above 0. */
export const probit: Family = {
  kind: 'probit',
  name: 'probit regression',
  risk: '−(1/n) Σ [y log Φ(t) + (1 − y) log Φ(−t)]',
  where: 't = x·w + b',
  // linear in y, so that the expected information is the curvature where y is its mean
  loss: (t, y) => neg(add(mul(y, logNormalCdf(t)), mul(sub(1, y), logNormalCdf(neg(t))))),
  mean: (t) => exp(logNormalCdf(t)),
  target: twoLabels,
  measures: { accuracy: accuracyOf, logLoss, areaUnderCurve, brierScore },
  separable: hyperplane,
};

/**
 * Probit regression for labels y in {0, 1}: minimize −(1/n) Σᵢ log Φ(±tᵢ) + (l2/2) Σ w² with t = x·w + b,
 * + where y is 1; it predicts the probability Φ(t) of 1 (Bliss, 1934).
 *
 * Near logistic regression, with coefficients some 1.7 times smaller; standard errors are of the expected
 * information, as R's `binomial(link = "probit")` has them.
 *
 * ```ts
 * const fitted = await fit(probitRegression(), train, { target: 'killed' });
 * ```
 */
export function probitRegression(options: PenaltyOptions = {}): Problem {
  return regression(probit, options);
}
