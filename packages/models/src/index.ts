// Problems

// Exact solutions
export {
  type LeastSquaresOptions,
  type LeastSquaresSolution,
  leastSquares,
  RankDeficientError,
} from './exact/least-squares.ts';
// Metrics
export { areaUnderCurve } from './metrics/auc.ts';
export { type Calibration, type CalibrationBin, calibration } from './metrics/calibration.ts';
export type { Numbers } from './metrics/columns.ts';
export {
  accuracy,
  type ConfusionMatrix,
  confusionMatrix,
  mostLikely,
} from './metrics/confusion.ts';
export { brierScore, classLogLoss, logLoss } from './metrics/probability.ts';
export {
  meanAbsoluteError,
  meanSquaredError,
  poissonDeviance,
  rSquared,
} from './metrics/regression.ts';
export { linearRegression } from './problems/linear.ts';
export { logisticRegression } from './problems/logistic.ts';
export { poissonRegression } from './problems/poisson.ts';
export type {
  Batch,
  Column,
  Kind,
  Params,
  PenaltyOptions,
  Problem,
  Weights,
} from './problems/problem.ts';
export { type SoftmaxOptions, softmaxRegression } from './problems/softmax.ts';
