import { abs, add, minimum, mul, square, sub } from '@steepest/autodiff';
import { argument, positive, required } from '@steepest/ground';
import { constantTarget } from '../checks/target-checks.ts';
import { meanAbsoluteError, meanSquaredError, rSquared } from '../metrics/regression.ts';
import type { Family } from './family.ts';
import type { PenaltyOptions, Problem } from './problem.ts';
import { regression } from './regression.ts';
import { numberTarget } from './targets.ts';

/** Numbers with errors that are normal near 0 and heavy beyond δ. */
export function huber(delta: number): Family {
  argument('huberRegression', 'delta', delta, required(positive()));
  return {
    kind: 'huber',
    name: 'Huber regression',
    settings: { delta },
    of: (settings) => huber(settings.delta),
    risk: '(1/n) Σ h(x·w + b − y)',
    where: `h(r) = r²/2 up to δ, δ|r| − δ²/2 beyond, δ = ${delta}`,
    // with c = min(|r|, δ): c²/2 + δ (|r| − c), the same without a branch
    loss(t, y) {
      const size = abs(sub(t, y));
      const near = minimum(size, delta);
      return add(mul(0.5, square(near)), mul(delta, sub(size, near)));
    },
    mean: (t) => t,
    target: numberTarget(constantTarget),
    measures: { meanSquaredError, meanAbsoluteError, rSquared },
  };
}

export interface HuberOptions extends PenaltyOptions {
  /** δ, above 0, in units of y: beyond it an error counts by its size, not by its square. */
  readonly delta: number;
}

/**
 * Huber's regression (1964): minimize (1/n) Σᵢ h(xᵢ·w + b − yᵢ) + (l2/2) Σ w², h(r) = r²/2 up to δ and
 * δ|r| − δ²/2 beyond, so that no outlier pulls with more than δ.
 *
 * δ is in units of y: 1.345 times the deviation of the good errors loses 5 % on normal ones. Throws a
 * RangeError for a δ that is not positive.
 *
 * ```ts
 * const fitted = await fit(huberRegression({ delta: 2.5 }), train, { target: 'price' });
 * ```
 */
export function huberRegression(options: HuberOptions): Problem {
  const { delta, ...penalty } = options ?? {};
  return regression(huber(delta), penalty);
}
