import type { Cells, Database, Session } from '../connections/connection.ts';

/** What left the databases so far. */
export interface Traffic {
  readonly queries: number;
  /** Numbers and texts in the results. */
  readonly values: number;
  /** Seconds that the queries took, one after the other. */
  readonly seconds: number;
}

/** Sessions that are being ended: the next one of a connection waits, since it has one transaction. */
const ending = new WeakMap<Database, Promise<void>>();

async function opened(database: Database): Promise<Session> {
  await ending.get(database);
  return database.open();
}

async function closing(sessions: Promise<readonly Session[]> | undefined): Promise<void> {
  const open = await sessions?.catch(() => []);
  // A connection that broke has said so already.
  await Promise.all((open ?? []).map((session) => session.end().catch(() => {})));
}

/** Several databases that each hold a part of the rows, asked together. */
export class Shards {
  readonly databases: readonly Database[];
  #sessions: Promise<readonly Session[]> | undefined;
  #users = 0;
  #traffic: Traffic = { queries: 0, values: 0, seconds: 0 };

  constructor(databases: readonly Database[]) {
    this.databases = databases;
  }

  get traffic(): Traffic {
    return this.#traffic;
  }

  /** Runs something on sessions that see the same rows all the time. */
  async during<T>(run: () => Promise<T>): Promise<T> {
    this.begin();
    try {
      return await run();
    } finally {
      await this.end();
    }
  }

  /** From here to `end`, the rows stay as they are. */
  begin(): void {
    this.#users++;
  }

  async end(): Promise<void> {
    if (--this.#users > 0) return;
    await this.#close();
  }

  /** The rows of each database's result, in the order of the databases. */
  async ask(text: string, signal?: AbortSignal): Promise<readonly (readonly Cells[])[]> {
    return this.during(async () => {
      const sessions = await this.#open();
      const started = performance.now();
      const found = await this.#together(sessions.map((session) => session.query(text, signal)));
      const { queries, values, seconds } = this.#traffic;
      this.#traffic = {
        queries: queries + sessions.length,
        values: values + found.flat().reduce((sum, row) => sum + row.length, 0),
        seconds: seconds + (performance.now() - started) / 1000,
      };
      return found;
    });
  }

  async #open(): Promise<readonly Session[]> {
    this.#sessions ??= this.#together(this.databases.map(opened));
    try {
      return await this.#sessions;
    } catch (error) {
      this.#sessions = undefined;
      throw error;
    }
  }

  #close(): Promise<void> {
    const sessions = this.#sessions;
    this.#sessions = undefined;
    const closed = closing(sessions);
    for (const database of this.databases) ending.set(database, closed);
    return closed;
  }

  /** All of them; waits for all to end before it says which failed. */
  async #together<T>(asked: readonly Promise<T>[]): Promise<T[]> {
    const ended = await Promise.allSettled(asked);
    const results: T[] = [];
    ended.forEach((end, i) => {
      if (end.status === 'rejected') throw this.#named(end.reason, i);
      results.push(end.value);
    });
    return results;
  }

  #named(error: unknown, i: number): unknown {
    const { databases } = this;
    if (databases.length === 1) return error;
    const { name, dialect } = databases[i];
    // What can be computed in another way is no failure of the server.
    if (dialect.outOfRange(error)) return error;
    const message = error instanceof Error ? error.message : String(error);
    return new Error(
      `sqlRows: shard ${i + 1} of ${databases.length} (${name}) failed: ${message}; the others are ` +
        'whole, and a run with a checkpoint resumes once it is back',
      { cause: error },
    );
  }
}
