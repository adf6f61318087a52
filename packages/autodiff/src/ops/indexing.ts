import { show } from '@steepest/ground';
import type { AbstractMatrix } from 'ml-matrix';
import { apply } from '../primitive/apply.ts';
import type { Overloaded } from '../primitive/definition.ts';
import { DerivativeError } from '../primitive/derivative-error.ts';
import { op } from '../primitive/op.ts';
import type { Primitive } from '../primitive/primitive.ts';
import { Tracer } from '../primitive/tracer.ts';
import { FlatMatrix } from '../values/flat-matrix.ts';
import { isMatrix, isNdArray, lift, toFlatMatrix } from '../values/lift.ts';
import type { NdArrayLike, Operand, Value } from '../values/operand.ts';
import { formatShape, ShapeError } from '../values/shape.ts';
import { type Axis, axisOf } from './axis.ts';
import { transpose } from './matmul.ts';
import { expectNumbers, followed, openNumbers } from './open-indices.ts';

/** Whole numbers counted from 0, as an array, a matrix or an ndarray. */
export type Indices = ArrayLike<number> | AbstractMatrix | NdArrayLike;

const tall = [
  [0.5, -1.25],
  [1.5, 0.25],
  [-0.3, 2],
];

/** Copies that were checked: rules hand them on as they are. */
const known = new WeakSet<object>();

function wholeNumbers(operation: string, indices: Indices): Int32Array {
  if (known.has(indices)) return indices as Int32Array;
  const numbers = openNumbers(indices);
  if (numbers !== undefined) return numbers;
  if (indices instanceof Tracer) {
    throw new DerivativeError(
      `${operation}: the indices are being differentiated; pass them beside the first argument, ` +
        'in which the derivative is taken',
    );
  }
  const entries = isMatrix(indices) || isNdArray(indices) ? toFlatMatrix(indices).data : indices;
  if (typeof entries !== 'object' || typeof entries?.length !== 'number') {
    throw new TypeError(
      `${operation}: the indices must be a list of whole numbers, got ${show(indices)}; ` +
        `write ${operation}(x, [0, 2])`,
    );
  }
  const result = new Int32Array(entries.length);
  for (let i = 0; i < entries.length; i++) {
    if (!Number.isInteger(entries[i]) || entries[i] < 0) {
      throw new RangeError(
        `${operation}: index ${i} is ${show(entries[i])}; indices are whole numbers counted from 0`,
      );
    }
    result[i] = entries[i];
  }
  known.add(result);
  return result;
}

/** Applies an operation at indices; where these are open, the result is recorded. */
function at(primitive: Primitive, indices: Int32Array, x: Operand): Value {
  return apply(primitive, followed(indices, lift(x, primitive.name)));
}

function checkWithin(operation: string, indices: Int32Array, size: number, what: string): void {
  for (let i = 0; i < indices.length; i++) {
    if (indices[i] >= size) {
      throw new RangeError(
        `${operation}: index ${i} is ${indices[i]}, but there are only ${size} ${what}`,
      );
    }
  }
}

/**
 * The rows (axis 0, the default) or columns (axis 1) with the given indices, which may repeat.
 *
 * ```ts
 * gather(x, [2, 0, 2]); // rows 2, 0 and 2 of x
 * ```
 */
export const gather: Overloaded<(x: Operand, indices: Indices, options?: Axis) => Value> = op({
  name: 'gather',
  of: (indices: Int32Array) => ({
    parameters: { indices },
    shape: (x) => {
      checkWithin('gather', indices, x.rows, 'rows');
      return [indices.length, x.columns];
    },
    value: (x) => {
      expectNumbers('gather', indices);
      const { columns } = x;
      const result = new FlatMatrix(indices.length, columns);
      for (let i = 0; i < indices.length; i++) {
        const from = indices[i] * columns;
        for (let j = 0; j < columns; j++) result.data[i * columns + j] = x.data[from + j];
      }
      return result;
    },
    partials: [
      (_, x) => ({
        push: (tangent) => gather(tangent, indices),
        pull: (cotangent) => scatter(cotangent, indices, x.rows),
      }),
    ],
    samples: [[tall]],
  }),
  examples: [[Int32Array.of(2, 0, 2, 1)]],
  call: (of) => (x: Operand, given: Indices, options?: Axis) => {
    const indices = wholeNumbers('gather', given);
    const rows = of(indices);
    return axisOf('gather', options) === 1
      ? transpose(at(rows, indices, transpose(x)))
      : at(rows, indices, x);
  },
});

/** The transpose of gathering: row i of x is added to row indices[i] of `rows` rows of zeros. */
export const scatter: Overloaded<(x: Operand, indices: Int32Array, rows: number) => Value> = op({
  name: 'scatter',
  of: (indices: Int32Array, rows: number) => ({
    parameters: { indices, rows },
    shape: (x) => [rows, x.columns],
    value: (x) => {
      expectNumbers('scatter', indices);
      const { columns } = x;
      const result = new FlatMatrix(rows, columns);
      for (let i = 0; i < indices.length; i++) {
        const to = indices[i] * columns;
        for (let j = 0; j < columns; j++) result.data[to + j] += x.data[i * columns + j];
      }
      return result;
    },
    partials: [
      () => ({
        push: (tangent) => scatter(tangent, indices, rows),
        pull: (cotangent) => gather(cotangent, indices),
      }),
    ],
    samples: [[tall]],
  }),
  examples: [[Int32Array.of(2, 0, 2), 4]],
  call: (of) => (x: Operand, indices: Int32Array, rows: number) =>
    at(of(indices, rows), indices, x),
});

/**
 * One entry of each row: n×c and n indices → n×1 of X[i, indices[i]].
 *
 * ```ts
 * neg(mean(pick(logSoftmax(logits, { axis: 1 }), classes))); // the cross-entropy
 * ```
 */
export const pick: Overloaded<(x: Operand, indices: Indices) => Value> = op({
  name: 'pick',
  of: (indices: Int32Array) => ({
    parameters: { indices },
    shape: (x) => {
      if (x.rows !== indices.length) {
        throw new ShapeError(
          `pick: ${formatShape(x)} needs one index per row, ${indices.length} were given`,
        );
      }
      checkWithin('pick', indices, x.columns, 'columns');
      return [x.rows, 1];
    },
    value: (x) => {
      expectNumbers('pick', indices);
      const result = new FlatMatrix(x.rows, 1);
      for (let i = 0; i < x.rows; i++) result.data[i] = x.data[i * x.columns + indices[i]];
      return result;
    },
    partials: [
      (_, x) => ({
        push: (tangent) => pick(tangent, indices),
        pull: (cotangent) => place(cotangent, indices, x.columns),
      }),
    ],
    samples: [[tall]],
  }),
  examples: [[Int32Array.of(1, 0, 1)]],
  call: (of) => (x: Operand, given: Indices) => {
    const indices = wholeNumbers('pick', given);
    return at(of(indices), indices, x);
  },
});

/** The transpose of picking: entry i of a column goes to (i, indices[i]), zeros elsewhere. */
export const place: Overloaded<(x: Operand, indices: Int32Array, columns: number) => Value> = op({
  name: 'place',
  of: (indices: Int32Array, columns: number) => ({
    parameters: { indices, columns },
    shape: (x) => [x.rows, columns],
    value: (x) => {
      expectNumbers('place', indices);
      const result = new FlatMatrix(x.rows, columns);
      for (let i = 0; i < x.rows; i++) result.data[i * columns + indices[i]] = x.data[i];
      return result;
    },
    partials: [
      () => ({
        push: (tangent) => place(tangent, indices, columns),
        pull: (cotangent) => pick(cotangent, indices),
      }),
    ],
    samples: [[[[0.5], [1.5], [-0.3]]]],
  }),
  examples: [[Int32Array.of(1, 0, 1), 3]],
  call: (of) => (x: Operand, indices: Int32Array, columns: number) =>
    at(of(indices, columns), indices, x),
});
