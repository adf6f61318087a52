// The distribution functions of @stdlib, by the tail that is asked for: 1 − cdf would leave no digit of
// a small p-value. Agreement with R: 11 digits from 1 down to some 1e-290; below, the incomplete beta
// function underflows to 0.
import betainc from '@stdlib/math-base-special-betainc';
import gammainc from '@stdlib/math-base-special-gammainc';
import chiSquareQuantileOf from '@stdlib/stats-base-dists-chisquare-quantile';
import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantileOf from '@stdlib/stats-base-dists-normal-quantile';
import tCdf from '@stdlib/stats-base-dists-t-cdf';
import tQuantileOf from '@stdlib/stats-base-dists-t-quantile';

/** By what a statistic is judged: t with so many degrees of freedom, z where they are infinite. */
export type DegreesOfFreedom = number;

/** P(|T| ≥ |x|) for Student's t; for the normal distribution where df is Infinity. */
export function twoSided(x: number, df: DegreesOfFreedom): number {
  return df === Infinity ? 2 * normalCdf(-Math.abs(x), 0, 1) : 2 * tCdf(-Math.abs(x), df);
}

/** The x with P(|T| < x) = level. */
export function twoSidedQuantile(level: number, df: DegreesOfFreedom): number {
  const p = (1 + level) / 2;
  return df === Infinity ? normalQuantileOf(p, 0, 1) : tQuantileOf(p, df);
}

/** P(F ≥ x) with d1 and d2 degrees of freedom; d1 F is χ² where d2 is Infinity. */
export function upperF(x: number, d1: number, d2: number): number {
  if (d2 === Infinity) return upperChiSquare(d1 * x, d1);
  if (!(x > 0)) return x <= 0 ? 1 : NaN;
  return x === Infinity ? 0 : betainc((d1 * x) / (d2 + d1 * x), d1 / 2, d2 / 2, true, true);
}

/** P(χ² ≥ x). */
export function upperChiSquare(x: number, df: number): number {
  return x > 0 ? gammainc(x / 2, df / 2, true, true) : x <= 0 ? 1 : NaN;
}

/** The x with P(χ² < x) = level. */
export function chiSquareQuantile(level: number, df: number): number {
  return chiSquareQuantileOf(level, df);
}
