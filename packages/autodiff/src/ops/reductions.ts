import { type Binary, binary, elementwise } from '../primitive/elementwise.ts';
import { FlatMatrix } from '../values/flat-matrix.ts';
import { lift } from '../values/lift.ts';
import type { Operand, Value } from '../values/operand.ts';
import { ShapeError, type Sized } from '../values/shape.ts';
import { div, neg, reciprocal, square, sub } from './arithmetic.ts';
import {
  type Axis,
  perAxis,
  type Reduction,
  type ReductionOperation,
  reducedShape,
  stretchTo,
  sum,
} from './broadcast.ts';
import { equal, stopGradient, where } from './choice.ts';
import { exp } from './exponential.ts';
import { alongAxis } from './kernels/along-axis.ts';
import { sumOfColumns, sumOfRows, sumRange } from './kernels/sum.ts';
import { fractionNotation } from './notation-arithmetic.ts';
import { reductionNotation } from './notation-matrices.ts';
import { product } from './product.ts';
import { columns } from './samples.ts';

const block = [
  [0.5, -1.25, 2],
  [1.5, 0.25, -0.75],
];
const column = [[0.5], [-1.25], [2]];

/** How many entries of x go into one entry of the result. */
function countAlong(x: Sized, axis: 0 | 1 | undefined): number {
  return (axis === 1 ? 1 : x.rows) * (axis === 0 ? 1 : x.columns);
}

function options(axis: 0 | 1 | undefined): Axis {
  return axis === undefined ? {} : { axis };
}

function someEntries(name: string, x: Sized, axis: 0 | 1 | undefined): void {
  if (countAlong(x, axis) === 0) {
    throw new ShapeError(`${name}: there are no entries in a ${x.rows}×${x.columns} value`);
  }
}

/** A reduction whose result changes by Σ slope · dx. */
function sloped(
  name: string,
  reduce: (entries: Float64Array, start: number, count: number, step: number) => number,
  slope: (result: Value, x: Value, axis: 0 | 1 | undefined) => Value,
  ofNothing = false,
): ReductionOperation {
  return perAxis(name, (axis) => ({
    name,
    parameters: options(axis),
    print: reductionNotation(name, axis),
    shape: (x) => {
      if (!ofNothing) someEntries(name, x, axis);
      return reducedShape(x, axis);
    },
    value: (x) => alongAxis(x, axis, reduce),
    partials: [
      (result, x) => {
        const rate = slope(result, x, axis);
        return {
          push: (tangent) => sum(product(tangent, rate), options(axis)),
          pull: (cotangent) => product(cotangent, rate),
        };
      },
    ],
    samples: [[block], [column]],
  }));
}

/** The mean of all entries, or along an axis; throws where there are none. `mean(square(r))` */
export const mean: ReductionOperation = perAxis('mean', (axis) => ({
  name: 'mean',
  parameters: options(axis),
  print: reductionNotation('mean', axis),
  shape: (x) => {
    someEntries('mean', x, axis);
    return reducedShape(x, axis);
  },
  value: (x) => meanOf(x, axis),
  simplify: { algebraic: (x) => (countAlong(x, axis) === 1 ? x : undefined) },
  partials: [
    (_, x) => ({
      push: (tangent) => mean(tangent, options(axis)),
      pull: (cotangent) => stretchTo(div(cotangent, countAlong(x, axis)), x),
    }),
  ],
  samples: [[block], [column]],
}));

function meanOf(x: FlatMatrix, axis: 0 | 1 | undefined): FlatMatrix {
  const count = countAlong(x, axis);
  if (axis === undefined) return new FlatMatrix(1, 1, [sumRange(x.data, 0, x.data.length) / count]);
  const result = axis === 0 ? sumOfColumns(x) : sumOfRows(x);
  for (let k = 0; k < result.data.length; k++) result.data[k] /= count;
  return result;
}

// Entries that are equal to the extreme one share its derivative equally.
function sharesOfExtreme(extreme: Value, x: Value, axis: 0 | 1 | undefined): Value {
  const hits = stopGradient(equal(x, extreme));
  return div(hits, sum(hits, options(axis)));
}

/** The largest entry; entries that tie share the derivative equally. `max(x, { axis: 1 })` */
export const max: ReductionOperation = sloped(
  'max',
  (entries, start, count, step) => {
    let result = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < count; k++) result = Math.max(result, entries[start + k * step]);
    return result;
  },
  sharesOfExtreme,
);

/** The smallest entry; entries that tie share the derivative equally. `min(x)` */
export const min: ReductionOperation = sloped(
  'min',
  (entries, start, count, step) => {
    let result = Number.POSITIVE_INFINITY;
    for (let k = 0; k < count; k++) result = Math.min(result, entries[start + k * step]);
    return result;
  },
  sharesOfExtreme,
);

// The largest entry is taken out first, so that e^x does not overflow: Σ eˣ = eᵐ Σ eˣ⁻ᵐ.
/** log Σ eˣ, without overflow. `logSumExp(logits, { axis: 1 })` */
export const logSumExp: ReductionOperation = sloped(
  'logSumExp',
  (entries, start, count, step) => {
    let top = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < count; k++) top = Math.max(top, entries[start + k * step]);
    if (!Number.isFinite(top)) return top;
    let total = 0;
    for (let k = 0; k < count; k++) total += Math.exp(entries[start + k * step] - top);
    return top + Math.log(total);
  },
  (_, x, axis) => normalizedExp(x, axis),
);

// x/‖x‖ and its derivatives, all of them 0 where x is; a reciprocal of ‖x‖ could overflow.
export const shareOfNorm: Binary = binary(
  elementwise({
    name: 'shareOfNorm',
    print: fractionNotation,
    entry: (x, length) => (x === 0 ? 0 : x / length),
    slopes: [
      (_, _x, length) => where(length, reciprocal(length), 0),
      (y, _x, length) => neg(shareOfNorm(y, length)),
    ],
    samples: [columns([0.5, -2, 1], [0.7, 3, 2])],
  }),
);

// Scaled by the largest entry, so that squares neither overflow nor vanish.
/**
 * The Euclidean norm √Σx² (of all entries: Frobenius'). At 0 its derivatives of every order are 0,
 * so the square of a length is better written `sum(square(x))`, which has its curvature there, too.
 */
export const norm: ReductionOperation = sloped(
  'norm',
  (entries, start, count, step) => {
    let top = 0;
    for (let k = 0; k < count; k++) top = Math.max(top, Math.abs(entries[start + k * step]));
    if (top === 0 || !Number.isFinite(top)) return top;
    let total = 0;
    for (let k = 0; k < count; k++) total += (entries[start + k * step] / top) ** 2;
    return top * Math.sqrt(total);
  },
  (result, x) => shareOfNorm(x, result),
  true,
);

/** eˣ / Σ eˣ along an axis. */
function normalizedExp(x: Operand, axis: 0 | 1 | undefined): Value {
  const powers = exp(sub(x, stopGradient(max(x, options(axis)))));
  return div(powers, sum(powers, options(axis)));
}

/** The population variance, mean (x − mean x)². `variance(x, { axis: 0 })` */
export const variance: Reduction = ((x: Operand, options?: Axis) =>
  mean(square(sub(x, mean(x, options))), options)) as Reduction;

/**
 * eˣ / Σ eˣ, without overflow: probabilities from logits. Over all entries of a row or a column;
 * a matrix needs `{ axis: 1 }` (one distribution per row) or `{ axis: 0 }`.
 *
 * ```ts
 * softmax(new FlatMatrix(1, 2, [0, Math.log(3)])); // [0.25, 0.75]
 * ```
 */
export const softmax: Reduction = ((x: Operand, options?: Axis) => {
  const value = lift(x, 'softmax');
  return normalizedExp(value, distributionAxis('softmax', value, options));
}) as Reduction;

/** log softmax(x), exact where the probabilities underflow. `logSoftmax(logits, { axis: 1 })` */
export const logSoftmax: Reduction = ((x: Operand, given?: Axis) => {
  const value = lift(x, 'logSoftmax');
  const axis = distributionAxis('logSoftmax', value, given);
  const shifted = sub(value, stopGradient(max(value, options(axis))));
  return sub(shifted, logSumExp(shifted, options(axis)));
}) as Reduction;

function distributionAxis(name: string, x: Value, options: Axis | undefined): 0 | 1 | undefined {
  const { rows, columns } = x;
  if (options?.axis === undefined && rows > 1 && columns > 1) {
    throw new ShapeError(
      `${name}: a ${rows}×${columns} matrix needs { axis: 1 } for one distribution per row, ` +
        'or { axis: 0 } for one per column',
    );
  }
  return options?.axis;
}
