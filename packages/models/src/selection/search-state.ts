import { isPlain, refusal } from '@steepest/ground';
import type { Candidate } from './candidates.ts';

/** One candidate judged, as JSON: figures, or why there are none. */
export interface Trial {
  readonly candidate: Candidate;
  /** The stage of halving, from 0, and how many rows it had. */
  readonly stage: number;
  readonly rows: number;
  readonly mean: number | null;
  readonly standardError: number | null;
  readonly folds: readonly number[];
  readonly failed?: string;
}

/** What a search has done so far: plain JSON, from which it goes on. */
export interface SearchState {
  readonly search: 1;
  /** What was asked, as text: a state goes on with the same question only. */
  readonly asked: string;
  readonly trials: readonly Trial[];
}

/** The trials of a state; throws where it is of another search. */
export function trialsOf(state: unknown, asked: string): readonly Trial[] {
  if (state === undefined) return [];
  if (!isPlain(state) || state.search !== 1 || !Array.isArray(state.trials)) {
    throw refusal('search', 'state must be that of a search', state, 'pass what onTrial was given');
  }
  if (state.asked !== asked) {
    throw new TypeError(
      `search: the state is of another search: it asked ${String(state.asked).slice(0, 300)}, this one asks ${asked.slice(0, 300)}; leave the state out`,
    );
  }
  return state.trials.map((trial: unknown, i) => {
    const fits =
      isPlain(trial) &&
      isPlain(trial.candidate) &&
      Array.isArray(trial.folds) &&
      [trial.stage, trial.rows].every(Number.isSafeInteger) &&
      [trial.mean, trial.standardError].every((x) => x === null || Number.isFinite(x));
    if (fits) return trial as unknown as Trial;
    throw refusal('search', `state.trials[${i}] must be a trial`, trial, 'leave the state out');
  });
}

/** How a trial is known again. */
export function keyOf(candidate: Candidate, stage: number): string {
  return `${stage} ${JSON.stringify(candidate)}`;
}
