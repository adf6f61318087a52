/**
 * Why a run ended. Only 'gradientSmall' means that a minimum (or another stationary point) was
 * reached; with 'runsAway' the gradient is as small, but the parameters have not come to rest.
 */
export type Reason =
  | 'gradientSmall'
  | 'runsAway'
  | 'noProgress'
  | 'stepLimit'
  | 'epochLimit'
  | 'timeLimit'
  | 'validationWorse'
  | 'nonFinite'
  | 'lineSearchFailed'
  | 'aborted';

/** An end and what to say about it. */
export interface Ending {
  readonly reason: Reason;
  readonly message: string;
}
