import { op } from '../primitive/op.ts';
import { lift } from '../values/lift.ts';
import type { Operand, Value } from '../values/operand.ts';
import { ShapeError } from '../values/shape.ts';
import { div, sub } from './arithmetic.ts';
import { type Along, type Axis, axisOf, options } from './axis.ts';
import { sum } from './broadcast.ts';
import { stopGradient } from './choice.ts';
import { exp } from './exponential.ts';
import { max } from './extremes.ts';
import { type Reduction, type ReductionOperation, reduction } from './reduction.ts';
import { weighted } from './weighted.ts';

/** log Σ eˣ, without overflow. `logSumExp(logits, { axis: 1 })` */
export const logSumExp: ReductionOperation = op(
  reduction('logSumExp', (axis) => weighted(axis, logSumExpOf, (_, x) => normalizedExp(x, axis))),
);

// The largest entry is taken out first, so that e^x does not overflow: Σ eˣ = eᵐ Σ eˣ⁻ᵐ.
function logSumExpOf(entries: Float64Array, start: number, count: number, step: number): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < count; k++) top = Math.max(top, entries[start + k * step]);
  if (!Number.isFinite(top)) return top;
  let total = 0;
  for (let k = 0; k < count; k++) total += Math.exp(entries[start + k * step] - top);
  return top + Math.log(total);
}

/** eˣ / Σ eˣ along an axis. */
function normalizedExp(x: Operand, axis: Along): Value {
  const powers = exp(sub(x, stopGradient(max(x, options(axis)))));
  return div(powers, sum(powers, options(axis)));
}

/**
 * eˣ / Σ eˣ, without overflow: probabilities from logits. Over all entries of a row or a column;
 * a matrix needs `{ axis: 1 }` (one distribution per row) or `{ axis: 0 }`.
 *
 * ```ts
 * softmax(new FlatMatrix(1, 2, [0, Math.log(3)])); // [0.25, 0.75]
 * ```
 */
export const softmax: Reduction = ((x: Operand, given?: Axis) => {
  const value = lift(x, 'softmax');
  return normalizedExp(value, distributionAxis('softmax', value, given));
}) as Reduction;

/** log softmax(x), exact where the probabilities underflow. `logSoftmax(logits, { axis: 1 })` */
export const logSoftmax: Reduction = ((x: Operand, given?: Axis) => {
  const value = lift(x, 'logSoftmax');
  const axis = distributionAxis('logSoftmax', value, given);
  const shifted = sub(value, stopGradient(max(value, options(axis))));
  return sub(shifted, logSumExp(shifted, options(axis)));
}) as Reduction;

function distributionAxis(name: string, { rows, columns }: Value, given: Axis | undefined): Along {
  const axis = axisOf(name, given);
  if (axis === undefined && rows > 1 && columns > 1) {
    throw new ShapeError(
      `${name}: a ${rows}×${columns} matrix needs { axis: 1 } for one distribution per row, ` +
        'or { axis: 0 } for one per column',
    );
  }
  return axis;
}
