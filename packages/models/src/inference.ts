// Figures about a fit

export type {
  Estimate,
  PseudoRSquared,
  Summary,
  SummaryFacts,
  Test,
} from './inference/figures.ts';
export type { Goodness } from './inference/goodness.ts';
export type { FittedRows } from './inference/in-memory.ts';
export type { Correction } from './inference/robust.ts';
export { type SummaryOptions, summary } from './inference/summary.ts';
export { summaryOf } from './inference/summary-of.ts';

// Predictions, effects, rows, columns

export { type Diagnostics, diagnostics } from './inference/diagnostics.ts';
export {
  type MarginalEffect,
  type MarginalEffects,
  type MarginalOptions,
  marginalEffects,
} from './inference/marginal-effects.ts';
export {
  type Prediction,
  type PredictionOptions,
  type Predictions,
  predictions,
} from './inference/predictions.ts';
export {
  type Inflation,
  type InflationOptions,
  type Inflations,
  varianceInflation,
} from './inference/variance-inflation.ts';

// Several models

export {
  type ComparedModel,
  type CompareOptions,
  type Comparison,
  compareModels,
} from './inference/compare.ts';
export { type SideBySide, type SideBySideOptions, sideBySide } from './inference/side-by-side.ts';

// Intervals of metrics

export { type BootstrapOptions, bootstrapInterval } from './metrics/bootstrap.ts';
export { type AreaInterval, areaInterval } from './metrics/delong.ts';
export type { Interval, LevelOptions } from './metrics/interval.ts';
export { type MeasureIntervalsOptions, measureIntervals } from './metrics/measure-intervals.ts';
export { wilsonInterval } from './metrics/wilson.ts';

// Forms in which they print

export type { Printed } from './document/printed.ts';
