// Values: what goes into operations and comes out of derivatives

export { FlatMatrix } from './flat-matrix.ts';
export { item } from './item.ts';
export { toFlatMatrix } from './lift.ts';
export type { Concrete, NdArrayLike, Operand, Value } from './primitive.ts';
export { briefEntries } from './scratch.ts';
export { type Shape, ShapeError, type Sized } from './shape.ts';
export { isLeaf, leavesOf, mapTree, type Path, type Tree, withLeaves } from './tree.ts';

// Derivatives, from the first to any order

export { DerivativeError } from './derivative-error.ts';
export { derivative, jvp } from './modes/forward.ts';
export { hessian, hvp } from './modes/hessian.ts';
export { jacobian } from './modes/jacobian.ts';
export { type NumericOptions, numericGrad, numericJacobian } from './modes/numeric.ts';
export { grad, valueAndGrad, vjp } from './modes/reverse.ts';
export type { Argument, GradientOf, HessianOf, JacobianOf } from './modes/types.ts';

// Derivatives as formulas: recorded, simplified, printed

export { shaped } from './modes/symbolic/arguments.ts';
export { Expression } from './modes/symbolic/expression.ts';
export type { ExpressionGraph, Visitor } from './modes/symbolic/graph.ts';
export { type NaiveDerivative, naiveDerivative } from './modes/symbolic/naive-derivative.ts';
export type { PrintOptions } from './modes/symbolic/print.ts';
export { type RecordOptions, record } from './modes/symbolic/record.ts';
export type { Simplify } from './modes/symbolic/rewrite.ts';

// Checks: a gradient against quotients, the modes against each other, the origin of a NaN

export { type CheckedEntry, checkGrad, type GradientCheck, type Kink } from './modes/check.ts';
export { compareModes, type Mode, type ModeComparison, type ModeCost } from './modes/compare.ts';
export { NaNError, withNaNCheck } from './nan-check.ts';

// Rules of your own

export { customDerivative } from './custom-derivative.ts';
export {
  type Definition,
  definePrimitive,
  type ElementwiseDefinition,
  type Operation,
} from './definition.ts';
export type { LinearMap, Partial, Primitive } from './primitive.ts';
export { locallyConstant } from './primitive.ts';

// Operations, entry by entry

export { add, div, mul, neg, reciprocal, square, sub } from './ops/arithmetic.ts';
export {
  abs,
  clip,
  equal,
  greater,
  greaterEqual,
  less,
  lessEqual,
  maximum,
  minimum,
  relu,
  sign,
  stopGradient,
  where,
} from './ops/choice.ts';
export {
  cosh,
  exp,
  expm1,
  log,
  log1p,
  logSigmoid,
  sigmoid,
  sinh,
  softplus,
  sqrt,
  tanh,
  xlogy,
} from './ops/exponential.ts';
export { pow } from './ops/power.ts';
export { erf, lgamma } from './ops/special.ts';
export { acos, asin, atan, atan2, cos, sin, tan } from './ops/trigonometric.ts';

// Operations along an axis or over all entries

export { cumsum, prod } from './ops/folds.ts';
export {
  logSoftmax,
  logSumExp,
  max,
  mean,
  min,
  norm,
  softmax,
  variance,
} from './ops/reductions.ts';
export { type Axis, broadcastTo, type Reduction, sum } from './ops/stretch.ts';

// Operations of linear algebra

export { cholesky, inverse, SingularError, solve } from './ops/decompositions.ts';
export { det, logDet } from './ops/determinants.ts';
export {
  diag,
  dot,
  matmul,
  matmulLeft,
  matmulRight,
  outer,
  trace,
  transpose,
} from './ops/linear.ts';

// Operations that move entries

export { gather, type Indices, pick } from './ops/indexing.ts';
export { concat, pad, type Range, reshape, slice, stack } from './ops/shaping.ts';

// Losses

export {
  absoluteError,
  crossEntropy,
  hingeLoss,
  huberLoss,
  type Loss,
  logisticLoss,
  poissonLoss,
  squaredError,
} from './losses.ts';
