import type { FlatMatrix, NdArrayLike } from '@steepest/autodiff';
import type { Columns, DiskTable, RawRow, Table } from '@steepest/datasets';
import type { Result } from '@steepest/optim';
import type { Warning } from '../checks/warning.ts';
import type { Column, Params } from '../families/batch.ts';
import type { Problem } from '../families/problem.ts';
import type { Metrics } from '../metrics/measure.ts';
import type { Certificate } from '../solve/certificate.ts';
import type { Coefficients } from './coefficients.ts';
import type { Reading } from './training-set.ts';

/** What a fitted model is made of: plain data, but for the problem's and the preparation's functions. */
export interface FittedParts {
  readonly problem: Problem;
  readonly params: Params;
  readonly reading: Reading;
  /** The prepared columns, in the order of w's rows. */
  readonly names: readonly string[];
  /** Whether the objective's minimum was reached, and exists. */
  readonly converged: boolean;
  /** How training ended, in words. */
  readonly ending: string;
  readonly certificate: Certificate;
  readonly metrics: Metrics;
  readonly warnings: readonly Warning[];
  readonly seed: number;
  /** What the training loop reported; undefined where none ran, and for a model from a file. */
  readonly report: Result<Params> | undefined;
}

/** A cell as it comes from a form, a request or a file. */
export type RawCell = string | number | boolean | null | undefined;

/**
 * A row to predict, by the columns that training had: those that are listed as features must be there,
 * others may be, and no others are known.
 */
export type RowOfColumns<C extends Columns, F extends string> =
  | ({ readonly [N in keyof C]?: RawCell } & { readonly [N in F]: RawCell })
  | ReadonlyMap<string, unknown>;

/** A model that was fitted, or loaded; R is a row to predict. `toString` prints it as a report. */
export interface Fitted<R = RawRow> extends FittedParts {
  /** One per class in softmax regression, otherwise one; in raw units where there are any. */
  readonly coefficients: readonly Coefficients[];
  /** The labels of y's codes, where the target is a label: [negative, positive] for two. */
  readonly classes: readonly string[] | undefined;
  /** Means, probabilities of the positive class, class probabilities or rates → n×K. */
  predict(rows: Table | readonly R[]): FlatMatrix;
  /** The same for rows on disk, some at a time. */
  predict(rows: DiskTable): Promise<FlatMatrix>;
  /** The same for prepared numbers, n×d. */
  predictFeatures(x: FlatMatrix | NdArrayLike, offset?: Column): FlatMatrix;
  /** The most likely label of each row; throws where the target is a number. */
  classify(rows: Table | readonly R[]): string[];
  classify(rows: DiskTable): Promise<string[]>;
  toString(): string;
}
