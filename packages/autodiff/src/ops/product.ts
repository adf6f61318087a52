import { apply } from '../primitive/apply.ts';
import { type Partial, type Primitive, withRecord } from '../primitive/primitive.ts';
import { isConstant } from '../primitive/term.ts';
import { scalar } from '../values/flat-matrix.ts';
import type { Operand, Value } from '../values/operand.ts';
import { broadcastShape } from '../values/shape.ts';
import { stretchTo, sumTo } from './broadcast.ts';
import { multiplyZeroSafe, zeroSafeProduct } from './kernels/arithmetic.ts';
import { timesNotation } from './notation-arithmetic.ts';

interface Product {
  (a: Operand, b: Operand): Value;
  readonly primitive: Primitive;
}

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

export const productPrimitive: Primitive = {
  name: 'product',
  print: timesNotation,
  entry: zeroSafeProduct,
  shape: (a, b) => broadcastShape('product', a, b),
  value: multiplyZeroSafe,
  simplify: {
    exact: (a, b) => {
      if (isConstant(a, 0) || isConstant(b, 0)) return scalar(0);
      return isConstant(a, 1) ? b : isConstant(b, 1) ? a : undefined;
    },
  },
  partials: [byOther(2), byOther(1)],
  samples: [[[[0.5, -2, 3]], [[1.5, 0.25, -1]]]],
};

/**
 * The product of a derivative and a slope, in which an exact zero wins over NaN and infinity: where
 * nothing flows in, or the function is locally constant, nothing flows out. This is what keeps the
 * branch that `where` did not take from spoiling a gradient. Public code uses `mul`.
 */
export const product: Product = withRecord(
  (a: Operand, b: Operand) => apply(productPrimitive, a, b),
  productPrimitive,
);
