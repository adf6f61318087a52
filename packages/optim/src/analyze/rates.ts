/** A method's best fixed settings on a quadratic, and how fast it is with them. */
export interface Advice<S> {
  /** What the method's own function takes: `momentum(advice.momentum.settings)`. */
  readonly settings: S;
  /** What the distance to the minimum is multiplied by with every step, in the long run. */
  readonly factor: number;
}

/** The settings of a method with a velocity. */
export interface DecayingRate {
  readonly rate: number;
  readonly decay: number;
}

/** Settings for curvature between μ and L, L ≥ μ > 0. */
export interface RateAdvice {
  readonly gradientDescent: Advice<{ readonly rate: number }>;
  readonly momentum: Advice<DecayingRate>;
  readonly nesterov: Advice<DecayingRate>;
}

/**
 * The best fixed settings on quadratics with curvature in [μ, L] (Polyak, 1964, for gradient descent and
 * the heavy ball; Lessard, Recht & Packard, 2016, table 1, for Nesterov's method):
 *
 * - gradient descent: η = 2/(L + μ), factor (κ − 1)/(κ + 1)
 * - heavy ball: η = 4/(√L + √μ)², β = ((√κ − 1)/(√κ + 1))², factor √β
 * - Nesterov: η = 4/(3L + μ), β = (√(3κ + 1) − 2)/(√(3κ + 1) + 2), factor 1 − 2/√(3κ + 1)
 */
export function bestRates(mu: number, L: number): RateAdvice {
  const kappa = L / mu;
  const root = Math.sqrt(kappa);
  const heavy = (root - 1) / (root + 1);
  const third = Math.sqrt(3 * kappa + 1);
  return {
    gradientDescent: { settings: { rate: 2 / (L + mu) }, factor: (kappa - 1) / (kappa + 1) },
    momentum: {
      settings: { rate: 4 / (Math.sqrt(L) + Math.sqrt(mu)) ** 2, decay: heavy * heavy },
      factor: heavy,
    },
    nesterov: {
      settings: { rate: 4 / (3 * L + mu), decay: (third - 2) / (third + 2) },
      factor: 1 - 2 / third,
    },
  };
}

/** After how many steps the distance has fallen to `share` of what it was. */
export function stepsFor(share: number, factor: number): number {
  if (factor <= 0) return 1;
  return factor < 1 ? Math.ceil(Math.log(share) / Math.log(factor)) : Infinity;
}
