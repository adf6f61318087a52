import {
  addition,
  division,
  multiplication,
  neg,
  negation,
  squaring,
  subtraction,
} from '../../ops/arithmetic.ts';
import { sum } from '../../ops/broadcast.ts';
import {
  matmul,
  matmulLeft,
  matmulRight,
  matrixProduct,
  productLeft,
  productRight,
} from '../../ops/linear.ts';
import { productPrimitive } from '../../ops/product.ts';
import { mean } from '../../ops/reductions.ts';
import type { Family, Primitive, Simplification } from '../../primitive/primitive.ts';
import { isConstant } from '../../primitive/term.ts';
import { simplerMatrixProduct } from './matrices.ts';
import {
  simplerProduct,
  simplerQuotient,
  simplerSquare,
  simplerZeroSafeProduct,
} from './products.ts';
import { simplerDifference, simplerNegation, simplerSum } from './sums.ts';
import { simplerMeanOver, simplerSumOver } from './sums-along.ts';

/**
 * Rewrites in which operations of several families meet (2 x + x, Σ c x, …), so that they belong to
 * no single operation. Those that concern one operation only stand beside it.
 */
export const algebra: ReadonlyMap<Primitive, Simplification> = new Map<Primitive, Simplification>([
  [addition, { algebraic: simplerSum }],
  [subtraction, { algebraic: simplerDifference }],
  [negation, { algebraic: simplerNegation }],
  [multiplication, { algebraic: simplerProduct }],
  [squaring, { algebraic: simplerSquare }],
  [division, { algebraic: simplerQuotient }],
  [
    productPrimitive,
    {
      exact: (a, b) => (isConstant(a, -1) ? neg(b) : isConstant(b, -1) ? neg(a) : undefined),
      algebraic: simplerZeroSafeProduct,
    },
  ],
  [matrixProduct, { algebraic: simplerMatrixProduct(matmul) }],
  [productLeft, { algebraic: simplerMatrixProduct(matmulLeft) }],
  [productRight, { algebraic: simplerMatrixProduct(matmulRight) }],
  ...ofEach(sum.primitive, simplerSumOver),
  ...ofEach(mean.primitive, simplerMeanOver),
]);

function ofEach(
  family: Family,
  rules: (primitive: Primitive) => NonNullable<Simplification['algebraic']>,
): [Primitive, Simplification][] {
  return family.examples.map((primitive) => [primitive, { algebraic: rules(primitive) }]);
}
