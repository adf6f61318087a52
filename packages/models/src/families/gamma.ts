import { add, div, exp, lgamma } from '@steepest/autodiff';
import { constantTarget, positiveTarget } from '../checks/target-checks.ts';
import { gammaDeviance, meanAbsoluteError, meanSquaredError } from '../metrics/regression.ts';
import type { Family } from './family.ts';
import type { PenaltyOptions, Problem } from './problem.ts';
import { regression } from './regression.ts';
import { numberTarget } from './targets.ts';

/** Positive numbers whose deviation grows with their mean; t is the logarithm of the mean. */
export const gamma: Family = {
  kind: 'gamma',
  name: 'gamma regression',
  risk: '(1/n) Σ [y e⁻ᵗ + t]',
  where: 't = x·w + b',
  loss: (t, y) => add(div(y, exp(t)), t),
  mean: (t) => exp(t),
  target: numberTarget(positiveTarget, constantTarget),
  measures: { meanSquaredError, meanAbsoluteError, gammaDeviance },
  rate: true,
  dispersion: true,
  least: (y) => 1 + Math.log(y),
  // with the dispersion at deviance / n, as R's logLik takes it
  logLikelihood({ total, count, y, weights }) {
    let logs = 0;
    for (let i = 0; i < y.length; i++) logs += (weights?.[i] ?? 1) * Math.log(y[i]);
    const shape = count / (2 * (total - count - logs));
    const perRow = shape * Math.log(shape) - lgamma(shape).data[0];
    return count * perRow + (shape - 1) * logs - shape * total;
  },
};

/**
 * Gamma regression with a log link for positive y, such as costs and durations: minimize
 * (1/n) Σᵢ [yᵢ e^−tᵢ + tᵢ] + (l2/2) Σ w² with t = x·w + b; it predicts the mean e^t.
 *
 * The negative log-likelihood per row, but for the shape, which changes no coefficient; the deviation is
 * proportional to the mean. McCullagh and Nelder, Generalized Linear Models, 1989, chapter 8.
 *
 * ```ts
 * const fitted = await fit(gammaRegression(), train, { target: 'cost' });
 * ```
 */
export function gammaRegression(options: PenaltyOptions = {}): Problem {
  return regression(gamma, options);
}
