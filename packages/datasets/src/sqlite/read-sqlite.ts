import { refusal, type Spec, settle, text } from '@steepest/ground';
import { CsvError } from '../error.ts';
import { type InferredTable, inferenceSpec } from '../reading/infer-options.ts';
import { nameOf, type TableOptions, tableSpec } from '../reading/options.ts';
import type { Columns, NumberColumns } from '../schema/schema.ts';
import type { Table } from '../table/table.ts';
import {
  type InferredTypedOptions,
  isInferred,
  readTyped,
  type WithSchema,
} from '../typed/read-typed.ts';
import type { RowHandler } from '../typed/row-handler.ts';
import { isConnection, prepared, type SqliteConnection } from './connection.ts';

/** What is read of a database: all of a table or view, or what a query selects. */
export interface Selection {
  readonly table?: string;
  readonly query?: string;
}

const selectionSpec: Spec<Selection> = { table: text(), query: text() };
const format = { operation: 'readSqlite', unit: 'row', isLoose: false } as const;

/**
 * Reads a table, a view or the result of a query from an open SQLite database (of node:sqlite,
 * better-sqlite3 or sql.js) into a table, row by row. NULL is a missing cell. Integers that a number column
 * would not keep and blobs are refused; truth values, which SQLite has as 0 and 1, are
 * boolean({ true: ['1'], false: ['0'] }). Throws a CsvError that names row (from 1) and column.
 *
 * @example
 * const table = await readSqlite(new DatabaseSync('trips.db'), { table: 'trips', schema });
 * await readSqlite(database, { query: 'SELECT x, y FROM points ORDER BY id', schema });
 */
export function readSqlite<C extends Columns>(
  connection: SqliteConnection,
  options: WithSchema<C> & Selection,
): Promise<Table<C>>;
export function readSqlite(
  connection: SqliteConnection,
  options: InferredTypedOptions & Selection,
): Promise<InferredTable>;
export function readSqlite(
  connection: SqliteConnection,
  options: TableOptions & Selection,
): Promise<Table<NumberColumns>>;
export async function readSqlite(
  connection: SqliteConnection,
  given: (TableOptions | InferredTypedOptions) & Selection,
): Promise<Table> {
  const operation = nameOf(given, format.operation);
  const { sql, options } = selectionOf(operation, given);
  if (!isConnection(connection)) {
    throw refusal(
      operation,
      'expected an open SQLite database',
      connection,
      'pass one of node:sqlite, better-sqlite3 or sql.js; in Node, @steepest/datasets/node takes a path',
    );
  }
  return readTyped(
    async (handler, tick) => {
      giveRows(connection, sql, handler, tick, { operation, file: options.file });
      return [];
    },
    options,
    format,
  );
}

/** The query that is asked for, and the other options. Throws unless there is one of `table` and `query`. */
function selectionOf(
  operation: string,
  given: (TableOptions | InferredTypedOptions) & Selection,
): { readonly sql: string; readonly options: TableOptions | InferredTypedOptions } {
  const example = `${operation}(database, { table: 'points', schema })`;
  if (isInferred(given)) {
    const { schema: _, ...others } = given as InferredTypedOptions & Selection;
    settle(operation, others, { ...tableSpec, ...inferenceSpec, ...selectionSpec }, { example });
  } else
    settle(
      operation,
      given as TableOptions & Selection,
      { ...tableSpec, ...selectionSpec },
      { example },
    );
  const { table, query, ...options } = given;
  if ((table === undefined) === (query === undefined)) {
    throw new TypeError(
      `${operation}: says ${table === undefined ? 'neither a table nor' : 'both a table and'} a query; pass one of them: { table: 'points' } or { query: 'SELECT x, y FROM points' }`,
    );
  }
  const sql = query ?? `SELECT * FROM "${table!.replaceAll('"', '""')}"`;
  return { sql, options: options as TableOptions | InferredTypedOptions };
}

/** After so many rows it is told how far reading has come. */
const rowsBetween = 4096;

function giveRows(
  connection: SqliteConnection,
  sql: string,
  handler: RowHandler,
  tick: (bytes: number) => void,
  place: { readonly operation: string; readonly file: string | undefined },
): void {
  const { operation, file } = place;
  let isReading = false; // otherwise an error is of the database
  try {
    const result = prepared(operation, connection, sql);
    try {
      let names = result.names;
      let at = 0;
      const begin = (found: readonly string[]): void => {
        isReading = true;
        refuseTwins(found, place);
        handler.names(found, 1);
        isReading = false;
      };
      if (names !== undefined) begin(names);
      for (const row of result.rows()) {
        if (names === undefined) {
          names = Object.keys(row);
          begin(names);
        }
        const cells = Array.isArray(row)
          ? row
          : names.map((name) => (row as Readonly<Record<string, unknown>>)[name]);
        isReading = true;
        const more = handler.row(cells.map(cellOf), ++at);
        if (at % rowsBetween === 0) tick(0);
        if (!more) break;
        isReading = false;
      }
      isReading = true;
      tick(0);
    } finally {
      result.close();
    }
  } catch (error) {
    if (isReading || error instanceof TypeError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    const where = file === undefined ? '' : `${file}: `;
    throw new Error(
      `${operation}: ${where}the database cannot answer (${why}); check the file, the table or the query`,
      { cause: error },
    );
  }
}

function refuseTwins(
  names: readonly string[],
  place: { readonly operation: string; readonly file: string | undefined },
): void {
  const seen = new Set<string>();
  const twin = names.find((name) => seen.size === seen.add(name).size);
  if (twin === undefined) return;
  throw new CsvError({
    ...place,
    reason: 'duplicate-header',
    column: twin,
    problem: 'two columns of the result have this name',
    advice: 'name them apart: SELECT a.x AS x, b.x AS y',
  });
}

/** Integers come as BigInt, so that none loses digits on its way; small ones are numbers. */
function cellOf(value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
