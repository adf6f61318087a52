import type { AbstractMatrix } from 'ml-matrix';
import type { Sized } from './shape.ts';

/**
 * What operations take and return inside a differentiated function: a matrix, or a tracer that
 * stands for one.
 */
export interface Value extends Sized {}

/** A two-dimensional ndarray, or one of one dimension, read as a column. */
export interface NdArrayLike {
  readonly data: ArrayLike<number> | { get(index: number): number };
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly offset: number;
}

/** What a public operation accepts. */
export type Operand = Value | number | NdArrayLike;

/** Operands that hold numbers already, so that the result does too. */
export type Concrete = AbstractMatrix | number | NdArrayLike;
