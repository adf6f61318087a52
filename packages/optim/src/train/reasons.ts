/** Why a run ended. Only 'gradientSmall' means that a minimum (or another stationary point) was reached. */
export type Reason =
  | 'gradientSmall'
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
