import { apply } from '../primitive/apply.ts';
import { type Family, type Primitive, withRecord } from '../primitive/primitive.ts';
import { inputsOf } from '../primitive/term.ts';
import { FlatMatrix, filled, scalar } from '../values/flat-matrix.ts';
import type { Concrete, Operand, Value } from '../values/operand.ts';
import {
  checkedAxis,
  formatShape,
  type Shape,
  ShapeError,
  type Sized,
  sameShape,
  shapeOf,
} from '../values/shape.ts';
import { sumOfColumns, sumOfRows, sumRange } from './kernels/sum.ts';
import { reductionNotation, sizedNotation } from './notation-matrices.ts';

/** Along which dimension a reduction runs: 0 down the rows, 1 across the columns, none: both. */
export interface Axis {
  readonly axis?: 0 | 1;
}

/** A reduction: all entries → 1×1, axis 0: r×c → 1×c, axis 1: r×c → r×1. */
export interface Reduction {
  (x: Concrete, options?: Axis): FlatMatrix;
  (x: Operand, options?: Axis): Value;
}

/** A reduction that is an operation of its own. */
export interface ReductionOperation extends Reduction {
  readonly primitive: Family;
}

/** The shape after a reduction along an axis. */
export function reducedShape(x: Sized, axis: 0 | 1 | undefined): Shape {
  return [axis === 1 ? x.rows : 1, axis === 0 ? x.columns : 1];
}

/** The operation with one primitive per axis, each made once. */
export function perAxis(
  name: string,
  make: (axis: 0 | 1 | undefined) => Primitive,
): ReductionOperation {
  const examples: Primitive[] = [];
  const family: Family = { name, examples };
  for (const axis of [undefined, 0, 1] as const) examples.push({ ...make(axis), family });
  const [all, ...byAxis] = examples;
  return withRecord((x: Operand, options?: Axis) => {
    const axis = checkedAxis(name, options?.axis);
    return apply(axis === undefined ? all : byAxis[axis], x);
  }, family) as ReductionOperation;
}

const block = [
  [0.5, -1.25, 2],
  [1.5, 0.25, -0.75],
];

/**
 * The sum of all entries, or along an axis. Summed pairwise; an empty sum is 0.
 *
 * ```ts
 * sum(new FlatMatrix(1, 3, [1, 2, 3])); // [6]
 * ```
 */
export const sum: ReductionOperation = perAxis('sum', (axis) => ({
  name: 'sum',
  print: reductionNotation('sum', axis),
  parameters: axis === undefined ? {} : { axis },
  shape: (x) => reducedShape(x, axis),
  value: (x) => {
    if (axis === 0) return sumOfColumns(x);
    return axis === 1 ? sumOfRows(x) : scalar(sumRange(x.data, 0, x.data.length));
  },
  simplify: {
    algebraic: (x) =>
      (axis === 1 || x.rows === 1) && (axis === 0 || x.columns === 1) ? x : undefined,
  },
  partials: [
    (_, x) => ({
      push: (tangent) => sum(tangent, axis === undefined ? {} : { axis }),
      pull: (cotangent) => stretchTo(cotangent, x),
    }),
  ],
  samples: [[block], [[[3]]]],
}));

/** The sum of the entries that came from stretching a value of the given size; none: x itself. */
export function sumTo(x: Value, rows: number, columns: number): Value {
  if (x.rows === rows && x.columns === columns) return x;
  if (rows === 1 && columns === 1) return sum(x);
  return sum(x, { axis: rows === 1 ? 0 : 1 });
}

const broadcasts: Family = {
  name: 'broadcastTo',
  get examples() {
    return [{ ...broadcasting(3, 2), samples: [[[[1.5, -2]]], [[[1], [2], [-3]]], [[[0.7]]]] }];
  },
};

function broadcasting(rows: number, columns: number): Primitive {
  return {
    name: 'broadcastTo',
    family: broadcasts,
    print: sizedNotation('broadcastTo', rows, columns),
    parameters: { rows, columns },
    shape: (x) => {
      const fits = (x.rows === rows || x.rows === 1) && (x.columns === columns || x.columns === 1);
      if (fits) return [rows, columns];
      throw new ShapeError(
        `broadcastTo: ${formatShape(x)} does not stretch to ${rows}×${columns}: ` +
          'each dimension must be equal, or 1',
      );
    },
    value: (x) => stretched(x, rows, columns),
    simplify: {
      exact: (x) => {
        if (x.rows === rows && x.columns === columns) return x;
        return inputsOf(x, broadcasts)?.[0];
      },
    },
    partials: [
      (result, x) => ({
        push: (tangent) => stretchTo(tangent, result),
        pull: (cotangent) => sumTo(cotangent, x.rows, x.columns),
      }),
    ],
    samples: [],
  };
}

function stretched(x: FlatMatrix, rows: number, columns: number): FlatMatrix {
  if (x.rows === 1 && x.columns === 1) return filled(rows, columns, x.data[0]);
  const result = new FlatMatrix(rows, columns);
  for (let i = 0; i < rows; i++) {
    const to = i * columns;
    if (x.columns === 1) result.data.fill(x.data[i], to, to + columns);
    else
      result.data.set(
        x.data.subarray(x.rows === 1 ? 0 : to, (x.rows === 1 ? 0 : to) + columns),
        to,
      );
  }
  return result;
}

/**
 * x with rows and columns of size 1 repeated to fill the shape.
 *
 * ```ts
 * broadcastTo(new FlatMatrix(1, 2, [1, 2]), [3, 2]); // three equal rows
 * ```
 */
export const broadcastTo = withRecord(
  (x: Operand, [rows, columns]: Shape) => apply(broadcasting(rows, columns), x),
  broadcasts,
) as {
  (x: Concrete, shape: Shape): FlatMatrix;
  (x: Operand, shape: Shape): Value;
  readonly primitive: Family;
};

/** x stretched to the size of another value; x itself where it has that size. */
export function stretchTo(x: Value, size: Sized): Value {
  return sameShape(x, size) ? x : broadcastTo(x, shapeOf(size));
}
