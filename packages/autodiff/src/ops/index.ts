// Operations, entry by entry

export { add, div, mul, neg, reciprocal, square, sub } from './arithmetic.ts';
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
} from './choice.ts';
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
} from './exponential.ts';
export { pow } from './power.ts';
export { erf, lgamma } from './special.ts';
export { acos, asin, atan, atan2, cos, sin, tan } from './trigonometric.ts';

// Operations along an axis or over all entries

export { type Axis, broadcastTo, type Reduction, sum } from './broadcast.ts';
export { cumsum, prod } from './folds.ts';
export {
  logSoftmax,
  logSumExp,
  max,
  mean,
  min,
  norm,
  softmax,
  variance,
} from './reductions.ts';

// Operations of linear algebra

export { cholesky, inverse, SingularError, solve } from './decompositions.ts';
export { det, logDet } from './determinants.ts';
export {
  diag,
  dot,
  matmul,
  matmulLeft,
  matmulRight,
  outer,
  trace,
  transpose,
} from './linear.ts';

// Operations that move entries

export { gather, type Indices, pick } from './indexing.ts';
export { concat, pad, type Range, reshape, slice, stack } from './shaping.ts';

// The operations that only derivatives are written with: not called, but recorded and compiled

export * as innerOperations from './inner.ts';
