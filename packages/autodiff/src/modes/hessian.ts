import { concat } from '../ops/concat.ts';
import { reshape } from '../ops/reshape.ts';
import { expectFunction } from '../primitive/callable.ts';
import { filled } from '../values/flat-matrix.ts';
import type { Operand, Value } from '../values/operand.ts';
import { leafList, withLeaves } from '../values/tree.ts';
import { jvp } from './forward.ts';
import { expectHoldable } from './holdable.ts';
import { jacobian } from './jacobian.ts';
import { inFormOf, valuesOf } from './results.ts';
import { differentiate } from './reverse.ts';
import type { Argument, GradientOf, HessianOf } from './types.ts';

/**
 * The matrix of second derivatives of a function that returns a single number: N×N over the N
 * entries of x, counted row by row; over all leaves one after the other where x is a structure.
 *
 * A number where x is a number. The gradient is computed once and pushed forward in N directions.
 * Throws a DerivativeError where f does not return 1×1, and before it begins where the matrix would
 * take more than 1 GiB.
 *
 * ```ts
 * hessian((x: Value) => dot(x, matmul(A, x)))(x); // A + Aᵀ
 * hessian((x: Value) => pow(x, 4))(1); // 12
 * ```
 */
export function hessian<P = Value, R extends unknown[] = []>(
  f: (x: P, ...rest: R) => Operand,
): <X extends Argument<P>>(x: X, ...rest: R) => HessianOf<X> {
  expectFunction('hessian', f);
  return (x, ...rest) => {
    const size = valuesOf(x, 'hessian').reduce((n, { rows, columns }) => n + rows * columns, 0);
    expectHoldable('hessian', size, size, 'use hvp, its product with a direction');
    const gradient = (at: unknown): Value => {
      const parts = valuesOf(differentiate('hessian', f, at, rest).gradient, 'hessian');
      return inOneColumn(parts);
    };
    const blocks = valuesOf(jacobian(gradient)(x), 'hessian');
    const result = blocks.length === 0 ? filled(0, 0, 0) : concat(blocks, { axis: 1 });
    return (typeof x === 'number' ? inFormOf(x, result) : result) as never;
  };
}

function inOneColumn(parts: readonly Value[]): Value {
  if (parts.length === 0) return filled(0, 1, 0);
  return concat(parts.map((part) => reshape(part, [part.rows * part.columns, 1])));
}

/**
 * The Hessian of f times a direction, in x's structure, without forming the Hessian: forward mode
 * over reverse mode, for a small multiple of the cost of one gradient.
 *
 * `direction` has x's structure and shapes. Throws a DerivativeError where f does not return 1×1.
 *
 * ```ts
 * hvp((x: Value) => dot(x, matmul(A, x)))(x, v); // (A + Aᵀ) v
 * ```
 */
export function hvp<P = Value, R extends unknown[] = []>(
  f: (x: P, ...rest: R) => Operand,
): <X extends Argument<P>>(x: X, direction: Argument<P>, ...rest: R) => GradientOf<X> {
  expectFunction('hvp', f);
  return (x, direction, ...rest) => {
    const gradient = (at: unknown) => differentiate('hvp', f, at, rest).gradient;
    const { tangent } = jvp(gradient)(x, direction);
    const leaves = leafList(x);
    const changes = valuesOf(tangent, 'hvp').map((change, i) => inFormOf(leaves[i], change));
    return withLeaves(x as unknown, changes) as never;
  };
}
