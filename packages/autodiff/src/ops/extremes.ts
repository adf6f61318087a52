import { op } from '../primitive/op.ts';
import type { Value } from '../values/operand.ts';
import { div } from './arithmetic.ts';
import { type Along, options } from './axis.ts';
import { sum } from './broadcast.ts';
import { stopGradient } from './choice.ts';
import { equal } from './comparison.ts';
import { type ReductionOperation, reduction } from './reduction.ts';
import { weighted } from './weighted.ts';

/** The largest entry; entries that tie share the derivative equally. `max(x, { axis: 1 })` */
export const max: ReductionOperation = op(
  reduction('max', (axis) =>
    weighted(
      axis,
      (entries, start, count, step) => {
        let result = Number.NEGATIVE_INFINITY;
        for (let k = 0; k < count; k++) result = Math.max(result, entries[start + k * step]);
        return result;
      },
      sharesOfExtreme,
    ),
  ),
);

/** The smallest entry; entries that tie share the derivative equally. `min(x)` */
export const min: ReductionOperation = op(
  reduction('min', (axis) =>
    weighted(
      axis,
      (entries, start, count, step) => {
        let result = Number.POSITIVE_INFINITY;
        for (let k = 0; k < count; k++) result = Math.min(result, entries[start + k * step]);
        return result;
      },
      sharesOfExtreme,
    ),
  ),
);

// Entries that are equal to the extreme one share its derivative equally.
function sharesOfExtreme(extreme: Value, x: Value, axis: Along): Value {
  const hits = stopGradient(equal(x, extreme));
  return div(hits, sum(hits, options(axis)));
}
