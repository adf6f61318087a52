import type { Binary } from '../primitive/definition.ts';
import { op } from '../primitive/op.ts';
import type { Partial } from '../primitive/primitive.ts';
import { broadcastShape } from '../values/shape.ts';
import { stretchTo, sumTo } from './broadcast.ts';
import { multiplyZeroSafe, zeroSafeProduct } from './kernels/arithmetic.ts';
import { timesNotation } from './notation-arithmetic.ts';

const byOther = (other: 1 | 2): Partial => {
  return (result, ...inputs) => {
    const factor = inputs[other - 1];
    const input = inputs[2 - other];
    return {
      push: (tangent) => stretchTo(product(tangent, factor), result),
      pull: (cotangent) => sumTo(product(cotangent, factor), input.rows, input.columns),
    };
  };
};

/**
 * The product of a derivative and a slope, in which an exact zero wins over NaN and infinity: where
 * nothing flows in, or the function is locally constant, nothing flows out. This is what keeps the
 * branch that `where` did not take from spoiling a gradient. Public code uses `mul`.
 */
export const product: Binary = op({
  name: 'product',
  commutative: true,
  print: timesNotation,
  entry: zeroSafeProduct,
  shape: (a, b) => broadcastShape('product', a, b),
  value: multiplyZeroSafe,
  partials: [byOther(2), byOther(1)],
  samples: [[[[0.5, -2, 3]], [[1.5, 0.25, -1]]]],
});
