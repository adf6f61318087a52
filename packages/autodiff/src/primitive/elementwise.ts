import { stretchTo, sumTo } from '../ops/broadcast.ts';
import { product } from '../ops/product.ts';
import type { FlatMatrix } from '../values/flat-matrix.ts';
import type { Concrete, Operand, Value } from '../values/operand.ts';
import { broadcastShape, shapeOf } from '../values/shape.ts';
import { apply } from './apply.ts';
import { mapBinary, mapUnary } from './map.ts';
import type { Notation } from './notation.ts';
import {
  type LinearMap,
  locallyConstant,
  type Partial,
  type Primitive,
  type Sample,
  type Simplification,
  withRecord,
} from './primitive.ts';

/** An operation on one operand, entry by entry: r×c → r×c. */
export interface Unary {
  (x: Concrete): FlatMatrix;
  (x: Operand): Value;
  readonly primitive: Primitive;
}

/** An operation on two operands, entry by entry; rows, columns and scalars stretch to fit. */
export interface Binary {
  (a: Concrete, b: Concrete): FlatMatrix;
  (a: Operand, b: Operand): Value;
  readonly primitive: Primitive;
}

/**
 * The derivative of an entry of the result with respect to the same entry of an input: computed
 * from the result and the inputs, or the same number everywhere.
 */
export type Slope = ((result: Value, ...inputs: Value[]) => Value) | number;

/** What an elementwise rule says; everything else follows from it. */
export interface ElementwiseRule {
  readonly name: string;
  readonly entry: (...entries: number[]) => number;
  /** One per input. null: not differentiable. */
  readonly slopes: readonly (Slope | null | typeof locallyConstant)[];
  readonly samples: readonly Sample[];
  readonly print?: Notation;
  readonly simplify?: Simplification;
  /** A loop that is faster than calling `entry` for every entry. */
  readonly value?: (...inputs: FlatMatrix[]) => FlatMatrix;
}

/** The primitive of an elementwise rule with one or two inputs. */
export function elementwise(rule: ElementwiseRule): Primitive {
  const { name, entry, slopes, ...rest } = rule;
  const unary = slopes.length === 1;
  return {
    name,
    entry,
    shape: unary ? shapeOf : (a, b) => broadcastShape(name, a, b),
    value: unary ? (x) => mapUnary(entry, x) : (a, b) => mapBinary(entry, a, b),
    partials: slopes.map((slope, i) =>
      slope === null || slope === locallyConstant ? slope : partialFrom(slope, i),
    ),
    ...rest,
  };
}

// Both directions multiply by the slope; a stretched input gets the sum of its entries' shares.
function partialFrom(slope: Slope, index: number): Partial {
  if (typeof slope === 'number') {
    return (result, ...inputs) => scaling(result, inputs[index], slope);
  }
  return (result, ...inputs): LinearMap => {
    const rate = slope(result, ...inputs);
    const input = inputs[index];
    return {
      push: (tangent) => stretchTo(product(tangent, rate), result),
      pull: (cotangent) => sumTo(product(cotangent, rate), input.rows, input.columns),
    };
  };
}

function scaling(result: Value, input: Value, rate: number): LinearMap {
  const scaled = (x: Value) => (rate === 1 ? x : product(x, rate));
  return {
    push: (tangent) => stretchTo(scaled(tangent), result),
    pull: (cotangent) => sumTo(scaled(cotangent), input.rows, input.columns),
  };
}

/** The public function of a unary primitive. */
export function unary(primitive: Primitive): Unary {
  return withRecord((x: Operand) => apply(primitive, x), primitive) as Unary;
}

/** The public function of a binary primitive. */
export function binary(primitive: Primitive): Binary {
  return withRecord((a: Operand, b: Operand) => apply(primitive, a, b), primitive) as Binary;
}
