import { add, div, mul, neg, reciprocal, square, sub } from '../../ops/arithmetic.ts';
import { mean } from '../../ops/averages.ts';
import { sum } from '../../ops/broadcast.ts';
import { matmul, matmulLeft, matmulRight, transpose } from '../../ops/matmul.ts';
import { pow } from '../../ops/power.ts';
import { product } from '../../ops/product.ts';
import type { OperationRecord, Primitive, Simplification } from '../../primitive/primitive.ts';
import { ofMatmul, ofMatmulLeft, ofMatmulRight, ofTranspose } from './matrices.ts';
import { ofPower, ofSquare } from './powers.ts';
import { ofProduct, ofQuotient, ofReciprocal, ofZeroSafeProduct } from './products.ts';
import { ofDifference, ofNegation, ofSum } from './sums.ts';
import { ofMeanAlong, ofSumAlong } from './sums-along.ts';

/**
 * The rewrites of the operations that meet in algebra (2 x + x, Σ c x, x x², …): each of them looks
 * at several others, so none could stand beside its operation. An operation has its rewrites either
 * here or in its own `simplify`, never in both.
 */
export const algebra: ReadonlyMap<
  OperationRecord,
  Simplification | ((primitive: Primitive) => Simplification)
> = new Map<OperationRecord, Simplification | ((primitive: Primitive) => Simplification)>([
  [add.primitive, ofSum],
  [sub.primitive, ofDifference],
  [neg.primitive, ofNegation],
  [mul.primitive, ofProduct],
  [product.primitive, ofZeroSafeProduct],
  [div.primitive, ofQuotient],
  [reciprocal.primitive, ofReciprocal],
  [square.primitive, ofSquare],
  [pow.primitive, ofPower],
  [matmul.primitive, ofMatmul],
  [matmulLeft.primitive, ofMatmulLeft],
  [matmulRight.primitive, ofMatmulRight],
  [transpose.primitive, ofTranspose],
  [sum.primitive, ofSumAlong],
  [mean.primitive, ofMeanAlong],
]);
