import type { FlatMatrix } from '@steepest/autodiff';
import type { Warning } from '../checks/warning.ts';
import type { Printed } from '../document/printed.ts';
import type { Problem } from '../families/problem.ts';
import type { Fitted } from '../fit/model.ts';
import type { Metrics } from '../metrics/measure.ts';
import type { AcrossFolds } from './across-folds.ts';

/** A model of one fold, and how well it does on the rows that it did not learn from. */
export interface ValidatedFold {
  readonly rows: { readonly train: number; readonly validation: number };
  readonly fitted: Fitted;
  readonly metrics: Metrics;
}

/** What was predicted for rows by the model that did not learn from them. */
export interface HeldOut {
  /** Numbers of rows in the table, from 0, rising. */
  readonly rows: Int32Array;
  /** n×K. */
  readonly predicted: FlatMatrix;
  /** n×1: the target as the problem counts it. */
  readonly y: FlatMatrix;
}

/** How well models of a problem do on rows that they did not learn from; prints as a table. */
export interface CrossValidation extends Printed {
  readonly problem: Problem;
  /** How rows were parted, in words. */
  readonly how: string;
  readonly target: string;
  readonly folds: readonly ValidatedFold[];
  /** Each measure of the family: its mean over folds, ± its standard error, and each fold's. */
  readonly measures: Readonly<Record<string, AcrossFolds>>;
  readonly heldOut: HeldOut;
  readonly warnings: readonly Warning[];
}
