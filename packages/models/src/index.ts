// Problems

export type { Batch, Column, Params, Weights } from './families/batch.ts';
export { gammaRegression } from './families/gamma.ts';
export { type HuberOptions, huberRegression } from './families/huber.ts';
export { linearRegression } from './families/linear.ts';
export { logisticRegression } from './families/logistic.ts';
export {
  type NegativeBinomialOptions,
  negativeBinomialRegression,
} from './families/negative-binomial.ts';
export { poissonRegression } from './families/poisson.ts';
export { probitRegression } from './families/probit.ts';
export type { ClassOptions, PenaltyOptions, Problem } from './families/problem.ts';
export { softmaxRegression } from './families/softmax.ts';

// Families of one's own

export { constantTarget, countTarget } from './checks/target-checks.ts';
export type {
  Family,
  LikelihoodFacts,
  Separable,
  Target,
  TargetFacts,
  WantedClasses,
} from './families/family.ts';
export { regression } from './families/regression.ts';
export { numberTarget } from './families/targets.ts';

// Fit

export type { ClassWeights } from './fit/class-weights.ts';
export type { Coefficients } from './fit/coefficients.ts';
export { evaluate } from './fit/evaluate.ts';
export { fit } from './fit/fit.ts';
export {
  fitNegativeBinomial,
  type NegativeBinomialFit,
} from './fit/fit-negative-binomial.ts';
export type { Fitted, RawCell, RowOfColumns } from './fit/model.ts';
export type { Differentiated, FitOptions } from './fit/options.ts';
export type { Examples, TableOptions } from './fit/training-set.ts';
export { certify } from './penalized/certify.ts';
export type { Certificate } from './solve/certificate.ts';

// One prediction, explained

export {
  type Contribution,
  type ExplainedScore,
  type Explanation,
  explain,
} from './explain/explain.ts';

// Penalties and their paths

export type { Factors, Glmnet, GlmnetSettings, Penalty } from './families/penalty.ts';
export { glmnet } from './families/penalty.ts';
export type { PathOptions } from './path/options.ts';
export { path } from './path/path.ts';
export type { Path, PathPoint, PlotSize } from './path/path-of-models.ts';

// Checks

export { designWarnings } from './checks/design-checks.ts';
export { type NamedColumn, separatingColumn } from './checks/separating-column.ts';
export { separation } from './checks/separation.ts';
export { targetWarnings } from './checks/target-checks.ts';
export type { Separation, Warning, WarningKind } from './checks/warning.ts';
export { zeroCountSeparation } from './checks/zero-counts.ts';

// Exact solutions

export {
  type LeastSquaresOptions,
  type LeastSquaresSolution,
  leastSquares,
  RankDeficientError,
} from './exact/least-squares.ts';

// Metrics

export { balancedAccuracy, matthewsCorrelation } from './metrics/agreement.ts';
export { areaUnderCurve } from './metrics/auc.ts';
export { type Calibration, type CalibrationBin, calibration } from './metrics/calibration.ts';
export type { Numbers, Weighted } from './metrics/columns.ts';
export {
  accuracy,
  type ConfusionMatrix,
  confusionMatrix,
  mostLikely,
} from './metrics/confusion.ts';
export { type FScoreOptions, f1Score } from './metrics/f-score.ts';
export { type Measures, type Metrics, measure, measureInWords } from './metrics/measure.ts';
export {
  averagePrecision,
  type PrecisionRecallCurve,
  precisionRecallCurve,
} from './metrics/precision-recall.ts';
export { brierScore, classLogLoss, logLoss } from './metrics/probability.ts';
export {
  gammaDeviance,
  meanAbsoluteError,
  meanSquaredError,
  poissonDeviance,
  rSquared,
} from './metrics/regression.ts';
export { type RocCurve, rocCurve } from './metrics/roc.ts';
export { topKAccuracy } from './metrics/top-k.ts';

// Selection

export type { AcrossFolds } from './selection/across-folds.ts';
export type { Between, Candidate, Plain, SearchSpace } from './selection/candidates.ts';
export { type CrossValidateOptions, crossValidate } from './selection/cross-validate.ts';
export {
  type CrossValidatePathOptions,
  crossValidatePath,
  type PathValidation,
  type ValidatedPoint,
} from './selection/cross-validate-path.ts';
export type { CrossValidation, HeldOut, ValidatedFold } from './selection/cross-validation.ts';
export type { FoldSettings } from './selection/fold-plan.ts';
export type { JudgedBy } from './selection/judged-by.ts';
export { search } from './selection/search.ts';
export type { SearchState, Trial } from './selection/search-state.ts';
export type { CandidateOf, Proposed, Search, SearchOptions } from './selection/search-types.ts';

// Probabilities and decisions

export {
  type Calibrator,
  calibrated,
  type Isotonic,
  type Platt,
} from './calibrate/calibrator.ts';
export { type Costs, costThreshold, type Decision, leastCost } from './calibrate/cost.ts';
export { isotonic } from './calibrate/isotonic.ts';
export { platt } from './calibrate/platt.ts';

// Save and load

export type { Bundle } from './bundle/format.ts';
export { type BundleOptions, fromBundle } from './bundle/from-bundle.ts';
export type { JsonNumber } from './bundle/number.ts';
export { toBundle } from './bundle/to-bundle.ts';
