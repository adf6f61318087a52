import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { type Database, duckdb, postgres, sqlite } from '../../src/index.ts';

// The databases live in a folder of their own, which `npm test` fills.
const require = createRequire(new URL('../engines/package.json', import.meta.url));

/** A package of that folder. */
export async function engine<T>(name: string): Promise<T> {
  return (await import(pathToFileURL(require.resolve(name)).href)) as T;
}

const packages = { duckdb: '@duckdb/node-api', sqlite: 'sql.js', pglite: '@electric-sql/pglite' };

/** How to open an engine, if it was installed. */
export function installed(name: keyof typeof packages): (() => Promise<Engine>) | undefined {
  try {
    require.resolve(packages[name]);
    return engines[name];
  } catch {
    return undefined;
  }
}

/** A database of this process, and how to write to it. */
export interface Engine {
  readonly database: Database;
  /** A second connection to it, where it has more than one. */
  readonly run: (sql: string) => Promise<void>;
  readonly end: () => Promise<void>;
}

interface Duckdb {
  readonly DuckDBInstance: {
    create(path: string): Promise<{
      connect(): Promise<{
        run(sql: string): Promise<unknown>;
        runAndReadAll(sql: string): Promise<{ getRowsJS(): (readonly unknown[])[] }>;
        interrupt(): void;
        closeSync(): void;
      }>;
    }>;
  };
}

interface SqlJs {
  readonly default: () => Promise<{
    readonly Database: new () => {
      exec(sql: string): { readonly values: (readonly unknown[])[] }[];
      getRowsModified(): number;
      close(): void;
    };
  }>;
}

interface Pglite {
  readonly PGlite: new () => {
    readonly waitReady: Promise<void>;
    exec(sql: string): Promise<unknown>;
    query(
      text: string,
      params: unknown[],
      options: { readonly rowMode: 'array' },
    ): Promise<{ readonly rows: readonly unknown[] }>;
    close(): Promise<void>;
  };
}

const engines = {
  async duckdb(): Promise<Engine> {
    const found = await engine<Duckdb>('@duckdb/node-api');
    const connection = await (await found.DuckDBInstance.create(':memory:')).connect();
    return {
      database: duckdb(connection),
      run: async (sql) => void (await connection.run(sql)),
      end: async () => connection.closeSync(),
    };
  },
  async sqlite(): Promise<Engine> {
    const found = await engine<SqlJs>('sql.js');
    const { Database } = await found.default();
    const made = new Database();
    return {
      database: sqlite(made),
      run: async (sql) => void made.exec(sql),
      end: async () => made.close(),
    };
  },
  async pglite(): Promise<Engine> {
    const found = await engine<Pglite>('@electric-sql/pglite');
    const made = new found.PGlite();
    await made.waitReady;
    return {
      database: postgres(made),
      run: async (sql) => void (await made.exec(sql)),
      end: () => made.close(),
    };
  },
} as const;
