import type { Value } from '../values/operand.ts';
import { type Along, options } from './axis.ts';
import { sum } from './broadcast.ts';
import { alongAxis } from './kernels/along-axis.ts';
import { product } from './product.ts';
import type { AlongAxis } from './reduction.ts';

/** What a reduction to one number per line says, where that changes by Σ slope · dx. */
export function weighted(
  axis: Along,
  reduce: (entries: Float64Array, start: number, count: number, step: number) => number,
  slope: (result: Value, x: Value, axis: Along) => Value,
): AlongAxis {
  return {
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
  };
}
