import { apply } from '../primitive/apply.ts';
import { type Family, type Primitive, withRecord } from '../primitive/primitive.ts';
import { inputsOf } from '../primitive/term.ts';
import { FlatMatrix } from '../values/flat-matrix.ts';
import { lift } from '../values/lift.ts';
import type { Concrete, Operand, Value } from '../values/operand.ts';
import { formatShape, type Shape, ShapeError } from '../values/shape.ts';
import { blockNotation, indexNotation, sizedNotation } from './notation-matrices.ts';

/** From where (inclusive) to where (exclusive), counted from 0. */
export type Range = readonly [from: number, to: number];

const block = [
  [0.5, -1.25, 2],
  [1.5, 0.25, -0.75],
];

const reshapes: Family = {
  name: 'reshape',
  get examples() {
    return [reshaping(3, 2)];
  },
};

function reshaping(rows: number, columns: number): Primitive {
  return {
    name: 'reshape',
    family: reshapes,
    print: sizedNotation('reshape', rows, columns),
    parameters: { rows, columns },
    shape: (x) => {
      if (x.rows * x.columns === rows * columns) return [rows, columns];
      throw new ShapeError(
        `reshape: ${formatShape(x)} has ${x.rows * x.columns} entries, ` +
          `${rows}×${columns} would need ${rows * columns}`,
      );
    },
    value: (x) => new FlatMatrix(rows, columns, x.data.slice()),
    simplify: {
      exact: (x) => {
        if (x.rows === rows && x.columns === columns) return x;
        const inner = inputsOf(x, reshapes);
        return inner && reshape(inner[0], [rows, columns]);
      },
    },
    partials: [
      (_, x) => ({
        push: (tangent) => reshape(tangent, [rows, columns]),
        pull: (cotangent) => reshape(cotangent, [x.rows, x.columns]),
      }),
    ],
    samples: [[block]],
  };
}

const slices: Family = {
  name: 'slice',
  get examples() {
    return [slicing([0, 1], [1, 3])];
  },
};

function slicing([top, bottom]: Range, [left, right]: Range): Primitive {
  return {
    name: 'slice',
    family: slices,
    print: indexNotation(`${top}:${bottom}, ${left}:${right}`),
    parameters: { rows: [top, bottom], columns: [left, right] },
    shape: (x) => {
      checkRange('row', top, bottom, x.rows);
      checkRange('column', left, right, x.columns);
      return [bottom - top, right - left];
    },
    value: (x) => {
      const result = new FlatMatrix(bottom - top, right - left);
      for (let i = top, k = 0; i < bottom; i++, k += result.columns) {
        const start = i * x.columns;
        result.data.set(x.data.subarray(start + left, start + right), k);
      }
      return result;
    },
    simplify: {
      exact: (x) => (bottom - top === x.rows && right - left === x.columns ? x : undefined),
    },
    partials: [
      (_, x) => ({
        push: (tangent) => slice(tangent, [top, bottom], [left, right]),
        pull: (cotangent) => embed(cotangent, [x.rows, x.columns], top, left),
      }),
    ],
    samples: [[block]],
  };
}

function checkRange(kind: string, from: number, to: number, size: number): void {
  if (Number.isInteger(from) && Number.isInteger(to) && 0 <= from && from <= to && to <= size) {
    return;
  }
  throw new ShapeError(
    `slice: ${kind}s ${from} to ${to} (exclusive) do not lie in a value with ${size} ${kind}s`,
  );
}

const embeddings: Family = {
  name: 'embed',
  get examples() {
    return [embedding([4, 5], 1, 2)];
  },
};

/** The transpose of slicing: x with its corner at (top, left) of a matrix of zeros. */
function embedding([rows, columns]: Shape, top: number, left: number): Primitive {
  return {
    name: 'embed',
    family: embeddings,
    parameters: { rows, columns, top, left },
    shape: (x) => {
      if (top + x.rows <= rows && left + x.columns <= columns) return [rows, columns];
      throw new ShapeError(
        `embed: ${formatShape(x)} at (${top}, ${left}) leaves ${rows}×${columns}`,
      );
    },
    value: (x) => {
      const result = new FlatMatrix(rows, columns);
      for (let i = 0; i < x.rows; i++) {
        const from = i * x.columns;
        result.data.set(x.data.subarray(from, from + x.columns), (top + i) * columns + left);
      }
      return result;
    },
    simplify: { exact: (x) => (x.rows === rows && x.columns === columns ? x : undefined) },
    partials: [
      (_, x) => ({
        push: (tangent) => embed(tangent, [rows, columns], top, left),
        pull: (cotangent) => slice(cotangent, [top, top + x.rows], [left, left + x.columns]),
      }),
    ],
    samples: [[block]],
  };
}

/** x with its corner at (top, left) of a matrix of zeros. */
export const embed: {
  (x: Value, size: Shape, top: number, left: number): Value;
  readonly primitive: Family;
} = withRecord(
  (x: Value, size: Shape, top: number, left: number) => apply(embedding(size, top, left), x),
  embeddings,
);

function concatenation(axis: 0 | 1): Primitive {
  const name = 'concat';
  return {
    name,
    print: blockNotation(axis),
    parameters: { axis },
    shape: (...parts) => {
      if (parts.length === 0) throw new ShapeError('concat: needs at least one value, got none');
      let rows = parts[0].rows;
      let columns = parts[0].columns;
      for (const part of parts.slice(1)) {
        if (axis === 0 ? part.columns !== columns : part.rows !== rows) {
          throw new ShapeError(
            `concat: ${formatShape(parts[0])} and ${formatShape(part)} do not fit together ` +
              `along axis ${axis}: their ${axis === 0 ? 'columns' : 'rows'} differ`,
          );
        }
        if (axis === 0) rows += part.rows;
        else columns += part.columns;
      }
      return [rows, columns];
    },
    value: (...parts) => {
      const total = parts.reduce((n, part) => n + (axis === 0 ? part.rows : part.columns), 0);
      const result =
        axis === 0 ? new FlatMatrix(total, parts[0].columns) : new FlatMatrix(parts[0].rows, total);
      let offset = 0;
      for (const part of parts) {
        if (axis === 0) {
          result.data.set(part.data, offset * result.columns);
          offset += part.rows;
          continue;
        }
        for (let i = 0; i < part.rows; i++) {
          const row = part.data.subarray(i * part.columns, (i + 1) * part.columns);
          result.data.set(row, i * total + offset);
        }
        offset += part.columns;
      }
      return result;
    },
    simplify: { exact: (...parts) => (parts.length === 1 ? parts[0] : undefined) },
    partials:
      (index) =>
      (result, ...parts) => {
        const part = parts[index];
        const before = parts.slice(0, index);
        const top = axis === 0 ? before.reduce((n, x) => n + x.rows, 0) : 0;
        const left = axis === 1 ? before.reduce((n, x) => n + x.columns, 0) : 0;
        return {
          push: (tangent) => embed(tangent, [result.rows, result.columns], top, left),
          pull: (cotangent) =>
            slice(cotangent, [top, top + part.rows], [left, left + part.columns]),
        };
      },
    samples: axis === 0 ? [[block, [[1, 2, 3]]]] : [[block, [[1], [2]]]],
  };
}

/**
 * The same entries, row by row, in another shape.
 *
 * ```ts
 * reshape(new FlatMatrix(2, 2, [1, 2, 3, 4]), [4, 1]); // a column of 1, 2, 3, 4
 * ```
 */
export const reshape = withRecord(
  (x: Operand, [rows, columns]: Shape) => apply(reshaping(rows, columns), x),
  reshapes,
) as {
  (x: Concrete, shape: Shape): FlatMatrix;
  (x: Operand, shape: Shape): Value;
  readonly primitive: Family;
};

/**
 * Some rows and columns; ends are exclusive. All columns where none are given.
 *
 * ```ts
 * slice(x, [1, 2], [0, 3]); // the first three entries of row 1
 * ```
 */
export const slice = withRecord((x: Operand, rows: Range, columns?: Range) => {
  const value = lift(x, 'slice');
  return apply(slicing(rows, columns ?? [0, value.columns]), value);
}, slices) as {
  (x: Concrete, rows: Range, columns?: Range): FlatMatrix;
  (x: Operand, rows: Range, columns?: Range): Value;
  readonly primitive: Family;
};

/** Rows of zeros above and below: n×c → (before + n + after)×c. `pad(x, 1, 1)` */
export const pad = ((x: Operand, before: number, after: number) => {
  if (!(Number.isInteger(before) && before >= 0 && Number.isInteger(after) && after >= 0)) {
    throw new ShapeError(`pad: the counts must be whole numbers from 0, not ${before}, ${after}`);
  }
  const value = lift(x, 'pad');
  return embed(value, [before + value.rows + after, value.columns], before, 0);
}) as {
  (x: Concrete, before: number, after: number): FlatMatrix;
  (x: Operand, before: number, after: number): Value;
};

const byAxis: Primitive[] = [];
const concatenations: Family = { name: 'concat', examples: byAxis };
for (const axis of [0, 1] as const) byAxis.push({ ...concatenation(axis), family: concatenations });

/** Values one below the other (axis 0, the default) or side by side (axis 1). `concat([a, b])` */
export const concat = withRecord(
  (parts: readonly Operand[], { axis = 0 }: { axis?: 0 | 1 } = {}) => {
    const primitive = byAxis[axis];
    if (primitive === undefined)
      throw new ShapeError(`concat: the axis must be 0 or 1, not ${axis}`);
    return apply(primitive, ...parts);
  },
  concatenations,
) as {
  (parts: readonly Concrete[], options?: { axis?: 0 | 1 }): FlatMatrix;
  (parts: readonly Operand[], options?: { axis?: 0 | 1 }): Value;
  readonly primitive: Family;
};

/** Single numbers as a column: n values of 1×1 → n×1. `stack([sin(x), cos(x)])` */
export const stack = ((parts: readonly Operand[]) => {
  const values = parts.map((part) => lift(part, 'stack'));
  for (const part of values) {
    if (part.rows !== 1 || part.columns !== 1) {
      throw new ShapeError(
        `stack: every value must be 1×1, one is ${formatShape(part)}; use concat for larger ones`,
      );
    }
  }
  return concat(values);
}) as { (parts: readonly Concrete[]): FlatMatrix; (parts: readonly Operand[]): Value };
