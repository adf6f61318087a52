import { op } from '../primitive/op.ts';
import { FlatMatrix } from '../values/flat-matrix.ts';
import type { Operand } from '../values/operand.ts';
import { div, square, sub } from './arithmetic.ts';
import { type Along, type Axis, options } from './axis.ts';
import { stretchTo } from './broadcast.ts';
import { sumOfColumns, sumOfRows, sumRange } from './kernels/sum.ts';
import { countAlong, type Reduction, type ReductionOperation, reduction } from './reduction.ts';

/** The mean of all entries, or along an axis; throws where there are none. `mean(square(r))` */
export const mean: ReductionOperation = op(
  reduction('mean', (axis) => ({
    value: (x) => meanOf(x, axis),
    partials: [
      (_, x) => ({
        push: (tangent) => mean(tangent, options(axis)),
        pull: (cotangent) => stretchTo(div(cotangent, countAlong(x, axis)), x),
      }),
    ],
  })),
);

function meanOf(x: FlatMatrix, axis: Along): FlatMatrix {
  const count = countAlong(x, axis);
  if (axis === undefined) return new FlatMatrix(1, 1, [sumRange(x.data, 0, x.data.length) / count]);
  const result = axis === 0 ? sumOfColumns(x) : sumOfRows(x);
  for (let k = 0; k < result.data.length; k++) result.data[k] /= count;
  return result;
}

/** The population variance, mean (x − mean x)². `variance(x, { axis: 0 })` */
export const variance: Reduction = ((x: Operand, given?: Axis) =>
  mean(square(sub(x, mean(x, given))), given)) as Reduction;
