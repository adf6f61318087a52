import { expectFunction } from '../primitive/callable.ts';
import { DerivativeError } from '../primitive/derivative-error.ts';
import { FlatMatrix } from '../values/flat-matrix.ts';
import { toFlatMatrix } from '../values/lift.ts';
import type { Concrete, Operand, Value } from '../values/operand.ts';
import { formatShape, ShapeError } from '../values/shape.ts';
import { structurallyOrthogonal } from './colours.ts';
import { concreteFrom } from './entries.ts';
import { linearized } from './linearization.ts';

/**
 * The {@link jacobian} of a function of one matrix whose entries outside of `pattern` (result entries
 * × entries of x, not 0 where there may be a derivative) are known to be 0: one push for each group
 * of columns that share no row, so three for a tridiagonal Jacobian of any size.
 *
 * Throws a ShapeError where the pattern has another size, a DerivativeError where the Jacobian has
 * entries outside of it: it is checked in one more direction.
 *
 * ```ts
 * sparseJacobian(residuals, pattern)(x);
 * ```
 */
export function sparseJacobian<R extends unknown[] = []>(
  f: (x: Value, ...rest: R) => Operand,
  pattern: Concrete,
): (x: Concrete, ...rest: R) => FlatMatrix {
  expectFunction('sparseJacobian', f);
  const marks = toFlatMatrix(pattern, 'sparseJacobian');
  const groups = structurallyOrthogonal(marks);
  return (x, ...rest) => {
    const { at } = linearized('sparseJacobian', f, concreteFrom('sparseJacobian', x), rest);
    const [root] = at.roots;
    checkPattern(marks, at.ends, root);
    at.keep();
    const along = (direction: Float64Array): Float64Array => {
      const tangent = new FlatMatrix(root.rows, root.columns, direction);
      return concreteFrom('sparseJacobian', at.push([tangent])[0]).data;
    };
    const { rows, columns } = marks;
    const result = new FlatMatrix(rows, columns);
    for (const group of groups) {
      const direction = new Float64Array(columns);
      for (const j of group) direction[j] = 1;
      const pushed = along(direction);
      for (let i = 0; i < rows; i++) {
        const column = group.find((j) => marks.data[i * columns + j] !== 0);
        if (column !== undefined) result.data[i * columns + column] = pushed[i];
      }
    }
    checkProduct(result, along);
    return result;
  };
}

function checkPattern(marks: FlatMatrix, ends: readonly Value[], root: Value): void {
  const rows = ends.length === 1 ? ends[0].rows * ends[0].columns : -1;
  const columns = root.rows * root.columns;
  if (marks.rows === rows && marks.columns === columns) return;
  throw new ShapeError(
    `sparseJacobian: the pattern is ${formatShape(marks)}, the Jacobian ` +
      `${rows < 0 ? `of ${ends.length} results` : `${rows}×${columns}`}; give a pattern of one ` +
      'result and one matrix',
  );
}

// J·u for a direction without structure: an entry outside of the pattern shows in it.
function checkProduct(
  jacobian: FlatMatrix,
  along: (direction: Float64Array) => Float64Array,
): void {
  const { rows, columns, data } = jacobian;
  const u = Float64Array.from({ length: columns }, (_, j) => 1 + ((j * 0.618) % 1));
  const expected = along(u);
  for (let i = 0; i < rows; i++) {
    let product = 0;
    let size = 0;
    for (let j = 0; j < columns; j++) {
      const term = data[i * columns + j] * u[j];
      product += term;
      size += Math.abs(term);
    }
    const gap = Math.abs(product - expected[i]);
    if (gap <= 1e-9 * (size + Math.abs(expected[i])) || Number.isNaN(gap)) continue;
    throw new DerivativeError(
      `sparseJacobian: row ${i} of the Jacobian has entries outside of the pattern; mark them in ` +
        'it, or use jacobian',
    );
  }
}
