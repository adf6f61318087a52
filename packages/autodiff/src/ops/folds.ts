import { apply } from '../primitive/apply.ts';
import { type Family, type Primitive, withRecord } from '../primitive/primitive.ts';
import { FlatMatrix } from '../values/flat-matrix.ts';
import { lift } from '../values/lift.ts';
import type { Operand, Value } from '../values/operand.ts';
import { checkedAxis, formatShape, ShapeError } from '../values/shape.ts';
import { mul } from './arithmetic.ts';
import type { Axis, Reduction, ReductionOperation } from './broadcast.ts';
import { broadcastTo } from './broadcast.ts';
import { concat, reshape, slice } from './shaping.ts';

const runningSums: Family = {
  name: 'cumsum',
  get examples() {
    return [runningSum(0, false), runningSum(1, true)];
  },
};

function runningSum(axis: 0 | 1, reversed: boolean): Primitive {
  return {
    name: 'cumsum',
    family: runningSums,
    parameters: { axis, reversed },
    shape: (x) => [x.rows, x.columns],
    value: (x) => {
      const { rows, columns } = x;
      const result = new FlatMatrix(rows, columns, x.data.slice());
      const { data } = result;
      const step = axis === 0 ? columns : 1;
      const first = axis === 0 ? 1 : 0;
      for (let i = first; i < rows; i++) {
        for (let j = 1 - first; j < columns; j++) {
          if (reversed) {
            const k = data.length - 1 - i * columns - j;
            data[k] += data[k + step];
          } else {
            const k = i * columns + j;
            data[k] += data[k - step];
          }
        }
      }
      return result;
    },
    partials: [
      () => ({
        push: (tangent) => apply(runningSum(axis, reversed), tangent),
        pull: (cotangent) => apply(runningSum(axis, !reversed), cotangent),
      }),
    ],
    samples: [
      [
        [
          [0.5, -1.25, 2],
          [1.5, 0.25, -0.75],
        ],
      ],
    ],
  };
}

/**
 * Running sums, of x's shape: down the rows (axis 0) or across the columns (axis 1). A vector needs
 * no axis.
 *
 * ```ts
 * cumsum(new FlatMatrix(3, 1, [1, 2, 3])); // 1, 3, 6
 * ```
 */
export const cumsum: ReductionOperation = withRecord((x: Operand, options?: Axis) => {
  const value = lift(x, 'cumsum');
  const axis =
    checkedAxis('cumsum', options?.axis) ??
    (value.columns === 1 ? 0 : value.rows === 1 ? 1 : undefined);
  if (axis === undefined) {
    throw new ShapeError(
      `cumsum: a ${formatShape(value)} matrix needs { axis: 0 } (down) or { axis: 1 } (across)`,
    );
  }
  return apply(runningSum(axis, false), value);
}, runningSums) as ReductionOperation;

/**
 * The product of all entries, or along an axis; exact derivatives of every order where entries are
 * zero. Multiplied pairwise; an empty product is 1.
 *
 * ```ts
 * grad((x: Value) => prod(x))(new FlatMatrix(3, 1, [0, 2, 3])); // 6, 0, 0
 * ```
 */
export const prod: Reduction = ((x: Operand, options?: Axis) => {
  const value = lift(x, 'prod');
  const axis = checkedAxis('prod', options?.axis);
  if (axis === 1) return halved(value, 1);
  const all = axis === undefined;
  return halved(all ? reshape(value, [value.rows * value.columns, 1]) : value, 0);
}) as Reduction;

// Multiplies one half with the other until a single row (or column) is left.
function halved(x: Value, axis: 0 | 1): Value {
  let rest = x;
  for (;;) {
    const size = axis === 0 ? rest.rows : rest.columns;
    if (size === 1) return rest;
    if (size === 0) return broadcastTo(1, axis === 0 ? [1, x.columns] : [x.rows, 1]);
    const half = size >> 1;
    const part = (from: number, to: number): Value =>
      axis === 0
        ? slice(rest, [from, to], [0, rest.columns])
        : slice(rest, [0, rest.rows], [from, to]);
    const halves = mul(part(0, half), part(half, 2 * half));
    rest = size % 2 === 0 ? halves : concat([halves, part(size - 1, size)], { axis });
  }
}
