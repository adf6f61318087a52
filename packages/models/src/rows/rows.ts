import type {
  Warning as DataWarning,
  FittedPreparation,
  Preparation,
  Role,
  Schema,
  Table,
  Values,
} from '@steepest/datasets';
import type { Later } from '@steepest/ground';
import type { BatchSource } from '@steepest/optim';
import type { Separation, Warning } from '../checks/warning.ts';
import type { Batch } from '../families/batch.ts';
import type { Problem } from '../families/problem.ts';
import type { Reading, TrainingSet } from '../fit/training-set.ts';
import type { Metrics } from '../metrics/measure.ts';
import type { Affine } from '../solve/row-sums.ts';
import type { Sums } from '../solve/sums.ts';

/**
 * What `fit` and `evaluate` ask of data, wherever it is: memory, disk, a database. Nothing in them asks
 * which. Every answer may come later.
 */
export interface Rows {
  readonly schema: Schema;
  readonly names: readonly string[];
  readonly role?: Role | undefined;
  readonly file?: string | undefined;
  readonly warnings: readonly DataWarning[];
  /** How many there are; after `begin`, if that has to ask. */
  readonly rows: number;
  /** Called before the first question and after the last one: for what is to be the same all along. */
  begin?(): Later<void>;
  end?(): Later<void>;
  /** What a column holds; undefined if there is none of that name. */
  type(name: string): Values['type'] | undefined;
  /** The rows whose weight in this column is not 0. */
  counted(weights: string): Later<Rows>;
  /** A preparation fitted on these rows. */
  fit(preparation: Preparation): Later<FittedPreparation>;
  /** A table of this column, in which every value that it has occurs. Throws if there is none of that name. */
  column(name: string): Later<Table>;
  /** How many rows have no value in each of these columns. */
  holes(names: readonly string[]): Later<readonly number[]>;
  /** What is odd about the raw columns: numbers that count the rows, in which order those are. */
  notes(features: readonly string[]): Later<readonly Warning[]>;
  /** These rows as examples of a problem, in the way that a model reads them. */
  examples(problem: Problem, reading: Reading): Later<RowExamples>;
}

/** Rows that a model reads: the sums that its solver asks for, with weights of mean 1, and more. */
export interface RowExamples extends Sums {
  /** Warnings about the target; throws for one that nothing can be learned from. */
  target(): Later<readonly Warning[]>;
  /** Warnings about the prepared columns: too few rows, constant, dependent. */
  design(): Later<readonly Warning[]>;
  /** Warnings about labels that are rare. */
  imbalance(labels: readonly string[]): Later<readonly Warning[]>;
  /** What the scores of a model are worth: of parameters, or of a point that the solver found. */
  metrics(at: Affine, labels: readonly string[]): Later<Metrics>;
  /** Whether the rows leave a problem without a penalty without a minimum; 'not checked' is an answer. */
  separation(): Later<Separation>;
  /** A raw column that separates the labels alone, if that is known. */
  alone?(
    labels: readonly string[],
  ): Later<{ readonly column: string; readonly message: string } | undefined>;
  /** Shuffled minibatches by seed; without it they are refused. */
  batches?(size: number): BatchSource<Batch>;
  /** All rows, where they are in memory. */
  readonly set?: TrainingSet;
  /** The same, laid out for the asking, where they are in memory without their zeros. */
  dense?(): TrainingSet;
}

/** Whether a value is rows that answer questions. */
export function isRows(x: unknown): x is Rows {
  const { type, counted, column, examples } = (x ?? {}) as Partial<Rows>;
  return [type, counted, column, examples].every((f) => typeof f === 'function');
}
