import { FlatMatrix, grad, mul, sum, type Value } from '@steepest/autodiff';
import type { Family } from '../families/family.ts';
import { freeOf, type Sample } from './sample.ts';

/** How the k-th prediction of each row follows its scores. */
export interface MeanDerivatives {
  /** n×K: d meanₖ / dt. */
  slopes(scores: FlatMatrix): FlatMatrix;
  /** n×K: row i is Hᵢ vᵢ, Hᵢ the second derivative of meanₖ. */
  curvaturesAlong(scores: FlatMatrix, v: FlatMatrix): FlatMatrix;
}

/** By differentiation of the family's mean; rows do not mix in the sum of the means. */
export function meanDerivatives(family: Family, k: number): MeanDerivatives {
  const slopesAt = (scores: Value, chosen: FlatMatrix): Value =>
    grad((t: Value) => sum(mul(family.mean(t as FlatMatrix), chosen)))(scores as FlatMatrix);
  const chosenOf = ({ rows, columns }: FlatMatrix) => unitRows(rows, columns, k);
  return {
    slopes: (scores) => slopesAt(scores, chosenOf(scores)) as FlatMatrix,
    curvaturesAlong: (scores, v) =>
      grad((t: Value) => sum(mul(slopesAt(t, chosenOf(scores)), v)))(scores) as FlatMatrix,
  };
}

/** Rows that are 0 but for a 1 in column k. */
export function unitRows(rows: number, columns: number, k: number): FlatMatrix {
  const unit = new FlatMatrix(rows, columns);
  for (let i = 0; i < rows; i++) unit.data[i * columns + k] = 1;
  return unit;
}

/** The predictions that a model has, by their place among the scores: all of them, or the only one. */
export function outputsOf(sample: Sample): readonly number[] {
  const count = sample.outputs;
  return Array.from({ length: count === freeOf(sample) ? 1 : count }, (_, k) => k);
}
