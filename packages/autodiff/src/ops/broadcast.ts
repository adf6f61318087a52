import { apply } from '../primitive/apply.ts';
import type { Parametric } from '../primitive/definition.ts';
import { op } from '../primitive/op.ts';
import { inputsOf } from '../primitive/term.ts';
import { FlatMatrix, filled, scalar } from '../values/flat-matrix.ts';
import type { Operand, Value } from '../values/operand.ts';
import {
  checkedShape,
  formatShape,
  type Shape,
  ShapeError,
  type Sized,
  sameShape,
  shapeOf,
} from '../values/shape.ts';
import { options } from './axis.ts';
import { ofShape } from './by-shape.ts';
import { sumOfColumns, sumOfRows, sumRange } from './kernels/sum.ts';
import { sizedNotation } from './notation-matrices.ts';
import { type ReductionOperation, reduction } from './reduction.ts';

// Sums and stretched values: each is the other's transpose.

/**
 * The sum of all entries, or along an axis. Summed pairwise; an empty sum is 0.
 *
 * ```ts
 * sum(new FlatMatrix(1, 3, [1, 2, 3])); // [6]
 * ```
 */
export const sum: ReductionOperation = op(
  reduction(
    'sum',
    (axis) => ({
      value: (x) => {
        if (axis === 0) return sumOfColumns(x);
        return axis === 1 ? sumOfRows(x) : scalar(sumRange(x.data, 0, x.data.length));
      },
      partials: [
        (_, x) => ({
          push: (tangent) => sum(tangent, options(axis)),
          pull: (cotangent) => stretchTo(cotangent, x),
        }),
      ],
    }),
    { ofNothing: true },
  ),
);

/**
 * x with rows and columns of size 1 repeated to fill the shape.
 *
 * ```ts
 * broadcastTo(new FlatMatrix(1, 2, [1, 2]), [3, 2]); // three equal rows
 * ```
 */
export const broadcastTo: Parametric<[shape: Shape]> = op({
  name: 'broadcastTo',
  of: (given: Shape) => {
    const [rows, columns] = checkedShape('broadcastTo', given);
    return {
      parameters: { rows, columns },
      print: sizedNotation('broadcastTo', rows, columns),
      shape: (x) => {
        if (stretchesTo(x, { rows, columns })) return [rows, columns];
        throw new ShapeError(
          `broadcastTo: ${formatShape(x)} does not stretch to ${rows}×${columns}: ` +
            'each dimension must be equal, or 1',
        );
      },
      value: (x) => stretched(x, rows, columns),
      simplify: {
        exact: (x) => {
          if (x.rows === rows && x.columns === columns) return x;
          return inputsOf(x, broadcastTo.primitive)?.[0];
        },
      },
      partials: [
        (result, x) => ({
          push: (tangent) => stretchTo(tangent, result),
          pull: (cotangent) => sumTo(cotangent, x.rows, x.columns),
        }),
      ],
      samples: [[[[1.5, -2]]], [[[1], [2], [-3]]], [[[0.7]]]],
    };
  },
  examples: [[[3, 2]]],
  call: (of) => {
    const byShape = ofShape(of);
    return (x: Operand, shape: Shape) => apply(byShape(shape), x);
  },
});

function stretched(x: FlatMatrix, rows: number, columns: number): FlatMatrix {
  if (x.rows === 1 && x.columns === 1) return filled(rows, columns, x.data[0]);
  const result = new FlatMatrix(rows, columns);
  for (let i = 0; i < rows; i++) {
    const to = i * columns;
    const from = x.rows === 1 ? 0 : to;
    if (x.columns === 1) result.data.fill(x.data[i], to, to + columns);
    else result.data.set(x.data.subarray(from, from + columns), to);
  }
  return result;
}

/** Whether repeating its rows or columns of size 1 brings x to a size. */
export function stretchesTo(x: Sized, size: Sized): boolean {
  return (x.rows === size.rows || x.rows === 1) && (x.columns === size.columns || x.columns === 1);
}

/** x stretched to the size of another value; x itself where it has that size. */
export function stretchTo(x: Value, size: Sized): Value {
  return sameShape(x, size) ? x : broadcastTo(x, shapeOf(size));
}

/** The sum of the entries that came from stretching a value of the given size; none: x itself. */
export function sumTo(x: Value, rows: number, columns: number): Value {
  if (x.rows === rows && x.columns === columns) return x;
  if (rows === 1 && columns === 1) return sum(x);
  return sum(x, { axis: rows === 1 ? 0 : 1 });
}
