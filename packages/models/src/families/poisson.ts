import { div, exp, lgamma, mul, square, sub } from '@steepest/autodiff';
import { constantTarget, countTarget } from '../checks/target-checks.ts';
import { zeroCounts } from '../checks/zero-counts.ts';
import { meanAbsoluteError, meanSquaredError, poissonDeviance } from '../metrics/regression.ts';
import type { Family } from './family.ts';
import type { PenaltyOptions, Problem } from './problem.ts';
import { regression } from './regression.ts';
import { numberTarget } from './targets.ts';

/** Counts; t is the logarithm of their mean. */
export const poisson: Family = {
  kind: 'poisson',
  name: 'Poisson regression',
  risk: '(1/n) Σ [eᵗ − y t]',
  where: 't = x·w + b',
  loss: (t, y) => sub(exp(t), mul(y, t)),
  mean: (t) => exp(t),
  target: numberTarget(countTarget, constantTarget),
  measures: { meanSquaredError, meanAbsoluteError, poissonDeviance },
  separable: zeroCounts,
  canonical: true,
  ratio: 'rate ratio',
  rate: true,
  decrement: (t, y) => div(square(sub(exp(t), y)), exp(t)),
  least: (y) => (y === 0 ? 0 : y - y * Math.log(y)),
  // the loss leaves out log y!
  logLikelihood: ({ total, y, weights }) => {
    let factorials = 0;
    for (let i = 0; i < y.length; i++) {
      factorials += (weights?.[i] ?? 1) * lgamma(y[i] + 1).data[0];
    }
    return -total - factorials;
  },
};

/**
 * Poisson regression with a log link for counts y: minimize (1/n) Σᵢ [e^tᵢ − yᵢ tᵢ] + (l2/2) Σ w² with
 * t = x·w + b + offset; it predicts the mean count e^t.
 *
 * This is the negative log-likelihood per row without log y!, which does not depend on the
 * parameters. For counts over unequal times or populations, `offset` is the logarithm of the exposure
 * (`fit` takes the exposure's column). McCullagh and Nelder, Generalized Linear Models, 1989.
 *
 * ```ts
 * const problem = poissonRegression();
 * valueAndGrad(problem.loss)(problem.init(2), { x, y, offset }); // offset: n×1
 * ```
 */
export function poissonRegression(options: PenaltyOptions = {}): Problem {
  return regression(poisson, options);
}
