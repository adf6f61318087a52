import { concat } from '../ops/concat.ts';
import { reshape } from '../ops/reshape.ts';
import { expectFunction } from '../primitive/callable.ts';
import { FlatMatrix, filled } from '../values/flat-matrix.ts';
import type { Value } from '../values/operand.ts';
import { expectHoldable } from './holdable.ts';
import { type Linearization, linearized } from './linearization.ts';
import { ownLeaves } from './results.ts';
import type { Argument, JacobianOf } from './types.ts';

/**
 * The matrix of all partial derivatives: result entries × entries of x, both counted row by row
 * (m×n for m results of n inputs; always a matrix, 1×1 for a function of one number).
 *
 * A structured x gives x's structure of such matrices, a structured result a structure of those.
 * f runs once; then m pulls (reverse mode) or n pushes (forward mode), whichever are fewer. Throws
 * a DerivativeError where f depends on x through an operation without a derivative, and where the
 * matrix would take more than 1 GiB.
 *
 * ```ts
 * jacobian((x: Value) => matmul(A, x))(x); // A
 * jacobian((x: Value) => square(x))(3); // [6]
 * ```
 */
export function jacobian<P = Value, R extends unknown[] = [], Y = Value>(
  f: (x: P, ...rest: R) => Y,
): <X extends Argument<P>>(x: X, ...rest: R) => JacobianOf<Y, X> {
  expectFunction('jacobian', f);
  return (x, ...rest) => {
    const { from, to, at } = linearized('jacobian', f, x, rest);
    const [m, n] = [count(at.ends), count(at.roots)];
    expectHoldable('jacobian', m, n, 'use jvp or vjp for its products with a vector');
    at.keep();
    const blocks = m < n ? byRows(at) : byColumns(at);
    return to.unflatten(blocks.map((row) => from.unflatten(ownLeaves(row, [])))) as never;
  };
}

function count(values: readonly Value[]): number {
  return values.reduce((n, { rows, columns }) => n + rows * columns, 0);
}

/** blocks[i][j]: the derivative of end i with respect to root j; one pull per entry of the ends. */
function byRows(at: Linearization): Value[][] {
  const { ends, roots } = at;
  return ends.map((end, i) => {
    const pulled = unitsLike(end).map((unit) =>
      at.pull(ends.map((_, k) => (k === i ? unit : undefined))),
    );
    return roots.map(({ rows, columns }, j) =>
      pulled.length === 0
        ? filled(0, rows * columns, 0)
        : concat(pulled.map((row) => reshape(row[j], [1, rows * columns]))),
    );
  });
}

/** The same by one push per entry of the roots. */
function byColumns(at: Linearization): Value[][] {
  const { ends, roots } = at;
  const byRoot = roots.map((root, j) => {
    const pushed = unitsLike(root).map((unit) =>
      at.push(roots.map((_, k) => (k === j ? unit : undefined))),
    );
    return ends.map(({ rows, columns }, i) =>
      pushed.length === 0
        ? filled(rows * columns, 0, 0)
        : concat(
            pushed.map((column) => reshape(column[i], [rows * columns, 1])),
            { axis: 1 },
          ),
    );
  });
  return ends.map((_, i) => byRoot.map((blocks) => blocks[i]));
}

/** For each entry, a matrix with 1 there and 0 elsewhere. */
function unitsLike({ rows, columns }: Value): FlatMatrix[] {
  return Array.from({ length: rows * columns }, (_, k) => {
    const unit = new FlatMatrix(rows, columns);
    unit.data[k] = 1;
    return unit;
  });
}
