import type { Printed } from '../document/printed.ts';
import type { Problem } from '../families/problem.ts';
import type { Fitted } from '../fit/model.ts';
import type { SearchSpace } from './candidates.ts';
import type { CrossValidateOptions } from './cross-validate.ts';
import type { FoldsOption } from './fold-plan.ts';
import type { JudgedBy } from './judged-by.ts';
import type { SearchState, Trial } from './search-state.ts';

/** A problem with the options of its fit, for one candidate. */
export interface Proposed extends Omit<CrossValidateOptions, 'folds' | 'signal'> {
  readonly problem: Problem;
}

export interface SearchOptions extends FoldsOption {
  /** The settings and their values: `{ l2: [0.01, 0.1, 1] }`, `{ l2: { from: 1e-4, to: 1, log: true } }`. */
  readonly over: SearchSpace;
  /**
   * 'grid', every combination, unless given; 'random', `count` of them; 'halving', `count` of them on some
   * of the rows, the best of them on more.
   */
  readonly method?: 'grid' | 'random' | 'halving' | undefined;
  /** How many candidates are drawn (20), and by which seed (1). */
  readonly count?: number | undefined;
  readonly seed?: number | undefined;
  /** With 'halving': from stage to stage so many times as many rows, and as much fewer candidates (3). */
  readonly factor?: number | undefined;
  /** The measure to judge by; the log loss, deviance or mean squared error of the family unless given. */
  readonly by?: string | undefined;
  /** Whether less or more of it is better, where that is not known by its name. */
  readonly best?: 'lowest' | 'highest' | undefined;
  /**
   * How complex a candidate is: then the least complex is chosen of those that are within one standard
   * error of the best (Breiman et al., 1984).
   */
  readonly complexity?: ((candidate: never) => number) | undefined;
  /** What an earlier search had done: it goes on from there. */
  readonly state?: SearchState | undefined;
  /** Called after every trial with all that was done, as plain JSON to keep. */
  readonly onTrial?: ((state: SearchState) => void) | undefined;
  /** Ends the search between two trials; it rejects. */
  readonly signal?: AbortSignal | undefined;
}

/** The type of a candidate of a space: what its lists hold, numbers for its ranges. */
export type CandidateOf<S extends SearchSpace> = {
  readonly [N in keyof S]: S[N] extends readonly (infer V)[] ? V : number;
};

/** What a search found; prints as a table of its trials, the best first. */
export interface Search extends Printed {
  readonly how: string;
  readonly by: JudgedBy;
  /** The candidate that was chosen, and how it was judged. */
  readonly chosen: Trial;
  /** The candidate with the best mean, which the one-standard-error rule may pass over. */
  readonly best: Trial;
  readonly trials: readonly Trial[];
  /** The chosen candidate fitted to all rows. */
  readonly fitted: Fitted;
  readonly state: SearchState;
}
