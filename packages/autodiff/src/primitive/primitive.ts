import type { FlatMatrix } from '../values/flat-matrix.ts';
import type { Value } from '../values/operand.ts';
import type { Shape, Sized } from '../values/shape.ts';
import type { Notation } from './notation.ts';

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

/**
 * The derivative of an entry of the result with respect to the same entry of an input: computed
 * from the result and the inputs, or the same number everywhere.
 */
export type Slope = ((result: Value, ...inputs: Value[]) => Value) | number;

/** What an elementwise operation says about one input; null: not differentiable. */
export type SlopeRule = Slope | null | typeof locallyConstant;

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

/**
 * The record of an operation that depends on more than its inputs (an axis, indices): what the
 * primitives have in common that it makes, one for each choice of parameters.
 */
export interface Family {
  readonly name: string;
  /** Some of its primitives, at which the tests check it. */
  readonly examples: readonly Primitive[];
}

/** What stands for one operation, whatever its parameters: the key of all that others know of it. */
export type OperationRecord = Primitive | Family;

/** Everything that is known about one operation (with the parameters that it has here). */
export interface Primitive {
  readonly name: string;
  /** The record that it shares with the primitives of other parameters. */
  readonly family?: Family;
  /** What the operation depends on beside its inputs (an axis, indices); plain data. */
  readonly parameters?: unknown;
  /** The shape of the result; throws a ShapeError that names the operation and the sizes. */
  shape(...inputs: Sized[]): Shape;
  /** The result; may assume that `shape` accepted the inputs, and never changes them. */
  value(...inputs: FlatMatrix[]): FlatMatrix;
  /** Elementwise operations: one entry of the result from one entry of each input. */
  readonly entry?: (...entries: number[]) => number;
  /** Elementwise operations: one slope per input, from which both directions follow. */
  readonly slopes?: readonly SlopeRule[];
  /**
   * All others: one linear map per input. A single function serves operations with any number of
   * inputs.
   */
  readonly partials?: readonly Rule[] | ((index: number) => Partial);
  /** Whether the order of its two inputs makes no difference, not even in rounding. */
  readonly commutative?: boolean;
  /** How symbolic mode prints it; `name(a, b)` without. */
  readonly print?: Notation;
  /**
   * Simpler values that equal this operation on given symbolic inputs. Where operations meet (sums,
   * products, powers), the rewrites of each of them stand in symbolic/algebra instead, all of them.
   */
  readonly simplify?: Simplification;
  /** What usually helps where it makes NaN out of numbers. */
  readonly remedy?: string;
  /** Points at which the tests check it in every mode. */
  readonly samples: readonly Sample[];
}

/** What an operation says about one of its inputs. */
export function ruleOf({ slopes, partials }: Primitive, index: number): Rule | Slope {
  if (slopes !== undefined) return slopes[index];
  return typeof partials === 'function' ? partials(index) : (partials?.[index] ?? null);
}

/** The record of the operation that a primitive belongs to: `recordOf(p) === gather.primitive`. */
export function recordOf(primitive: Primitive): OperationRecord {
  return primitive.family ?? primitive;
}

/** The primitives at which tests check an operation: its record itself, or a family's examples. */
export function primitivesOf(record: OperationRecord): readonly Primitive[] {
  return 'examples' in record ? record.examples : [record];
}
