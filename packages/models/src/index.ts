// Save and load
export type { Bundle } from './bundle/format.ts';
export { fromBundle } from './bundle/from-bundle.ts';
export type { JsonNumber } from './bundle/number.ts';
export { toBundle } from './bundle/to-bundle.ts';
// Checks
export type { Caution, CautionKind } from './checks/caution.ts';
export { designCautions } from './checks/design-checks.ts';
export { type NamedColumn, separatingColumn } from './checks/separating-column.ts';
export { type Separation, separation } from './checks/separation.ts';
export { targetCautions } from './checks/target-checks.ts';
export { zeroCountSeparation } from './checks/zero-counts.ts';
// Exact solutions
export {
  type LeastSquaresOptions,
  type LeastSquaresSolution,
  leastSquares,
  RankDeficientError,
} from './exact/least-squares.ts';
// Fit
export { type Certificate, certify } from './fit/certificate.ts';
export type { Coefficients } from './fit/coefficients.ts';
export { evaluate } from './fit/evaluate.ts';
export { fit } from './fit/fit.ts';
export type { Fitted } from './fit/model.ts';
export type { Differentiated, FitOptions } from './fit/options.ts';
export type { Examples, TableOptions } from './fit/training-set.ts';
// Standard errors
export { type Estimate, type Inference, inference } from './inference/inference.ts';
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
export { type Measures, type Metrics, measure } from './metrics/measure.ts';
export { brierScore, classLogLoss, logLoss } from './metrics/probability.ts';
export {
  meanAbsoluteError,
  meanSquaredError,
  poissonDeviance,
  rSquared,
} from './metrics/regression.ts';
// Problems
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
