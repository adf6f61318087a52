import type { FlatMatrix } from '@steepest/autodiff';
import type { Family } from '../families/family.ts';
import { information, rowDerivatives } from '../families/rows.ts';

/** Rows at the maximum: their scores, and how much each counts. */
export interface AtMaximum {
  readonly family: Family;
  readonly scores: FlatMatrix;
  readonly y: FlatMatrix;
  readonly weights: Float64Array | undefined;
  /** The weights say how exact a row is, not how often it occurred. */
  readonly analytic: boolean;
}

/** How many rows there are: each as often as its frequency says. */
export function countOf({ y, weights, analytic }: AtMaximum): number {
  if (weights === undefined || analytic) return y.rows;
  return weights.reduce((sum, weight) => sum + weight, 0);
}

/** The logarithm of the likelihood, with the scale at its best where there is one. */
export function logLikelihood(at: AtMaximum): number {
  const { family, scores, y, weights, analytic } = at;
  const losses = rowDerivatives(family).losses(scores, y).data;
  let total = 0;
  for (let i = 0; i < losses.length; i++) total += (weights?.[i] ?? 1) * losses[i];
  const facts = { total, count: countOf(at), y: y.data, weights, analytic };
  return family.logLikelihood?.(facts) ?? -total;
}

/**
 * Pearson's estimate of the scale, Σ weight · slope² / information over the degrees of freedom: for least
 * squares RSS / (n − p).
 */
export function pearson({ family, scores, y, weights }: AtMaximum): number {
  const slopes = rowDerivatives(family).slopes(scores, y).data;
  const expected = information(family, scores, y).data;
  let total = 0;
  for (let i = 0; i < slopes.length; i++) {
    if (slopes[i] !== 0) total += ((weights?.[i] ?? 1) * slopes[i] ** 2) / expected[i];
  }
  return total;
}
