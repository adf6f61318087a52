import type { FlatMatrix, NdArrayLike, Operand, Value } from '@steepest/autodiff';

/** The parameters of a model: w is d×K; b is a number where K = 1, otherwise 1×K. */
export interface Params {
  readonly w: FlatMatrix;
  readonly b: number | FlatMatrix;
}

/** Parameters as a loss sees them while it is differentiated. */
export interface Weights {
  readonly w: Value;
  readonly b: Operand;
}

/** A column of numbers: any matrix or ndarray of n×1. */
export type Column = FlatMatrix | NdArrayLike;

/** Examples: x is n×d, all else n×1. */
export interface Batch {
  readonly x: Value | NdArrayLike;
  readonly y: Column;
  /** How much each row counts; its loss is multiplied by it. */
  readonly weights?: Column | undefined;
  /** Added to the scores: for counts, the logarithm of the exposure. */
  readonly offset?: Column | undefined;
}
