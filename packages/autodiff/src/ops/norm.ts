import type { Binary } from '../primitive/definition.ts';
import { op } from '../primitive/op.ts';
import { neg, reciprocal } from './arithmetic.ts';
import { where } from './choice.ts';
import { fractionNotation } from './notation-arithmetic.ts';
import { normNotation } from './notation-matrices.ts';
import { type ReductionOperation, reduction } from './reduction.ts';
import { columns } from './samples.ts';
import { weighted } from './weighted.ts';

/** x/‖x‖ and its derivatives, all of them 0 where x is; a reciprocal of ‖x‖ could overflow. */
export const shareOfNorm: Binary = op({
  name: 'shareOfNorm',
  print: fractionNotation,
  entry: (x, length) => (x === 0 ? 0 : x / length),
  slopes: [
    (_, _x, length) => where(length, reciprocal(length), 0),
    (y, _x, length) => neg(shareOfNorm(y, length)),
  ],
  samples: [columns([0.5, -2, 1], [0.7, 3, 2])],
});

/**
 * The Euclidean norm √Σx² (of all entries: Frobenius'). At 0 its derivatives of every order are 0,
 * so the square of a length is better written `sum(square(x))`, which has its curvature there, too.
 */
export const norm: ReductionOperation = op(
  reduction(
    'norm',
    (axis) => ({
      ...weighted(axis, lengthOf, (length, x) => shareOfNorm(x, length)),
      print: normNotation(axis),
    }),
    { ofNothing: true },
  ),
);

// Scaled by the largest entry, so that squares neither overflow nor vanish.
function lengthOf(entries: Float64Array, start: number, count: number, step: number): number {
  let top = 0;
  for (let k = 0; k < count; k++) top = Math.max(top, Math.abs(entries[start + k * step]));
  if (top === 0 || !Number.isFinite(top)) return top;
  let total = 0;
  for (let k = 0; k < count; k++) total += (entries[start + k * step] / top) ** 2;
  return top * Math.sqrt(total);
}
