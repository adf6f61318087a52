import type { FlatMatrix } from '@steepest/autodiff';
import type { Printed } from '../document/printed.ts';
import type { Family } from '../families/family.ts';
import type { Goodness } from './goodness.ts';

/** How sure a coefficient is. */
export interface Estimate {
  readonly name: string;
  /** The class whose score it is part of, against the first; undefined where there is one score. */
  readonly output: string | undefined;
  readonly estimate: number;
  readonly standardError: number;
  /** estimate / standardError: t where a scale is estimated, z otherwise. */
  readonly statistic: number;
  /** Two-sided: how often chance alone gives a statistic as far from 0. */
  readonly pValue: number;
  readonly interval: readonly [number, number];
  /** e^estimate with its interval, where the family has a name for it: odds ratio, rate ratio. */
  readonly ratio:
    | { readonly estimate: number; readonly interval: readonly [number, number] }
    | undefined;
}

export interface Test {
  readonly statistic: number;
  /** One number for χ², two for F. */
  readonly degreesOfFreedom: readonly number[];
  readonly pValue: number;
}

/** What is known of a maximum of likelihood, wherever its rows are: all that a summary is made of. */
export interface SummaryFacts extends Goodness {
  readonly family: Family;
  readonly target: string;
  /** Of one score; '(intercept)' first, where there is one. */
  readonly names: readonly string[];
  /** With classes: the first one's label, then those of the scores against it. */
  readonly classes?: readonly string[] | undefined;
  readonly scale?: 'raw' | 'prepared' | undefined;
  /** Whether a constant is among the columns. */
  readonly intercept: boolean;
  /** Score by score. */
  readonly estimates: ArrayLike<number>;
  /** Of the estimates, in their order, the dispersion in it. */
  readonly covariance: FlatMatrix;
  /** By what the covariance was multiplied, and whether it was estimated. */
  readonly dispersion: { readonly value: number; readonly estimated: boolean };
  readonly rows: number;
  readonly leftOut?: number | undefined;
  readonly weights?: 'frequency' | 'analytic' | undefined;
  /** How the standard errors were found, in words; from the curvature unless said. */
  readonly errors?: string | undefined;
  readonly level?: number | undefined;
  /** By the profile of the likelihood, in place of Wald's. */
  readonly profile?: readonly (readonly [number, number])[] | undefined;
  readonly condition?: number | undefined;
  readonly warnings?: readonly string[] | undefined;
}

/** The usual figures of an unpenalized fit, in raw units; prints as text, Markdown, LaTeX and HTML. */
export interface Summary extends Printed, Goodness {
  /** 'logistic regression', and what it predicts. */
  readonly model: string;
  readonly kind: string;
  readonly target: string;
  readonly classes: readonly string[] | undefined;
  readonly scale: 'raw' | 'prepared';
  readonly intercept: boolean;
  readonly estimates: readonly Estimate[];
  /** Of the estimates, in their order. */
  readonly covariance: FlatMatrix;
  readonly statistic: 't' | 'z';
  readonly level: number;
  readonly intervals: 'wald' | 'profile';
  /** How the standard errors were found, in words; undefined for those of the curvature. */
  readonly errors: string | undefined;
  /** What e^estimate is called. */
  readonly ratio: string | undefined;
  /** Rows that were read; `count` has each as often as its frequency says. */
  readonly rows: number;
  readonly leftOut: number;
  readonly weights: 'frequency' | 'analytic' | undefined;
  /** Count less coefficients: what t and the residual deviation are counted by. */
  readonly degreesOfFreedom: number;
  readonly nullDegreesOfFreedom: number;
  readonly dispersion: { readonly value: number; readonly estimated: boolean };
  /** √dispersion where one is estimated: of least squares √(RSS / degrees of freedom). */
  readonly residualDeviation: number | undefined;
  /** −2 log L + 2k, k the number of coefficients. */
  readonly aic: number | undefined;
  /** −2 log L + k log n. */
  readonly bic: number | undefined;
  /** The same with the scale counted as one more, as R does for least squares. */
  readonly withScale: { readonly aic: number; readonly bic: number } | undefined;
  /** Twice the difference of the log-likelihoods from that of no columns, by χ². */
  readonly likelihoodRatio: Test | undefined;
  /** Against no columns, where a scale is estimated. */
  readonly f: Test | undefined;
  /** All coefficients but intercepts are 0, by the covariance: where errors are robust. */
  readonly wald: Test | undefined;
  /** Of least squares. About 0 and not about the mean where there is no intercept. */
  readonly rSquared: number | undefined;
  readonly adjustedRSquared: number | undefined;
  readonly pseudoRSquared: PseudoRSquared | undefined;
  readonly condition: number | undefined;
  readonly warnings: readonly string[];
}

/** For likelihoods without a scale. */
export interface PseudoRSquared {
  /** 1 − log L / log L₀ (McFadden 1974). */
  readonly mcFadden: number;
  /** 1 − (L₀ / L)^(2/n) (Cox and Snell 1989). */
  readonly coxSnell: number;
  /** That over its greatest value (Nagelkerke 1991). */
  readonly nagelkerke: number;
  /** Mean predicted probability of the rows of 1, less that of the rows of 0 (Tjur 2009). */
  readonly tjur: number | undefined;
}
