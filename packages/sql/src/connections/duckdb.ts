import { refusal } from '@steepest/ground';
import { duckdbDialect } from '../dialects/duckdb.ts';
import { cancellable, type Database, type Session } from './connection.ts';

/** What is used of a connection of @duckdb/node-api. */
export interface DuckdbConnection {
  runAndReadAll(sql: string): PromiseLike<{ getRowsJS(): readonly (readonly unknown[])[] }>;
  interrupt?(): void;
}

/**
 * DuckDB by a connection of yours, `await instance.connect()`. Queries of a fit run in one transaction,
 * so the connection should have none open.
 *
 * ```ts
 * const instance = await DuckDBInstance.create('data.duckdb');
 * const rows = sqlRows(duckdb(await instance.connect()), { from: 'events' });
 * ```
 */
export function duckdb(connection: DuckdbConnection): Database {
  if (typeof connection?.runAndReadAll !== 'function') {
    const advice = 'pass await instance.connect() of @duckdb/node-api';
    throw refusal('duckdb', 'expected a connection', connection, advice);
  }
  const run = async (text: string, signal?: AbortSignal) =>
    cancellable(
      signal,
      () => connection.interrupt?.(),
      async () => (await connection.runAndReadAll(text)).getRowsJS(),
    );
  const begin = (): Promise<unknown> => run('BEGIN TRANSACTION READ ONLY');
  const open = async (): Promise<Session> => {
    await begin();
    return {
      async query(text, signal) {
        try {
          return await run(text, signal);
        } catch (error) {
          // An error ends the transaction's use, not what it saw: nothing else may write here.
          await run('ROLLBACK');
          await begin();
          throw error;
        }
      },
      async end() {
        await run('COMMIT');
      },
    };
  };
  return { dialect: duckdbDialect, name: 'duckdb', snapshots: true, open };
}
