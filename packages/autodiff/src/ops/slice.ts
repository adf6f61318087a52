import { show } from '@steepest/ground';
import { apply } from '../primitive/apply.ts';
import type { Overloaded, Parametric } from '../primitive/definition.ts';
import { op } from '../primitive/op.ts';
import type { Sample } from '../primitive/primitive.ts';
import { FlatMatrix } from '../values/flat-matrix.ts';
import { lift } from '../values/lift.ts';
import type { Concrete, Operand, Value } from '../values/operand.ts';
import { formatShape, isSize, listed, type Shape, ShapeError } from '../values/shape.ts';
import { indexNotation } from './notation-matrices.ts';

/** From where (inclusive) to where (exclusive), counted from 0. */
export type Range = readonly [from: number, to: number];

const samples: readonly Sample[] = [
  [
    [
      [0.5, -1.25, 2],
      [1.5, 0.25, -0.75],
    ],
  ],
];

/**
 * Some rows and columns; ends are exclusive. All columns where none are given.
 *
 * ```ts
 * slice(x, [1, 2], [0, 3]); // the first three entries of row 1
 * ```
 */
export const slice: Overloaded<(x: Operand, rows: Range, columns?: Range) => Value> = op({
  name: 'slice',
  of: ([top, bottom]: Range, [left, right]: Range) => ({
    parameters: { rows: [top, bottom], columns: [left, right] },
    print: indexNotation(`${top}:${bottom}, ${left}:${right}`),
    shape: (x) => {
      checkWithin('row', top, bottom, x.rows);
      checkWithin('column', left, right, x.columns);
      return [bottom - top, right - left];
    },
    value: (x) => {
      if (right - left === x.columns) {
        const entries = x.data.slice(top * x.columns, bottom * x.columns);
        return new FlatMatrix(bottom - top, x.columns, entries);
      }
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
    samples,
  }),
  examples: [
    [
      [0, 1],
      [1, 3],
    ],
  ],
  call: (of) => (x: Operand, rows: Range, columns?: Range) => {
    const value = lift(x, 'slice');
    checkRange('rows', rows);
    if (columns !== undefined) checkRange('columns', columns);
    return apply(of(rows, columns ?? [0, value.columns]), value);
  },
});

function checkRange(what: string, range: Range): void {
  const numbers = Array.isArray(range) && range.every((end) => typeof end === 'number');
  if (numbers && range.length === 2) return;
  throw new ShapeError(
    `slice: the ${what} must be [from, to], got ${listed(range)}; write slice(x, [i, i + 1]) for one row`,
  );
}

function checkWithin(kind: string, from: number, to: number, size: number): void {
  if (Number.isInteger(from) && Number.isInteger(to) && 0 <= from && from <= to && to <= size) {
    return;
  }
  throw new ShapeError(
    `slice: ${kind}s ${from} to ${to} (exclusive) do not lie in a value with ${size} ${kind}s`,
  );
}

/** The transpose of slicing: x with its corner at (top, left) of a matrix of zeros. */
export const embed: Parametric<[size: Shape, top: number, left: number]> = op({
  name: 'embed',
  of: ([rows, columns]: Shape, top: number, left: number) => ({
    parameters: { rows, columns, top, left },
    shape: (x) => {
      if (top + x.rows <= rows && left + x.columns <= columns) return [rows, columns];
      throw new ShapeError(
        `embed: ${formatShape(x)} at (${top}, ${left}) leaves ${rows}×${columns}`,
      );
    },
    value: (x) => {
      const result = new FlatMatrix(rows, columns);
      if (x.columns === columns) {
        result.data.set(x.data, top * columns);
        return result;
      }
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
    samples,
  }),
  examples: [[[4, 5], 1, 2]],
});

/** Rows of zeros above and below: n×c → (before + n + after)×c. `pad(x, 1, 1)` */
export const pad = ((x: Operand, before: number, after: number) => {
  if (!(isSize(before) && isSize(after))) {
    throw new ShapeError(
      `pad: the counts must be whole numbers from 0, got ${show(before)} and ${show(after)}; ` +
        'write pad(x, 1, 1)',
    );
  }
  const value = lift(x, 'pad');
  return embed(value, [before + value.rows + after, value.columns], before, 0);
}) as {
  (x: Concrete, before: number, after: number): FlatMatrix;
  (x: Operand, before: number, after: number): Value;
};
