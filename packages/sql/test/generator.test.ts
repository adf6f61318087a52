import {
  add,
  FlatMatrix,
  gather,
  lgamma,
  matmul,
  mean,
  mul,
  softmax,
  softplus,
  square,
  sub,
  sum,
  table,
  tanh,
  transpose,
  type Value,
} from '@steepest/autodiff';
import { expect, test } from 'vitest';
import { clickhouseDialect } from '../src/dialects/clickhouse.ts';
import { duckdbDialect } from '../src/dialects/duckdb.ts';
import { postgresDialect } from '../src/dialects/postgres.ts';
import { sqliteDialect } from '../src/dialects/sqlite.ts';
import { type Database, overRows, spark, sqlRows } from '../src/index.ts';
import { sqlOf } from '../src/operations/index.ts';

type Any = never;
interface Params {
  readonly w: Value;
  readonly b: Value;
}

const logistic = ({ w, b }: Params, { x, y }: { x: Value; y: Value }): Value => {
  const t = add(matmul(x, w), b);
  return mean(sub(softplus(t), mul(y, t)));
};
const params = { w: new FlatMatrix(2, 1, [0.25, -1]), b: 0.1 } as unknown as Params;
const columns = { x: ['age', 'income'], y: 'bought' };
const unasked: Omit<Database, 'dialect'> = {
  name: 'text',
  snapshots: true,
  open: () => Promise.reject(new Error('a query was asked')),
};
const over = (database: Database, count = 1000) =>
  sqlRows(database, { from: 'events', where: "day < '2026-11-01'", count });
const textIn = (database: Database) => overRows(logistic, over(database), columns).sql(params);

test('logistic regression in DuckDB', () => {
  expect(textIn({ ...unasked, dialect: duckdbDialect })).toMatchInlineSnapshot(`
    "SELECT
      COUNT(*) AS n,
      SUM(greatest(t1, 0e0) + CASE WHEN 1e0 + t2 = 1e0 THEN t2 ELSE ln(1e0 + t2) * (t2 / (1e0 + t2 - 1e0)) END - t1 * "bought") AS s1,
      SUM(t3) AS s2,
      SUM("age" * t3) AS s3,
      SUM("income" * t3) AS s4
    FROM (
      SELECT t1, "bought", "age", "income", exp(-abs(t1)) AS t2, "bought" * (-0.001e0) + 0.001e0 * (1e0 / (1e0 + exp(-t1))) AS t3
      FROM (
        SELECT CAST("bought" AS DOUBLE) AS "bought", CAST("age" AS DOUBLE) AS "age", CAST("income" AS DOUBLE) AS "income", CAST("age" AS DOUBLE) * 0.25e0 + CAST("income" AS DOUBLE) * (-1e0) + 0.1e0 AS t1
        FROM "events"
        WHERE day < '2026-11-01'
      ) AS q1
    ) AS q2"
  `);
});

test('logistic regression in PostgreSQL: subqueries are fenced', () => {
  expect(textIn({ ...unasked, dialect: postgresDialect })).toMatchInlineSnapshot(`
    "SELECT
      COUNT(*) AS n,
      SUM(greatest(t1, 0e0) + CASE WHEN 1e0 + t2 = 1e0 THEN t2 ELSE ln(1e0 + t2) * (t2 / (1e0 + t2 - 1e0)) END - t1 * "bought") AS s1,
      SUM(t3) AS s2,
      SUM("age" * t3) AS s3,
      SUM("income" * t3) AS s4
    FROM (
      SELECT t1, "bought", "age", "income", exp(greatest(-abs(t1), -600e0)) AS t2, "bought" * (-0.001e0) + 0.001e0 * (1e0 / (1e0 + exp(greatest(-t1, -600e0)))) AS t3
      FROM (
        SELECT "bought"::float8 AS "bought", "age"::float8 AS "age", "income"::float8 AS "income", "age"::float8 * 0.25e0 + "income"::float8 * (-1e0) + 0.1e0 AS t1
        FROM "events"
        WHERE day < '2026-11-01'
        OFFSET 0
      ) AS q1
      OFFSET 0
    ) AS q2"
  `);
});

test('logistic regression in SQLite', () => {
  expect(textIn({ ...unasked, dialect: sqliteDialect('ln') })).toMatchInlineSnapshot(`
    "SELECT
      COUNT(*) AS n,
      SUM(ifnull(max(t1, 0e0) + CASE WHEN 1e0 + t2 = 1e0 THEN t2 ELSE ln(1e0 + t2) * (t2 / (1e0 + t2 - 1e0)) END - t1 * "bought", 9e999)) AS s1,
      SUM(ifnull(t3, 9e999)) AS s2,
      SUM(ifnull("age" * t3, 9e999)) AS s3,
      SUM(ifnull("income" * t3, 9e999)) AS s4
    FROM (
      SELECT t1, "bought", "age", "income", exp(-abs(t1)) AS t2, "bought" * (-0.001e0) + 0.001e0 * (1e0 / (1e0 + CASE WHEN 709.78e0 < -t1 THEN 9e999 ELSE exp(-t1) END)) AS t3
      FROM (
        SELECT CAST("bought" AS REAL) AS "bought", CAST("age" AS REAL) AS "age", CAST("income" AS REAL) AS "income", CAST("age" AS REAL) * 0.25e0 + CAST("income" AS REAL) * (-1e0) + 0.1e0 AS t1
        FROM "events"
        WHERE day < '2026-11-01'
        LIMIT -1 OFFSET 0
      ) AS q1
      LIMIT -1 OFFSET 0
    ) AS q2"
  `);
});

test('logistic regression in ClickHouse', () => {
  expect(textIn({ ...unasked, dialect: clickhouseDialect })).toMatchInlineSnapshot(`
    "SELECT
      COUNT(*) AS n,
      SUM(greatest(t1, 0e0) + log1p(exp(-abs(t1))) - t1 * "bought") AS s1,
      SUM(t2) AS s2,
      SUM("age" * t2) AS s3,
      SUM("income" * t2) AS s4
    FROM (
      SELECT t1, "bought", "age", "income", "bought" * (-0.001e0) + 0.001e0 * (1e0 / (1e0 + exp(-t1))) AS t2
      FROM (
        SELECT toFloat64("bought") AS "bought", toFloat64("age") AS "age", toFloat64("income") AS "income", toFloat64("age") * 0.25e0 + toFloat64("income") * (-1e0) + 0.1e0 AS t1
        FROM "events"
        WHERE day < '2026-11-01'
      ) AS q1
    ) AS q2"
  `);
});

test('logistic regression in Spark, which was never asked', () => {
  expect(textIn(spark())).toMatchInlineSnapshot(`
    "SELECT
      COUNT(*) AS n,
      SUM(greatest(t1, 0e0D) + CASE WHEN 1e0D + t2 = 1e0D THEN t2 ELSE ln(1e0D + t2) * (t2 / (1e0D + t2 - 1e0D)) END - t1 * \`bought\`) AS s1,
      SUM(t3) AS s2,
      SUM(\`age\` * t3) AS s3,
      SUM(\`income\` * t3) AS s4
    FROM (
      SELECT t1, \`bought\`, \`age\`, \`income\`, exp(-abs(t1)) AS t2, \`bought\` * (-0.001e0D) + 0.001e0D * (1e0D / (1e0D + exp(-t1))) AS t3
      FROM (
        SELECT CAST(\`bought\` AS DOUBLE) AS \`bought\`, CAST(\`age\` AS DOUBLE) AS \`age\`, CAST(\`income\` AS DOUBLE) AS \`income\`, CAST(\`age\` AS DOUBLE) * 0.25e0D + CAST(\`income\` AS DOUBLE) * (-1e0D) + 0.1e0D AS t1
        FROM \`events\`
        WHERE day < '2026-11-01'
      ) AS q1
    ) AS q2"
  `);
});

test('softmax is scalar columns: the greatest over the classes, each exponential once', () => {
  const loss = (w: Value, { x }: { x: Value }) => mean(square(softmax(matmul(x, w), { axis: 1 })));
  const f = overRows(loss, over(spark()), { x: ['age', 'income'] });
  const text = f.sql(new FlatMatrix(2, 3, [1, 2, 3, 4, 5, 6]) as Any);
  expect(text.match(/exp\(/g)).toHaveLength(3);
  expect(text).toContain('greatest(greatest(');
});

test('only a row that needs a total takes a second query', async () => {
  const asked: string[] = [];
  const database: Database = {
    ...unasked,
    dialect: duckdbDialect,
    open: async () => ({
      query: async (text) => {
        asked.push(text);
        const sums = Array.from(text.matchAll(/ AS s\d+/g), () => 0);
        return [text.includes('COUNT(*) AS n') ? [1000, ...sums] : sums];
      },
      end: async () => {},
    }),
  };
  const loss = (s: Value, { x }: { x: Value }) => mean(square(sub(mul(s, x), mean(x))));
  await overRows(loss, over(database), { x: 'age' })(2 as Any);
  const passes = asked.filter((text) => text.includes('COUNT(*) AS n'));
  expect(passes).toHaveLength(2);
});

test('what has no SQL, or needs all rows, is refused by name before any query', async () => {
  const rows = over({ ...unasked, dialect: duckdbDialect });
  const refused = (loss: (s: Value, b: { x: Value }) => Value) =>
    overRows(loss, rows, { x: ['age', 'income'] })(1 as Any);
  await expect(refused((s, { x }) => sum(lgamma(mul(s, x))))).rejects.toThrow(
    /lgamma has no SQL here/,
  );
  await expect(refused((s, { x }) => sum(mul(s, matmul(x, transpose(x)))))).rejects.toThrow(
    /needs all rows at once/,
  );
  await expect(refused((s, { x }) => sum(mul(s, gather(x, [0, 2]))))).rejects.toThrow(
    /gather needs all rows at once/,
  );
  const own = new FlatMatrix(
    1000,
    1,
    Float64Array.from({ length: 1000 }, (_, i) => i),
  );
  await expect(refused((s, { x }) => sum(mul(own, mul(s, x))))).rejects.toThrow(
    /1000×1 matrix of its own/,
  );
});

test('a row with more columns than the engine takes is refused with both numbers', () => {
  const rows = over({ ...unasked, dialect: postgresDialect }, 5000);
  const loss = ({ w, v }: { w: Value; v: Value }, { x }: { x: Value }) => {
    const h = tanh(matmul(x, w));
    return mean(square(mul(matmul(h, v), matmul(square(h), v))));
  };
  const wide = { w: new FlatMatrix(2, 1700), v: new FlatMatrix(1700, 1) };
  const f = overRows(loss, rows, { x: ['age', 'income'] });
  expect(() => f.sql(wide as Any)).toThrow(/needs 3063 columns, and postgres takes 1664/);
});

test('more sums than a query returns are split over several', () => {
  const names = Array.from({ length: 60 }, (_, i) => `x${i}`);
  const rows = over({ ...unasked, dialect: postgresDialect }, 5000);
  const loss = (w: Value, { x }: { x: Value }) => sum(mul(w, matmul(transpose(x), x)));
  const text = overRows(loss, rows, { x: names }).sql(new FlatMatrix(60, 60) as Any);
  expect(text.split(';')).toHaveLength(2);
});

test('the operations that have SQL', () => {
  const names = table.filter((record) => sqlOf(record) === undefined).map(({ name }) => name);
  expect(names.sort()).toMatchInlineSnapshot(`
    [
      "broadcastTo",
      "cholesky",
      "cofactors",
      "det",
      "diagonal",
      "diagonalMatrix",
      "erf",
      "inverse",
      "inverseMills",
      "lgamma",
      "logDet",
      "logNormalCdf",
      "logSumExp",
      "mean",
      "mirror",
      "norm",
      "polygamma",
      "reshape",
      "solve",
      "stopGradient",
      "transpose",
    ]
  `);
});

test('wrong arguments are refused by name', () => {
  expect(() => sqlRows(null as Any, { from: 'x' })).toThrow(/sqlRows: expected a database/);
  expect(() => sqlRows(spark(), { from: '' })).toThrow(/sqlRows: from must be a table's name/);
  expect(() => sqlRows(spark(), { from: 'x', were: 'y' } as Any)).toThrow(
    /unknown option were; did you mean where/,
  );
  const two = [spark(), { ...unasked, dialect: duckdbDialect }];
  expect(() => sqlRows(two, { from: 'x' })).toThrow(/one kind of database, got spark and duckdb/);
  expect(() => overRows(logistic as Any, over(spark()))).toThrow(/which columns does the loss see/);
  expect(() => sqlRows(spark(), { from: 'a\0b' })).toThrow(/without the character NUL/);
});
