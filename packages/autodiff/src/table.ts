import { arithmeticPrimitives } from './ops/arithmetic.ts';
import { choicePrimitives } from './ops/choice.ts';
import { decompositionPrimitives } from './ops/decompositions.ts';
import { determinantPrimitives } from './ops/determinants.ts';
import { exponentialPrimitives } from './ops/exponential.ts';
import { foldPrimitives } from './ops/folds.ts';
import { indexingPrimitives } from './ops/indexing.ts';
import { linearPrimitives } from './ops/linear.ts';
import { powerPrimitives } from './ops/power.ts';
import { productPrimitive } from './ops/product.ts';
import { reductionPrimitives } from './ops/reductions.ts';
import { shapingPrimitives } from './ops/shaping.ts';
import { specialPrimitives } from './ops/special.ts';
import { stretchPrimitives } from './ops/stretch.ts';
import { trigonometricPrimitives } from './ops/trigonometric.ts';
import type { Primitive } from './primitive.ts';

/** Every primitive of the library; those with parameters stand for their family. */
export const table: readonly Primitive[] = [
  ...arithmeticPrimitives,
  ...exponentialPrimitives,
  ...powerPrimitives,
  ...trigonometricPrimitives,
  ...specialPrimitives,
  ...choicePrimitives,
  productPrimitive,
  ...stretchPrimitives,
  ...reductionPrimitives,
  ...foldPrimitives,
  ...linearPrimitives,
  ...decompositionPrimitives,
  ...determinantPrimitives,
  ...shapingPrimitives,
  ...indexingPrimitives,
];
