import { exp, mul, sub } from '@steepest/autodiff';
import { generalizedLinear } from './generalized-linear.ts';
import type { PenaltyOptions, Problem } from './problem.ts';

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
  return generalizedLinear(
    {
      kind: 'poisson',
      name: 'Poisson regression',
      risk: '(1/n) Σ [eᵗ − y t]',
      where: 't = x·w + b',
      losses: (t, y) => sub(exp(t), mul(y, t)),
      mean: (t) => exp(t),
    },
    options,
  );
}
