import type { Asking } from '@steepest/ground';
import type { Facts } from './facts.ts';
import type { FittedStep, Frame, Note } from './frame.ts';

/** A step before it has seen data. */
export interface Step {
  readonly step: string;
  fit(frame: Frame, note: Note): FittedStep;
  /** The same by questions, for rows that are not in memory; a step without it learns from tables alone. */
  learn?(facts: Facts, note: Note): Asking<FittedStep>;
}
