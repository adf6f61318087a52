import { add, exp, lgamma, mul, softplus, sub } from '@steepest/autodiff';
import { argument, positive, required } from '@steepest/ground';
import { constantTarget, countTarget } from '../checks/target-checks.ts';
import { zeroCounts } from '../checks/zero-counts.ts';
import { meanAbsoluteError, meanSquaredError, poissonDeviance } from '../metrics/regression.ts';
import type { Family } from './family.ts';
import type { PenaltyOptions, Problem } from './problem.ts';
import { regression } from './regression.ts';
import { numberTarget } from './targets.ts';

/** Counts whose variance is μ + μ²/θ; t is the logarithm of their mean μ. */
export function negativeBinomial(theta: number): Family {
  argument('negativeBinomialRegression', 'theta', theta, required(positive()));
  const shift = Math.log(theta);
  return {
    kind: 'negativeBinomial',
    name: 'negative binomial regression',
    settings: { theta },
    of: (settings) => negativeBinomial(settings.theta),
    risk: '(1/n) Σ [(y + θ) log(1 + eᵗ/θ) − y t]',
    where: `t = x·w + b, θ = ${theta}`,
    loss: (t, y) => sub(mul(add(y, theta), softplus(sub(t, shift))), mul(y, t)),
    mean: (t) => exp(t),
    target: numberTarget(countTarget, constantTarget),
    measures: { meanSquaredError, meanAbsoluteError, poissonDeviance },
    separable: zeroCounts,
    ratio: 'rate ratio',
    rate: true,
    least: (y) => (y === 0 ? 0 : (y + theta) * Math.log1p(y / theta) - y * Math.log(y)),
    // the loss leaves out Γ(y + θ) / (Γ(θ) y!) and θ^−y
    logLikelihood({ total, y, weights }) {
      let constant = 0;
      const ofTheta = lgamma(theta).data[0];
      for (let i = 0; i < y.length; i++) {
        const each = lgamma(y[i] + theta).data[0] - ofTheta - lgamma(y[i] + 1).data[0];
        constant += (weights?.[i] ?? 1) * (each - y[i] * shift);
      }
      return constant - total;
    },
  };
}

export interface NegativeBinomialOptions extends PenaltyOptions {
  /** θ, above 0: the variance of a count of mean μ is μ + μ²/θ. The larger, the nearer to Poisson's. */
  readonly theta: number;
}

/**
 * Negative binomial regression with a log link for counts that vary more than Poisson's: minimize
 * (1/n) Σᵢ [(yᵢ + θ) log(1 + e^tᵢ/θ) − yᵢ tᵢ] + (l2/2) Σ w² with t = x·w + b; it predicts the mean e^t.
 *
 * θ is given; `fitNegativeBinomial` estimates it. Venables and Ripley, Modern Applied Statistics with S, 2002,
 * §7.4, whose `glm.nb` has this θ. Throws a RangeError for a θ that is not positive.
 *
 * ```ts
 * const fitted = await fit(negativeBinomialRegression({ theta: 1.5 }), train, { target: 'days' });
 * ```
 */
export function negativeBinomialRegression(options: NegativeBinomialOptions): Problem {
  const { theta, ...penalty } = options ?? {};
  return regression(negativeBinomial(theta), penalty);
}
