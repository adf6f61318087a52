import { isCallable, refusal } from '@steepest/ground';
import type { Columns, Schema } from '../schema/schema.ts';
import type { Warning } from '../warning.ts';
import type { Role, Table } from './table.ts';

/**
 * Rows that stay on disk, column by column: parts of them become tables in memory. Made by `openCsv` of
 * `@steepest/datasets/node`; a part of one, such as `split` makes, knows its rows by their numbers.
 */
export interface DiskTable<C extends Columns = Columns> {
  readonly onDisk: true;
  readonly schema: Schema<C>;
  readonly rows: number;
  readonly names: readonly string[];
  readonly droppedRows: number;
  readonly warnings: readonly Warning[];
  readonly file?: string;
  readonly role?: Role;
  /** The levels of each category column. */
  readonly levels: ReadonlyMap<string, readonly string[]>;
  /** Rows from `from` up to, not including, `to`, as a table in memory; only some columns, if named. */
  slice(from: number, to: number, names?: readonly string[]): Table<C>;
  /** Rows by their numbers, in the order given, as a table in memory. */
  gather(rows: ArrayLike<number>, names?: readonly string[]): Table<C>;
  /** All rows in order, in blocks; the next block is read while one is worked on. */
  blocks(rows?: number, names?: readonly string[]): AsyncIterable<Table<C>>;
  /**
   * All rows in the order of the file, which is the fast way where a part's order is another one; the next
   * block is read while one is worked on. A block is good until the next one is asked for: its memory serves again.
   */
  scan(rows?: number, names?: readonly string[]): AsyncIterable<Scanned<C>>;
  /** The same data with these rows only (all, if undefined), in this order, perhaps in a role. */
  part(rows: Int32Array | undefined, role?: Role, warnings?: readonly Warning[]): DiskTable<C>;
  /** Closes the files, for all parts. */
  close(): void;
}

/** Some rows of a part, as they come in the file, and their numbers: from one on, or each on its own. */
export type Scanned<C extends Columns = Columns> = { readonly table: Table<C> } & (
  | { readonly from: number }
  | { readonly at: Int32Array }
);

/**
 * Whether a table's rows stay on disk.
 *
 * @example
 * isOnDisk(await openCsv('huge.csv', { schema })) // true
 * isOnDisk(parseCsv('x\n1\n')) // false
 */
export function isOnDisk(table: unknown): table is DiskTable {
  const found = table as DiskTable | null | undefined;
  return (
    found?.onDisk === true &&
    Number.isSafeInteger(found.rows) &&
    areNames(found.names) &&
    [found.slice, found.gather, found.scan, found.part].every(isCallable)
  );
}

/** Whether it is a list of texts. */
export function areNames(x: unknown): boolean {
  return Array.isArray(x) && x.every((name) => typeof name === 'string');
}

/** Throws a TypeError unless the argument is a table on disk. */
export function expectOnDisk(operation: string, x: unknown): void {
  if (isOnDisk(x)) return;
  throw refusal(
    operation,
    'expected a table on disk',
    x,
    'open one: await openCsv(path, { schema })',
  );
}
