import { listed, quoted } from '../error.ts';
import type { Warning } from '../warning.ts';

/** A column on its way to becoming features: numbers and dates (NaN for a hole) or labels (−1). */
export type FrameColumn = NumericColumn | LabelColumn | DateColumn;

export interface NumericColumn {
  readonly kind: 'number';
  readonly name: string;
  readonly values: Float64Array;
  /** The numbers are whole and go round, as months do: oneHot() may take them for labels. */
  readonly cycle?: readonly [first: number, last: number];
}

/** Milliseconds since 1970 in UTC. */
export interface DateColumn {
  readonly kind: 'date';
  readonly name: string;
  readonly values: Float64Array;
}

export interface LabelColumn {
  readonly kind: 'label';
  readonly name: string;
  readonly codes: Int32Array;
  readonly levels: readonly string[];
  /** The levels come from the schema, not from the rows that happened to be read. */
  readonly declared: boolean;
}

/** The name of the column of ones. */
export const interceptName = '(intercept)';

/** The columns between two steps. */
export interface Frame {
  readonly rows: number;
  readonly columns: readonly FrameColumn[];
  /** What the frame was made from, for messages. */
  readonly file?: string | undefined;
  /** The number of a row among all, from 0, where these are some of many. */
  readonly rowNumber?: ((i: number) => number) | undefined;
}

/** What messages call a row: its number from 1. */
export function rowName({ rowNumber }: Frame, i: number): string {
  return `row ${(rowNumber?.(i) ?? i) + 1}`;
}

/** Receives what a reader should know about a fit. */
export type Note = (warning: Warning) => void;

/** A step with everything it learned; `state` is plain data from which it can be loaded. */
export interface FittedStep {
  readonly step: string;
  readonly state: unknown;
  apply(frame: Frame): Frame;
  /** How the step changes the scale of each column, or an error if it is no change of scale. */
  rescale(scales: readonly Scale[]): readonly Scale[];
  /**
   * Where columns neither come nor go, and a number that is present becomes (v − shift) / scale or stays: what is
   * rescaled, by name. A row of numbers then needs no frame.
   */
  readonly rescaled?: ReadonlyMap<string, { readonly shift: number; readonly scale: number }>;
}

/** A column that equals (base − shift) / scale. */
export interface Scale {
  readonly name: string;
  readonly base: string;
  readonly shift: number;
  readonly scale: number;
}

/** The scale of a column that is in its own units. */
export function ownScale(name: string): Scale {
  return { name, base: name, shift: 0, scale: 1 };
}

/** The numeric columns among these names, or all but the intercept's; throws for a name that is not there. */
export function numericColumns(
  frame: Frame,
  step: string,
  names: readonly string[] | undefined,
): NumericColumn[] {
  const numeric = frame.columns.filter((column) => column.kind === 'number');
  if (names === undefined) return numeric.filter(({ name }) => name !== interceptName);
  const columns = columnsByName(frame);
  return names.map((name) => {
    const column = columns.get(name);
    if (column?.kind === 'number') return column;
    throw notNumeric(
      step,
      name,
      column?.kind,
      numeric.map((c) => c.name),
    );
  });
}

export function columnsByName(frame: Frame): ReadonlyMap<string, FrameColumn> {
  return new Map(frame.columns.map((column) => [column.name, column]));
}

/** The frame with some columns replaced, by name, each by any number of columns. */
export function replaced(
  frame: Frame,
  change: (column: FrameColumn) => FrameColumn | readonly FrameColumn[],
): Frame {
  return { ...frame, columns: frame.columns.flatMap(change) };
}

/** The error of a step that was given a column which holds no numbers. */
export function notNumeric(
  step: string,
  name: string,
  kind: FrameColumn['kind'] | undefined,
  numeric: readonly string[],
): TypeError {
  const why =
    kind === undefined
      ? 'is not among the features'
      : `holds ${kind === 'date' ? 'dates' : 'labels'}, not numbers`;
  return new TypeError(
    `${step}: the column ${quoted(name)} ${why}; the numeric ones here are ${listed(numeric)}`,
  );
}
