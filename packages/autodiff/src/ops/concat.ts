import { show } from '@steepest/ground';
import { apply } from '../primitive/apply.ts';
import type { Overloaded } from '../primitive/definition.ts';
import { op } from '../primitive/op.ts';
import { FlatMatrix } from '../values/flat-matrix.ts';
import { lift } from '../values/lift.ts';
import type { Concrete, Operand, Value } from '../values/operand.ts';
import { formatShape, ShapeError, type Sized } from '../values/shape.ts';
import { type Axis, axisOf } from './axis.ts';
import { blockNotation } from './notation-matrices.ts';
import { embed, slice } from './slice.ts';

const block = [
  [0.5, -1.25, 2],
  [1.5, 0.25, -0.75],
];

/** Values one below the other (axis 0, the default) or side by side (axis 1). `concat([a, b])` */
export const concat: Overloaded<(parts: readonly Operand[], options?: Axis) => Value> = op({
  name: 'concat',
  of: (axis: 0 | 1) => ({
    parameters: { axis },
    print: blockNotation(axis),
    shape: (...parts) => joined(axis, parts),
    value: (...parts) => (axis === 0 ? below(parts) : beside(parts)),
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
  }),
  examples: [[0], [1]],
  call: (of) => {
    const byAxis = [of(0), of(1)];
    return (parts: readonly Operand[], options?: Axis) => {
      expectList('concat', parts);
      return apply(byAxis[axisOf('concat', options) ?? 0], ...parts);
    };
  },
});

function expectList(name: string, parts: unknown): void {
  if (Array.isArray(parts)) return;
  throw new TypeError(
    `${name}: the values must be in an array, got ${show(parts)}; write ${name}([a, b])`,
  );
}

function joined(axis: 0 | 1, parts: readonly Sized[]): readonly [number, number] {
  if (parts.length === 0) throw new ShapeError('concat: needs at least one value, got none');
  let { rows, columns } = parts[0];
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
}

function below(parts: readonly FlatMatrix[]): FlatMatrix {
  const [rows, columns] = joined(0, parts);
  const result = new FlatMatrix(rows, columns);
  let offset = 0;
  for (const { data } of parts) {
    result.data.set(data, offset);
    offset += data.length;
  }
  return result;
}

function beside(parts: readonly FlatMatrix[]): FlatMatrix {
  const [rows, columns] = joined(1, parts);
  const result = new FlatMatrix(rows, columns);
  let offset = 0;
  for (const part of parts) {
    for (let i = 0; i < rows; i++) {
      const row = part.data.subarray(i * part.columns, (i + 1) * part.columns);
      result.data.set(row, i * columns + offset);
    }
    offset += part.columns;
  }
  return result;
}

/** Single numbers as a column: n values of 1×1 → n×1. `stack([sin(x), cos(x)])` */
export const stack = ((parts: readonly Operand[]) => {
  expectList('stack', parts);
  const values: Value[] = [];
  // A hole is no value: map would pass over it.
  for (let i = 0; i < parts.length; i++) values.push(lift(parts[i], 'stack'));
  for (const part of values) {
    if (part.rows !== 1 || part.columns !== 1) {
      throw new ShapeError(
        `stack: every value must be 1×1, one is ${formatShape(part)}; use concat for larger ones`,
      );
    }
  }
  return concat(values);
}) as { (parts: readonly Concrete[]): FlatMatrix; (parts: readonly Operand[]): Value };
