import { refusal } from '@steepest/ground';
import { type Logarithm, sqliteDialect } from '../dialects/sqlite.ts';
import type { Cells, Database, Session } from './connection.ts';

/** What is used of a database of sql.js. */
export interface SqlJsDatabase {
  exec(text: string): readonly { readonly values: readonly Cells[] }[];
  getRowsModified(): number;
}

/** What is used of node:sqlite, from Node 22 on. */
export interface NodeSqliteDatabase {
  prepare(text: string): { all(): readonly unknown[] };
}

/**
 * SQLite by a database of sql.js, or of node:sqlite (Node 22). It computes where it is called, so
 * nothing else runs while a query does, and no signal stops it before it ends.
 *
 * ```ts
 * const SQL = await initSqlJs();
 * const rows = sqlRows(sqlite(new SQL.Database(bytes)), { from: 'events' });
 * ```
 */
export function sqlite(database: SqlJsDatabase | NodeSqliteDatabase): Database {
  const ask = askerOf(database);
  const dialect = sqliteDialect(naturalLogarithm(ask));
  const open = async (): Promise<Session> => {
    ask('BEGIN');
    return {
      async query(text, signal) {
        signal?.throwIfAborted();
        const found = ask(text);
        signal?.throwIfAborted();
        return found;
      },
      async end() {
        ask('COMMIT');
      },
    };
  };
  return { dialect, name: 'sqlite', snapshots: true, open };
}

type Asking = (text: string) => readonly Cells[];

function askerOf(database: SqlJsDatabase | NodeSqliteDatabase): Asking {
  if (typeof database === 'object' && database !== null) {
    if ('getRowsModified' in database) return (text) => database.exec(text)[0]?.values ?? [];
    if (typeof database.prepare === 'function') {
      return (text) =>
        database
          .prepare(text)
          .all()
          .map((row) => Object.values(row as object));
    }
  }
  const advice = 'pass a Database of sql.js, or a DatabaseSync of node:sqlite';
  throw refusal('sqlite', 'expected a database', database, advice);
}

/** Builds call it ln, and their log is the decimal one, or have it as log only. */
function naturalLogarithm(ask: Asking): Logarithm {
  for (const name of ['ln', 'log'] as const) {
    try {
      if (Math.abs(Number(ask(`SELECT ${name}(2.0)`)[0][0]) - Math.LN2) < 1e-9) return name;
    } catch {
      // The next one, then.
    }
  }
  throw new TypeError(
    'sqlite: this build has no natural logarithm; use one with SQLITE_ENABLE_MATH_FUNCTIONS',
  );
}
