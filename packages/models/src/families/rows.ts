import { FlatMatrix, grad, mul, sum, type Value } from '@steepest/autodiff';
import type { Family } from './family.ts';

/** The loss of each row and its derivatives by the row's scores, all of them by differentiation. */
export interface RowDerivatives {
  /** n×1. */
  losses(scores: FlatMatrix, y: FlatMatrix): FlatMatrix;
  /** n×K: d loss / dt. */
  slopes(scores: FlatMatrix, y: FlatMatrix): FlatMatrix;
  /** n×K: row i is Hᵢ vᵢ, Hᵢ the K×K second derivative of its loss. For K = 1 and v = 1, d² loss / dt². */
  curvaturesAlong(scores: FlatMatrix, y: FlatMatrix, v: FlatMatrix): FlatMatrix;
}

/**
 * The derivatives of a family's loss, row by row: rows do not mix in the sum of the losses, so its
 * gradient by the scores holds each row's own.
 */
export function rowDerivatives(family: Family): RowDerivatives {
  const slopeAt = (scores: Value, y: FlatMatrix): Value =>
    grad((t: Value) => sum(family.loss(t, y)))(scores as FlatMatrix);
  return {
    losses: (scores, y) => family.loss(scores, y) as FlatMatrix,
    slopes: (scores, y) => slopeAt(scores, y) as FlatMatrix,
    curvaturesAlong: (scores, y, v) =>
      grad((t: Value) => sum(mul(slopeAt(t, y), v)))(scores) as FlatMatrix,
  };
}

/** d² loss / dt² of a family with one score: n×1. */
export function curvatures(family: Family, scores: FlatMatrix, y: FlatMatrix): FlatMatrix {
  const ones = new FlatMatrix(scores.rows, 1, new Float64Array(scores.rows).fill(1));
  return rowDerivatives(family).curvaturesAlong(scores, y, ones);
}

/**
 * The expected curvature, Fisher's information of a row: that of the loss where y is its mean, because
 * the losses of exponential families are linear in y.
 */
export function information(family: Family, scores: FlatMatrix, y: FlatMatrix): FlatMatrix {
  return curvatures(family, scores, family.canonical ? y : family.mean(scores));
}
