// What rows are to `fit` and `evaluate`, for those who bring rows from elsewhere

export { columnWarnings, imbalance, orderWarnings } from './checks/column-warnings.ts';
export { constantWarnings, rowWarnings } from './checks/design-checks.ts';
export { namesOfClasses } from './fit/fitted.ts';
export type { Reading } from './fit/training-set.ts';
export { calibrationOf } from './metrics/calibration.ts';
export { calledOf, confusionOf } from './metrics/confusion.ts';
export { printable } from './metrics/measure.ts';
export type { RowExamples, Rows } from './rows/rows.ts';
export type { Moments } from './solve/moments.ts';
export { type NullModel, nullModel } from './solve/null-model.ts';
export { type Affine, type CurvatureSums, rowSums } from './solve/row-sums.ts';
export type { ScorePair, Sums } from './solve/sums.ts';
