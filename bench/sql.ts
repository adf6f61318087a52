import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FlatMatrix } from '@steepest/autodiff';
import { asTraining, category, defineSchema, number } from '@steepest/datasets';
import { readCsvFile } from '@steepest/datasets/node';
import { fit, logisticRegression } from '@steepest/models';
import { overRows, sqlRows } from '@steepest/sql';
import { PostgresServer, postgresFolder } from '../packages/sql/test/servers/postgres-server.ts';
import { type Engine, installed } from '../packages/sql/test/support/engines.ts';

// npm run bench -- sql: generated queries beside the best ones written by hand, and whole fits beside
// fits of the same rows in memory.

type Loss = Parameters<typeof overRows>[0];

/** The fastest of some runs, in turn. */
async function fastest(
  runs: readonly (() => Promise<unknown>)[],
  rounds: number,
): Promise<number[]> {
  const best = runs.map(() => Infinity);
  for (let round = 0; round < rounds; round++) {
    for (const [k, run] of runs.entries()) {
      const started = performance.now();
      await run();
      best[k] = Math.min(best[k], (performance.now() - started) / 1000);
    }
  }
  return best;
}

const names = (d: number): string[] => Array.from({ length: d }, (_, j) => `x${j}`);
const ms = (seconds: number): string => `${(1000 * seconds).toFixed(0)} ms`;

/** The gradient and the products of columns as one would write them for this engine. */
function byHand(d: number, w: readonly number[], fence: string, floor: (z: string) => string) {
  const x = names(d);
  const z = x.map((name, j) => `${name} * ${w[j]}e0`).join(' + ');
  const inner = `SELECT ${x.join(', ')}, y, ${z} AS z FROM t ${fence}`;
  const r = `1e0 / (1e0 + exp(${floor('-z')}))`;
  const loss = `SUM(greatest(z, 0e0) + ln(1e0 + exp(${floor('-abs(z)')})) - y * z)`;
  const sums = x.map((name) => `SUM(r * ${name})`);
  const gradient = `SELECT ${loss}, SUM(r), ${sums.join(', ')} FROM (SELECT *, ${r} - y AS r FROM (${inner}) AS a ${fence}) AS b`;
  const products = x.flatMap((a, i) => x.slice(i).map((b) => `SUM(h * ${a} * ${b})`));
  const own = x.map((name) => `SUM(h * ${name})`);
  const curvature = `SELECT SUM(h), ${[...own, ...products].join(', ')} FROM (SELECT *, p * (1e0 - p) AS h FROM (SELECT *, ${r} AS p FROM (${inner}) AS a ${fence}) AS b ${fence}) AS c`;
  return { gradient, curvature };
}

async function passes(engine: Engine, d: number, rounds: number, curved: boolean): Promise<void> {
  const { database } = engine;
  const { fence, name } = database.dialect;
  const w = names(d).map((_, j) => Number((0.3 * Math.cos(j)).toFixed(3)));
  const rows = sqlRows(database, { from: 't' });
  const f = overRows(logisticRegression().loss as Loss, rows, { x: names(d), y: 'y' });
  const params = { w: new FlatMatrix(d, 1, w), b: 0 };
  const floor = name === 'postgres' ? (z: string) => `greatest(${z}, -600e0)` : (z: string) => z;
  const hand = byHand(d, w, fence, floor);
  await f.valueAndGradient(params as never); // what is checked and counted once
  const text = f.sql(params as never);
  const session = await database.open();
  const [generated, written] = await fastest(
    [() => session.query(text), () => session.query(hand.gradient)],
    rounds,
  );
  console.log(`  value and gradient: generated ${ms(generated)}, by hand ${ms(written)}`);
  if (curved) {
    const [products] = await fastest([() => session.query(hand.curvature)], 1);
    console.log(`  products of all columns, by hand: ${ms(products)}`);
  }
  await session.end();
}

async function wholeFit(engine: Engine, d: number): Promise<void> {
  const columns = Object.fromEntries(names(d).map((name) => [name, number()]));
  const schema = defineSchema({ ...columns, y: number() }, { target: 'y' });
  const rows = sqlRows(engine.database, { from: 't', schema });
  const started = performance.now();
  const model = await fit(logisticRegression({ l2: 0.01 }), rows);
  const seconds = (performance.now() - started) / 1000;
  const { queries, values, seconds: asked } = rows.traffic;
  console.log(
    `  a whole fit: ${seconds.toFixed(2)} s in ${queries} queries (${asked.toFixed(2)} s), ${values} values came back; ${model.ending}`,
  );
}

async function fitInMemory(engine: Engine, d: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'steepest-bench-'));
  const path = join(folder, 't.csv');
  await engine.run(`COPY t TO '${path}' (HEADER)`);
  const columns = Object.fromEntries(names(d).map((name) => [name, number()]));
  const schema = defineSchema({ ...columns, y: category(['0', '1']) }, { target: 'y' });
  const started = performance.now();
  const table = await readCsvFile(path, { schema });
  const read = performance.now();
  await fit(logisticRegression({ l2: 0.01 }), asTraining(table));
  const done = performance.now();
  console.log(
    `  the same rows in memory: read ${((read - started) / 1000).toFixed(2)} s, fit ${((done - read) / 1000).toFixed(2)} s`,
  );
  rmSync(folder, { recursive: true });
}

function tableOf(d: number, rows: number, random: string, series: string): string {
  const list = names(d).map((name) => `${random} * 4 - 2 AS ${name}`);
  const score = names(Math.min(d, 4)).join(' + ');
  return `CREATE TABLE t AS SELECT *, CASE WHEN ${score} > ${random} * 4 - 2 THEN 1 ELSE 0 END AS y FROM (SELECT ${list.join(', ')} FROM ${series.replace('N', String(rows))}) AS s`;
}

const duckdb = installed('duckdb');
if (duckdb === undefined) console.log('left out: DuckDB is not installed; npm test installs it');
else {
  for (const [rows, d] of [
    [200_000, 32],
    [10_000_000, 8],
  ]) {
    const engine = await duckdb();
    await engine.run('SELECT setseed(0.5)');
    await engine.run(tableOf(d, rows, 'random()', 'range(N)'));
    console.log(`DuckDB, ${rows} rows of ${d}:`);
    await passes(engine, d, rows > 1e6 ? 3 : 7, d === 32);
    await wholeFit(engine, d);
    if (rows < 1e6) await fitInMemory(engine, d);
    await engine.end();
  }
}
const bin = postgresFolder();
if (bin === undefined) console.log('left out: PostgreSQL is not installed');
else {
  const server = new PostgresServer(bin);
  await server.start();
  const engine = await server.engine();
  await engine.run(tableOf(32, 200_000, 'random()', 'generate_series(1, N)'));
  console.log('PostgreSQL, 200000 rows of 32:');
  await passes(engine, 32, 3, true);
  await wholeFit(engine, 32);
  await engine.end();
}
