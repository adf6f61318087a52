import { access } from 'node:fs/promises';
import type { InferredTable } from '../reading/infer-options.ts';
import { nameOf, type TableOptions } from '../reading/options.ts';
import type { Columns, NumberColumns } from '../schema/schema.ts';
import type { SqliteConnection } from '../sqlite/connection.ts';
import { readSqlite as readConnection, type Selection } from '../sqlite/read-sqlite.ts';
import type { Table } from '../table/table.ts';
import type { InferredTypedOptions, WithSchema } from '../typed/read-typed.ts';
import { pathName, readable, withFile } from './path.ts';

/**
 * Reads from a SQLite database, as the main entry's `readSqlite` does, from a path or a file: URL too, which
 * is opened to be read only, by node:sqlite of Node 22 or later.
 *
 * @example
 * const table = await readSqlite('trips.db', { table: 'trips', schema });
 */
export function readSqlite<C extends Columns>(
  source: SqliteConnection | string | URL,
  options: WithSchema<C> & Selection,
): Promise<Table<C>>;
export function readSqlite(
  source: SqliteConnection | string | URL,
  options: InferredTypedOptions & Selection,
): Promise<InferredTable>;
export function readSqlite(
  source: SqliteConnection | string | URL,
  options: TableOptions & Selection,
): Promise<Table<NumberColumns>>;
export async function readSqlite(
  source: SqliteConnection | string | URL,
  options: (TableOptions | InferredTypedOptions) & Selection,
): Promise<Table> {
  const read = readConnection as (from: SqliteConnection, how: object) => Promise<Table>;
  if (typeof source !== 'string' && !(source instanceof URL)) return read(source, options);
  const operation = nameOf(options, 'readSqlite');
  const file = pathName(operation, source);
  await readable(operation, file, access(source));
  const Database = databases();
  if (Database === undefined) {
    throw new Error(
      `${operation}: reading ${file} needs node:sqlite, which Node ${process.versions.node} does not have; use Node 22.13 or later, or pass an open database of better-sqlite3 or sql.js`,
    );
  }
  const database = new Database(file, { readOnly: true });
  try {
    return await read(database, withFile(file, options));
  } finally {
    database.close();
  }
}

type Opens = new (
  path: string,
  options: { readonly readOnly: boolean },
) => SqliteConnection & { close(): void };

/** What opens databases; undefined in a Node that has nothing of the kind. */
function databases(): Opens | undefined {
  // Newer than the types that this is compiled with
  const { getBuiltinModule } = process as {
    getBuiltinModule?(name: string): { readonly DatabaseSync: Opens } | undefined;
  };
  return getBuiltinModule?.('node:sqlite')?.DatabaseSync;
}
