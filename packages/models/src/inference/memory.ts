import type { Estimation } from './estimation.ts';
import type { Summary } from './figures.ts';

/** What a summary was made from: kept for as long as it is, for predictions and comparisons. */
export interface Origin {
  readonly estimation: Estimation;
  /** Of the free scores' [b, w] of prepared columns, as the summary's errors say. */
  readonly covariance: Float64Array;
}

const origins = new WeakMap<Summary, Origin>();

export function remember(summary: Summary, origin: Origin): void {
  origins.set(summary, origin);
}

/** Undefined for a summary of facts alone, and for a copy. */
export function originOf(summary: Summary): Origin | undefined {
  return origins.get(summary);
}
