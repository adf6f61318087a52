import type { TableBuilder } from '../reading/table-builder.ts';
import type { MissingPolicy } from '../schema/column.ts';
import type { Columns, NamedColumn } from '../schema/schema.ts';
import type { Warning } from '../warning.ts';
import type { Cells } from './cells.ts';
import type { LaneOptions } from './lane/door.ts';

/** What threads need to read the rest of a file into the same columns. */
export interface Shared {
  /** Every column of the file; null is one that is not read. */
  readonly columns: readonly (SharedColumn | null)[];
  /** How many rows there is room for. */
  readonly capacity: number;
  readonly options: LaneOptions;
  /** Where the rest begins: its row, its line, and its place in the file, in bytes. */
  readonly rows: number;
  readonly line: number;
  readonly position: number;
}

export interface SharedColumn {
  readonly column: NamedColumn;
  readonly policy: MissingPolicy;
  readonly buffer: SharedArrayBuffer;
}

/** What one thread has to tell about the rows that it stored. */
export interface Part {
  readonly notes: readonly PlacedNote[];
  /** By column: the labels that its codes stand for, where threads find their own. */
  readonly labels: readonly (readonly string[] | null)[];
  /** The rows that it stored, in pairs of first and end. */
  readonly rows: readonly number[];
}

export interface PlacedNote {
  readonly kind: Warning['kind'];
  readonly column: number;
  readonly raw: string;
  readonly line: number;
}

/** The columns of a table in memory that threads share; undefined if they cannot. */
export function sharedColumns<C extends Columns>(
  table: TableBuilder<C, string>,
  cells: readonly (Cells | undefined)[],
  capacity: number,
): (SharedColumn | null)[] | undefined {
  if (table.columns.some((read) => read.cells.sharing === undefined)) return undefined;
  return cells.map((each) => {
    const read = table.columns.find((other) => other.cells === each);
    if (read === undefined) return null;
    const { column, policy } = read;
    return { column, policy, buffer: read.cells.sharing!.share(capacity) };
  });
}

/** Gives the labels and notes of all threads their place in the table. */
export function adoptParts<C extends Columns>(
  table: TableBuilder<C, string>,
  cells: readonly (Cells | undefined)[],
  parts: readonly Part[],
): void {
  for (const { labels, rows } of parts) {
    cells.forEach((each, i) => {
      const found = labels[i];
      if (found !== null) each?.sharing?.translate?.(found, rows);
    });
  }
  const notes = parts.flatMap((part) => part.notes);
  notes.sort((a, b) => a.line - b.line || a.column - b.column);
  const names = new Map(table.columns.map(({ name, index }) => [index, name]));
  for (const { kind, column, raw, line } of notes) {
    table.notes.add(kind, names.get(column)!, raw, line);
  }
}
