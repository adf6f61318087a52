import { broadcastTo } from '../ops/broadcast.ts';
import { apply } from '../primitive/apply.ts';
import { type Primitive, recordOf, type Simplification } from '../primitive/primitive.ts';
import { inputsOf, uniform } from '../primitive/term.ts';
import { scalar } from '../values/flat-matrix.ts';
import type { Value } from '../values/operand.ts';
import { algebra } from './algebra/table.ts';

/**
 * Which rewrites a recording applies.
 *
 * `exact`: only those that give the same number for all inputs, NaN and infinities included. Where a
 * derivative is multiplied by 1 or −1 a zero may change its sign, and Aᵀ·B, which replaces a
 * transpose and a product, may add up in another order.
 * `algebraic`: also those that hold, up to rounding and overflow, while all values and quotients are
 * finite: x · 0 is 0, x / x is 1.
 * false: none; equal operations are still shared.
 */
export type Simplify = 'algebraic' | 'exact' | false;

/** A simpler value for an operation, which may have to be stretched to its shape. */
export function simpler(
  primitive: Primitive,
  inputs: readonly Value[],
  simplify: Simplify,
): Value | undefined {
  if (simplify === false) return undefined;
  const rewrites = simplificationOf(primitive);
  const exact = unstretched(primitive, inputs) ?? rewrites?.exact?.(...inputs);
  if (exact !== undefined || simplify === 'exact') return exact;
  return rewrites?.algebraic?.(...inputs);
}

/** What simplifies an operation: its entry in `algebra`, or what it says of itself. */
export function simplificationOf(primitive: Primitive): Simplification | undefined {
  const shared = algebra.get(recordOf(primitive));
  return typeof shared === 'function' ? shared(primitive) : (shared ?? primitive.simplify);
}

/** Entry by entry, stretching the result (or leaving that to the next operation) is less work. */
function unstretched(primitive: Primitive, inputs: readonly Value[]): Value | undefined {
  if (primitive.entry === undefined) return undefined;
  const smaller = inputs.map(beforeStretching);
  if (smaller.every((x, i) => x === inputs[i])) return undefined;
  return apply(primitive, ...smaller);
}

function beforeStretching(x: Value): Value {
  if (x.rows * x.columns === 1) return x;
  const number = uniform(x);
  return number === undefined ? (inputsOf(x, broadcastTo.primitive)?.[0] ?? x) : scalar(number);
}
