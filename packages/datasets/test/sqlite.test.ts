import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  boolean,
  category,
  date,
  defineSchema,
  number,
  parseCsv,
  type SqliteConnection,
  text,
} from '../src/index.ts';
import { readSqlite } from '../src/node.ts';
import { outcome } from './outcome.ts';
import { csvOf, type TypedCell, type TypedRows, typedRows } from './typed-rows.ts';

/** What of sql.js is used here; it has no types of its own. */
interface Database extends SqliteConnection {
  run(sql: string, values?: readonly unknown[]): void;
  prepare(sql: string): {
    step(): boolean;
    get(params: null, config: { useBigInt: boolean }): unknown[];
    getColumnNames(): string[];
    free(): void;
  };
  export(): Uint8Array;
  close(): void;
}

const folder = mkdtempSync(join(tmpdir(), 'sqlite-'));
afterAll(() => rmSync(folder, { recursive: true }));
let Open: new () => Database;
beforeAll(async () => {
  const { default: init } = (await import('sql.js' as string)) as {
    default: () => Promise<{ Database: new () => Database }>;
  };
  Open = (await init()).Database;
});

const stored = (cell: TypedCell): unknown =>
  cell instanceof Date ? cell.toISOString() : typeof cell === 'boolean' ? Number(cell) : cell;

/** The same rows in a database; truth values are 1 and 0 there. */
function databaseOf({ names, rows }: TypedRows): Database {
  const database = new Open();
  database.run(`CREATE TABLE "t ""1"""(${names.join(', ')})`);
  const marks = names.map(() => '?').join(', ');
  for (const row of rows) database.run(`INSERT INTO "t ""1""" VALUES (${marks})`, row.map(stored));
  return database;
}

/** The same connection with the statements of better-sqlite3, whose rows are objects or lists. */
function iterating(database: Database, hasColumns: boolean): SqliteConnection {
  return {
    prepare(sql) {
      const statement = database.prepare(sql);
      const names = statement.getColumnNames();
      let isRaw = false;
      const rows = function* () {
        while (statement.step()) {
          const cells = statement.get(null, { useBigInt: true });
          yield isRaw ? cells : Object.fromEntries(names.map((name, i) => [name, cells[i]]));
        }
      };
      return {
        iterate: rows,
        safeIntegers() {},
        ...(hasColumns
          ? {
              columns: () => names.map((name) => ({ name })),
              raw(on: boolean) {
                isRaw = on;
              },
            }
          : {}),
      };
    },
  };
}

function points(): Database {
  const database = new Open();
  database.run('CREATE TABLE points(x REAL, n INTEGER, k TEXT, on_ INTEGER, day TEXT)');
  database.run("INSERT INTO points VALUES (1.5, 9007199254740993, 'a', 1, '2024-02-29')");
  database.run("INSERT INTO points VALUES (NULL, -7, 'b', 0, '2024-03-01')");
  return database;
}
const schema = defineSchema(
  {
    x: number({ missing: { policy: 'keep' } }),
    n: text(),
    k: category(['a', 'b']),
    on_: boolean({ true: ['1'], false: ['0'] }),
    day: date(),
  },
  { target: 'k' },
);

describe('SQLite', () => {
  test('gives the table that the same rows give as CSV, or refuses the same row and column', async () => {
    await fc.assert(
      fc.asyncProperty(typedRows, fc.nat(2), async (made, way) => {
        const declared = made.schema.columns.map((column) =>
          column.type === 'boolean' ? { ...column, true: ['1'], false: ['0'] } : column,
        );
        const schema = { ...made.schema, columns: declared };
        const bits = (cell: TypedCell) =>
          typeof cell === 'boolean' ? Number(cell) : cell === 0 ? 0 : cell; // there is no −0
        const rows = made.rows.map((row) => row.map(bits));
        const database = databaseOf(made);
        const connection = way === 0 ? database : iterating(database, way === 1);
        const sqlite = await outcome(() => readSqlite(connection, { table: 't "1"', schema }));
        const csv = await outcome(() => parseCsv(csvOf({ ...made, rows }), { schema }));
        database.close();
        const { line: _, message: __, raw: ___, ...facts } = csv;
        const { line: ____, message: _____, raw: ______, ...got } = sqlite;
        if (csv.reason === undefined) expect(sqlite).toEqual(csv);
        else expect(got).toEqual(facts);
      }),
      { numRuns: 100 },
    );
  });

  test('is read by table or query, whole integers and all', async () => {
    const database = points();
    const table = await readSqlite(database, { table: 'points', schema });
    expect(table.columns.get('x')).toEqual({ type: 'number', values: Float64Array.of(1.5, NaN) });
    expect(table.columns.get('n')).toMatchObject({ values: ['9007199254740993', '-7'] });
    expect(table.columns.get('on_')).toMatchObject({ values: Int8Array.of(1, 0) });
    const query = 'SELECT n + 1 AS m FROM points WHERE n < 0';
    expect((await readSqlite(database, { query })).columns.get('m')).toMatchObject({
      values: Float64Array.of(-6),
    });
    const some = await readSqlite(database, { table: 'points', schema, columns: ['k'], limit: 1 });
    expect([some.rows, some.names]).toEqual([1, ['k']]);
    const inferred = await readSqlite(database, { table: 'points', schema: 'infer', target: 'k' });
    expect(inferred.schema.columns.map(({ type }) => type)).toEqual([
      ...['number', 'text', 'category', 'number', 'date'],
    ]);
  });

  test.each([
    [
      { query: 'SELECT n FROM points' },
      /row 1, column "n": got the integer 9007199254740993, which/,
    ],
    [
      { query: 'SELECT x FROM points' },
      /row 2, column "x": got null, which counts as a missing value/,
    ],
    [
      { query: 'SELECT k FROM points' },
      /row 1, column "k": got the text "a", which is not a number/,
    ],
    [{ query: "SELECT x'00ff' AS b" }, /row 1, column "b": got bytes/],
    [{ query: 'SELECT 1 AS a, 2 AS a' }, /column "a": two columns of the result have this name/],
    [{ query: 'SELECT x FROM points WHERE 0' }, /there is no row/],
    [
      { table: 'pints' },
      /cannot answer \(no such table: pints\); check the file, the table or the query/,
    ],
    [{}, /says neither a table nor a query; pass one/],
    [{ table: 'points', query: 'SELECT 1' }, /both a table and a query/],
    [{ table: 'points', tabel: 1 }, /unknown option tabel/],
    [{ table: 1 }, /table must be/],
  ])('refuses %j', async (options, message) => {
    await expect(readSqlite(points(), options as never)).rejects.toThrow(message);
  });

  test('refuses what is no connection, and says which Node opens files', async () => {
    const table = 'points';
    await expect(readSqlite({} as never, { table })).rejects.toThrow(
      /expected an open SQLite database/,
    );
    const odd = { prepare: () => 7 };
    await expect(readSqlite(odd, { table })).rejects.toThrow(
      /prepare\(\) gives 7; pass one of node:sqlite/,
    );
    const path = join(folder, 'points.db');
    writeFileSync(path, points().export());
    const reading = readSqlite(path, { table, schema });
    if (Number(process.versions.node.split('.')[0]) < 22) {
      await expect(reading).rejects.toThrow(/points\.db needs node:sqlite, .*use Node 22/);
    } else expect((await reading).rows).toBe(2);
    await expect(readSqlite(join(folder, 'none'), { table })).rejects.toThrow(/no such file/);
  });
});
