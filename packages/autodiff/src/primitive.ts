import type { AbstractMatrix } from 'ml-matrix';
import type { FlatMatrix } from './flat-matrix.ts';
import type { Notation } from './notation.ts';
import type { Shape, Sized } from './shape.ts';

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

/** The derivative with respect to one input: pushes tangents forward, pulls cotangents back. */
export interface LinearMap {
  /** A change of the input → the change of the result. */
  push(tangent: Value): Value;
  /** A gradient with respect to the result → the gradient with respect to the input. */
  pull(cotangent: Value): Value;
}

/** The linear map at a point: given the result and the inputs there. */
export type Partial = (result: Value, ...inputs: Value[]) => LinearMap;

/**
 * Stands where a result does not change when the input moves a little (the condition of `where`):
 * the derivative is zero and nothing is computed.
 */
export const locallyConstant = 'locallyConstant';

/** What an operation says about one input; null: not differentiable. */
export type Rule = Partial | null | typeof locallyConstant;

/** One point at which the tests check a primitive: its inputs, each as rows of entries. */
export type Sample = readonly (readonly (readonly number[])[])[];

/** A simpler value that equals an operation on these symbolic inputs, if there is one. */
export type Rewrite = (...inputs: Value[]) => Value | undefined;

/**
 * The rewrites of one operation. The result may be smaller than the operation's, where stretching
 * it gives the same.
 */
export interface Simplification {
  /** Gives the same number for all inputs, NaN and infinities included. */
  readonly exact?: Rewrite;
  /** Gives the same number up to rounding while all values are finite. */
  readonly algebraic?: Rewrite;
}

/** Everything that is known about one operation. */
export interface Primitive {
  readonly name: string;
  /** What the operation depends on beside its inputs (an axis, indices); plain data. */
  readonly parameters?: unknown;
  /** The shape of the result; throws a ShapeError that names the operation and the sizes. */
  shape(...inputs: Sized[]): Shape;
  /** The result; may assume that `shape` accepted the inputs, and never changes them. */
  value(...inputs: FlatMatrix[]): FlatMatrix;
  /**
   * One linear map per input. null: not differentiable, an error if a derivative is asked for.
   * A single function serves operations with any number of inputs.
   */
  readonly partials: readonly Rule[] | ((index: number) => Partial);
  /** Elementwise primitives: one entry of the result from one entry of each input. */
  readonly entry?: (...entries: number[]) => number;
  /** How symbolic mode prints it; `name(a, b)` without. */
  readonly print?: Notation;
  /** Simpler values that equal this operation on given symbolic inputs. */
  readonly simplify?: Simplification;
  /** Points at which the tests check it in every mode. */
  readonly samples: readonly Sample[];
}

export function partialOf(primitive: Primitive, index: number): Rule {
  const { partials } = primitive;
  return typeof partials === 'function' ? partials(index) : partials[index];
}
