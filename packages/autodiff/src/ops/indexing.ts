import type { AbstractMatrix } from 'ml-matrix';
import { apply as applied } from '../primitive/apply.ts';
import { DerivativeError } from '../primitive/derivative-error.ts';
import { type Family, type Primitive, withRecord } from '../primitive/primitive.ts';
import { Tracer } from '../primitive/tracer.ts';
import { FlatMatrix } from '../values/flat-matrix.ts';
import { isMatrix, isNdArray, lift, toFlatMatrix } from '../values/lift.ts';
import type { Concrete, NdArrayLike, Operand, Value } from '../values/operand.ts';
import { checkedAxis, formatShape, ShapeError } from '../values/shape.ts';
import { transpose } from './linear.ts';
import { expectNumbers, followed, openNumbers } from './open-indices.ts';

/** Whole numbers counted from 0, as an array, a matrix or an ndarray. */
export type Indices = ArrayLike<number> | AbstractMatrix | NdArrayLike;

const tall = [
  [0.5, -1.25],
  [1.5, 0.25],
  [-0.3, 2],
];

function wholeNumbers(operation: string, indices: Indices): Int32Array {
  const numbers = openNumbers(indices);
  if (numbers !== undefined) return numbers;
  if (indices instanceof Tracer) {
    throw new DerivativeError(
      `${operation}: the indices are being differentiated; pass them beside the first argument, ` +
        'in which the derivative is taken',
    );
  }
  const entries = isMatrix(indices) || isNdArray(indices) ? toFlatMatrix(indices).data : indices;
  const result = new Int32Array(entries.length);
  for (let i = 0; i < entries.length; i++) {
    if (!Number.isInteger(entries[i]) || entries[i] < 0) {
      throw new RangeError(
        `${operation}: index ${i} is ${entries[i]}; indices are whole numbers counted from 0`,
      );
    }
    result[i] = entries[i];
  }
  return result;
}

/** Applies an operation at indices; where these are open, the result is recorded. */
function apply(primitive: Primitive, x: Operand): Value {
  const { indices } = primitive.parameters as { readonly indices: Int32Array };
  return applied(primitive, followed(indices, lift(x, primitive.name)));
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

const gathers: Family = {
  name: 'gather',
  get examples() {
    return [gathering(Int32Array.of(2, 0, 2, 1))];
  },
};

function gathering(indices: Int32Array): Primitive {
  return {
    name: 'gather',
    family: gathers,
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
        push: (tangent) => apply(gathering(indices), tangent),
        pull: (cotangent) => scatter(cotangent, indices, x.rows),
      }),
    ],
    samples: [[tall]],
  };
}

const scatters: Family = {
  name: 'scatter',
  get examples() {
    return [scattering(Int32Array.of(2, 0, 2), 4)];
  },
};

/** The transpose of gathering: row i of x is added to row indices[i] of `rows` rows of zeros. */
function scattering(indices: Int32Array, rows: number): Primitive {
  return {
    name: 'scatter',
    family: scatters,
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
        pull: (cotangent) => apply(gathering(indices), cotangent),
      }),
    ],
    samples: [[tall]],
  };
}

const picks: Family = {
  name: 'pick',
  get examples() {
    return [picking(Int32Array.of(1, 0, 1))];
  },
};

interface Placing {
  (x: Value, indices: Int32Array, size: number): Value;
  readonly primitive: Family;
}

/** Row i of x added to row indices[i] of `rows` rows of zeros. */
export const scatter: Placing = withRecord(
  (x: Value, indices: Int32Array, rows: number) => apply(scattering(indices, rows), x),
  scatters,
);

function picking(indices: Int32Array): Primitive {
  return {
    name: 'pick',
    family: picks,
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
        push: (tangent) => apply(picking(indices), tangent),
        pull: (cotangent) => place(cotangent, indices, x.columns),
      }),
    ],
    samples: [[tall]],
  };
}

const places: Family = {
  name: 'place',
  get examples() {
    return [placing(Int32Array.of(1, 0, 1), 3)];
  },
};

/** The transpose of picking: entry i of a column goes to (i, indices[i]), zeros elsewhere. */
function placing(indices: Int32Array, columns: number): Primitive {
  return {
    name: 'place',
    family: places,
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
        pull: (cotangent) => apply(picking(indices), cotangent),
      }),
    ],
    samples: [[[[0.5], [1.5], [-0.3]]]],
  };
}

/** Entry i of a column at (i, indices[i]) of a matrix with so many columns, zeros elsewhere. */
export const place: Placing = withRecord(
  (x: Value, indices: Int32Array, columns: number) => apply(placing(indices, columns), x),
  places,
);

/**
 * The rows (axis 0, the default) or columns (axis 1) with the given indices, which may repeat.
 *
 * ```ts
 * gather(x, [2, 0, 2]); // rows 2, 0 and 2 of x
 * ```
 */
export const gather = withRecord(
  (x: Operand, indices: Indices, { axis = 0 }: { axis?: 0 | 1 } = {}) => {
    const rows = gathering(wholeNumbers('gather', indices));
    return checkedAxis('gather', axis) === 0
      ? apply(rows, x)
      : transpose(apply(rows, transpose(x)));
  },
  gathers,
) as {
  (x: Concrete, indices: Indices, options?: { axis?: 0 | 1 }): FlatMatrix;
  (x: Operand, indices: Indices, options?: { axis?: 0 | 1 }): Value;
  readonly primitive: Family;
};

/**
 * One entry of each row: n×c and n indices → n×1 of X[i, indices[i]].
 *
 * ```ts
 * neg(mean(pick(logSoftmax(logits, { axis: 1 }), classes))); // the cross-entropy
 * ```
 */
export const pick = withRecord(
  (x: Operand, indices: Indices) => apply(picking(wholeNumbers('pick', indices)), x),
  picks,
) as {
  (x: Concrete, indices: Indices): FlatMatrix;
  (x: Operand, indices: Indices): Value;
  readonly primitive: Family;
};
