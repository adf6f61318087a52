// Figures about a fit

export type {
  Estimate,
  PseudoRSquared,
  Summary,
  SummaryFacts,
  Test,
} from './inference/figures.ts';
export type { Goodness } from './inference/goodness.ts';
export type { Correction } from './inference/robust.ts';
export { type SummaryOptions, summary } from './inference/summary.ts';
export { summaryOf } from './inference/summary-of.ts';

// Intervals of metrics

export { type BootstrapOptions, bootstrapInterval } from './metrics/bootstrap.ts';
export { type AreaInterval, areaInterval } from './metrics/delong.ts';
export type { Interval, LevelOptions } from './metrics/interval.ts';
export { type MeasureIntervalsOptions, measureIntervals } from './metrics/measure-intervals.ts';
export { wilsonInterval } from './metrics/wilson.ts';

// Forms in which they print

export type { Printed } from './document/printed.ts';
