import { anything, boolean, type Spec, settle } from '@steepest/ground';
import { apply } from '../primitive/apply.ts';
import type { Overloaded } from '../primitive/definition.ts';
import { op } from '../primitive/op.ts';
import { FlatMatrix } from '../values/flat-matrix.ts';
import { lift } from '../values/lift.ts';
import type { Operand, Value } from '../values/operand.ts';
import { formatShape, ShapeError } from '../values/shape.ts';
import { mul } from './arithmetic.ts';
import { type Axis, axisOf } from './axis.ts';
import { broadcastTo } from './broadcast.ts';
import { concat } from './concat.ts';
import type { Reduction } from './reduction.ts';
import { reshape } from './reshape.ts';
import { slice } from './slice.ts';

/** How running sums are taken. */
export interface RunningSum extends Axis {
  /** From the end instead of the start. */
  readonly reversed?: boolean;
}

const runningSumSpec = {
  axis: anything(),
  reversed: boolean(false),
} satisfies Spec<RunningSum>;

/**
 * Running sums, of x's shape: down the rows (axis 0) or across the columns (axis 1), from the end
 * where they are `reversed`. A vector needs no axis.
 *
 * ```ts
 * cumsum(new FlatMatrix(3, 1, [1, 2, 3])); // 1, 3, 6
 * ```
 */
export const cumsum: Overloaded<(x: Operand, options?: RunningSum) => Value> = op({
  name: 'cumsum',
  of: (axis: 0 | 1, reversed: boolean) => ({
    parameters: { axis, reversed },
    shape: (x) => [x.rows, x.columns],
    value: (x) => runningSum(x, axis, reversed),
    partials: [
      () => ({
        push: (tangent) => cumsum(tangent, { axis, reversed }),
        pull: (cotangent) => cumsum(cotangent, { axis, reversed: !reversed }),
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
  }),
  examples: [
    [0, false],
    [1, true],
  ],
  call: (of) => {
    return (x: Operand, options: RunningSum = {}) => {
      const value = lift(x, 'cumsum');
      const { reversed, ...along } = settle('cumsum', options, runningSumSpec);
      const given = axisOf('cumsum', along);
      const axis = given ?? (value.columns === 1 ? 0 : value.rows === 1 ? 1 : undefined);
      if (axis !== undefined) return apply(of(axis, reversed), value);
      throw new ShapeError(
        `cumsum: a ${formatShape(value)} matrix needs { axis: 0 } (down) or { axis: 1 } (across)`,
      );
    };
  },
});

function runningSum(x: FlatMatrix, axis: 0 | 1, reversed: boolean): FlatMatrix {
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
}

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
  const axis = axisOf('prod', options);
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
