import { argument, finite, refusal, required } from '@steepest/ground';
import { type FittedStep, interceptName, ownScale, type Scale } from '../steps/frame.ts';

/** A linear model in the units of the raw columns: y = intercept + Σ coefficients[j] · raw column j. */
export interface RawCoefficients {
  readonly names: readonly string[];
  readonly coefficients: Float64Array;
  readonly intercept: number;
}

/**
 * Rewrites a linear model of prepared columns as one of raw columns: with v = (b − s)/k,
 * w·v = (w/k)·b − w·s/k. The coefficient of a column of ones joins the intercept.
 */
export function rawScale(
  steps: readonly FittedStep[],
  features: readonly string[],
  coefficients: ArrayLike<number>,
  intercept: number,
): RawCoefficients {
  if (typeof coefficients !== 'object' || !Number.isSafeInteger(coefficients?.length)) {
    throw refusal(
      'toRawScale',
      'expected coefficients',
      coefficients,
      'pass one per prepared column',
    );
  }
  const odd = Array.from(coefficients).findIndex((x) => !Number.isFinite(x));
  if (odd >= 0) {
    throw refusal(
      'toRawScale',
      `coefficient ${odd} must be finite`,
      coefficients[odd],
      'fit again',
    );
  }
  argument('toRawScale', 'intercept', intercept, required(finite()));
  let scales: readonly Scale[] = features.map(ownScale);
  for (const step of steps) scales = step.rescale(scales);
  if (coefficients.length !== scales.length) {
    throw new RangeError(
      `toRawScale: got ${coefficients.length} coefficients, expected ${scales.length}, one per prepared column`,
    );
  }
  const names: string[] = [];
  const raw: number[] = [];
  let constant = intercept;
  scales.forEach(({ base, shift, scale }, j) => {
    const slope = coefficients[j] / scale;
    if (base === interceptName) {
      constant += coefficients[j];
    } else {
      names.push(base);
      raw.push(slope);
      constant -= slope * shift;
    }
  });
  return { names, coefficients: Float64Array.from(raw), intercept: constant };
}
