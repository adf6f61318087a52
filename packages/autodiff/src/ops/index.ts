// Entry by entry: arithmetic

export { add, div, mul, neg, reciprocal, square, sub } from './arithmetic.ts';
export { pow } from './power.ts';

// Entry by entry: comparisons and choices

export { stopGradient, where } from './choice.ts';
export { equal, greater, greaterEqual, less, lessEqual } from './comparison.ts';
export { abs, clip, maximum, minimum, relu, sign } from './piecewise.ts';

// Entry by entry: exponentials, angles, special functions

export { exp, expm1, log, log1p, sqrt, xlogy } from './exponential.ts';
export { cosh, sinh, tanh } from './hyperbolic.ts';
export { logSigmoid, sigmoid, softplus } from './logistic.ts';
export { erf, lgamma, logNormalCdf } from './special.ts';
export { acos, asin, atan, atan2, cos, sin, tan } from './trigonometric.ts';

// Along an axis or over all entries

export { mean, variance } from './averages.ts';
export type { Axis } from './axis.ts';
export { broadcastTo, sum } from './broadcast.ts';
export { max, min } from './extremes.ts';
export { cumsum, prod, type RunningSum } from './folds.ts';
export { norm } from './norm.ts';
export type { Reduction } from './reduction.ts';
export { logSoftmax, logSumExp, softmax } from './softmax.ts';

// Linear algebra

export { cholesky, inverse, SingularError, solve } from './decompositions.ts';
export { det, logDet } from './determinants.ts';
export { matmul, matmulLeft, matmulRight, transpose } from './matmul.ts';
export { diag, dot, outer, trace } from './vectors.ts';

// Moving entries

export { concat, stack } from './concat.ts';
export { gather, type Indices, pick } from './indexing.ts';
export { reshape } from './reshape.ts';
export { pad, type Range, slice } from './slice.ts';

// What only derivatives are written with: not called, but recorded and compiled

export * as innerOperations from './inner.ts';
