import { refusal } from '@steepest/ground';
import { postgresDialect } from '../dialects/postgres.ts';
import { type Cells, cancellable, type Database, type Session } from './connection.ts';

/** What is used of a client of `pg`. */
export interface PostgresClient {
  query(query: { readonly text: string; readonly rowMode: 'array' }): Promise<{
    readonly rows: readonly Cells[];
  }>;
}

interface PooledClient extends PostgresClient {
  release(destroy?: boolean): void;
  on(event: 'error', heard: () => void): unknown;
  off(event: 'error', heard: () => void): unknown;
}

/** What is used of a pool of `pg`. */
export interface PostgresPool {
  connect(): Promise<PooledClient>;
  readonly totalCount: number;
}

/** What is used of PGlite. */
export interface PgliteClient {
  query(
    text: string,
    params: unknown[],
    options: { readonly rowMode: 'array' },
  ): Promise<{ readonly rows: readonly unknown[] }>;
  readonly waitReady: Promise<void>;
}

type Given = PostgresClient | PostgresPool | PgliteClient;

/**
 * PostgreSQL by a client or a pool of `pg`, or by PGlite. Queries of a fit run in one read-only
 * transaction that sees the same rows all the time. With a pool, a signal cancels the query that runs.
 *
 * ```ts
 * const rows = sqlRows(postgres(new pg.Pool({ connectionString })), { from: 'events' });
 * ```
 */
export function postgres(client: Given): Database {
  const held = client as Partial<PostgresClient & PostgresPool & PgliteClient> | undefined;
  if (typeof held !== 'object' || held === null || !('query' in held || 'connect' in held)) {
    const advice = 'pass a client or a pool of pg, or a PGlite';
    throw refusal('postgres', 'expected a client', client, advice);
  }
  const open = async (): Promise<Session> => {
    if (isPool(client)) {
      const own = await client.connect();
      let broken = false;
      // A server that goes away says so here, too: the query that runs has the error.
      const heard = (): void => {
        broken = true;
      };
      own.on('error', heard);
      const release = (): void => {
        own.off('error', heard);
        own.release(broken);
      };
      return session(byPg(own), release, canceller(client));
    }
    const ask = isPglite(client) ? byPglite(client) : byPg(client);
    return session(ask, () => {}, undefined);
  };
  const name = isPglite(client) ? 'pglite' : 'postgres';
  return { dialect: postgresDialect, name, snapshots: true, open };
}

type Asking = (text: string) => Promise<readonly Cells[]>;
type Cancel = (process: number) => void;

const isPool = (client: Given): client is PostgresPool => 'totalCount' in client;
const isPglite = (client: Given): client is PgliteClient => 'waitReady' in client;

const byPg =
  (client: PostgresClient): Asking =>
  async (text) =>
    (await client.query({ text, rowMode: 'array' })).rows;

const byPglite =
  (client: PgliteClient): Asking =>
  async (text) =>
    (await client.query(text, [], { rowMode: 'array' })).rows as readonly Cells[];

const canceller =
  (pool: PostgresPool): Cancel =>
  (process) => {
    const cancel = async (): Promise<void> => {
      const other = await pool.connect();
      try {
        await byPg(other)(`SELECT pg_cancel_backend(${process})`);
      } finally {
        other.release();
      }
    };
    // The query that should end has its own error; another one here would be nobody's.
    cancel().catch(() => {});
  };

async function session(
  ask: Asking,
  release: () => void,
  cancel: Cancel | undefined,
): Promise<Session> {
  try {
    await ask('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    // Planning hundreds of sums with it takes longer than computing them.
    await ask('SET LOCAL jit = off');
  } catch (error) {
    release();
    throw error;
  }
  const process = cancel && Number((await ask('SELECT pg_backend_pid()'))[0][0]);
  return {
    async query(text, signal) {
      await ask('SAVEPOINT asked');
      try {
        const stop = (): void => cancel?.(process as number);
        const found = await cancellable(signal, stop, () => ask(text));
        await ask('RELEASE SAVEPOINT asked');
        return found;
      } catch (error) {
        await ask('ROLLBACK TO SAVEPOINT asked').catch(() => {});
        throw error;
      }
    },
    async end() {
      try {
        await ask('COMMIT');
      } finally {
        release();
      }
    },
  };
}
