import type { Later } from '@steepest/ground';
import { type FittedStep, type Frame, interceptName, notNumeric } from './frame.ts';
import type { ColumnMoments } from './moments.ts';

/** A column as the steps so far leave it: what is known of it without looking at its cells. */
export interface FactColumn {
  readonly kind: 'number' | 'label' | 'date';
  readonly name: string;
  /** Of whole numbers that go round, as months do. */
  readonly cycle?: readonly [first: number, last: number];
  /** Of labels: what their codes stand for, and whether the schema declares them. */
  readonly levels?: readonly string[];
  readonly declared?: boolean;
}

/** The smallest and the largest number or date; Infinity and −Infinity where there is none. */
export interface Extremes {
  readonly low: number;
  readonly high: number;
}

/**
 * What steps may ask of the rows that they are fitted on, wherever those are: each question is about some
 * columns at once, and takes one pass or one query. Holes are left out of all figures.
 */
export interface Facts {
  readonly rows: number;
  readonly columns: readonly FactColumn[];
  /** What the rows are from, for messages. */
  readonly file?: string | undefined;
  /** Of number columns: mean and population deviation. */
  moments(names: readonly string[]): Later<readonly ColumnMoments[]>;
  /** Of number and date columns. */
  extremes(names: readonly string[]): Later<readonly Extremes[]>;
  /** How many rows have no value. */
  holes(names: readonly string[]): Later<readonly number[]>;
  /** Of label columns: how many rows have each level. */
  counts(names: readonly string[]): Later<readonly Float64Array[]>;
  /** Of number columns; undefined where there is no number. */
  medians(names: readonly string[]): Later<readonly (number | undefined)[]>;
  /**
   * Of number columns: what these shares of the rows are at most, between two of them by a line (type 7 of
   * Hyndman and Fan, 1996). Not everywhere known.
   */
  quantiles?(
    names: readonly string[],
    shares: readonly number[],
  ): Later<readonly (readonly number[])[]>;
  /** Of number columns: the smallest of the values that occur most often. */
  mostFrequent(names: readonly string[]): Later<readonly (number | undefined)[]>;
  /** The facts of the columns that a step makes. */
  after(step: FittedStep): Facts;
  /** The columns themselves, where they are in memory. */
  readonly frame?: Frame;
}

/** The number columns among these names, or all but the intercept's; throws for a name that is not there. */
export function numberColumns(
  { columns }: Facts,
  step: string,
  names: readonly string[] | undefined,
): string[] {
  const numeric = columns.filter(({ kind }) => kind === 'number').map(({ name }) => name);
  if (names === undefined) return numeric.filter((name) => name !== interceptName);
  for (const name of names) {
    const column = columns.find((other) => other.name === name);
    if (column?.kind !== 'number') throw notNumeric(step, name, column?.kind, numeric);
  }
  return [...names];
}
