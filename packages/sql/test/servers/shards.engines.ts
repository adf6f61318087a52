import {
  add,
  FlatMatrix,
  matmul,
  mean,
  mul,
  softplus,
  sub,
  type Value,
  valueAndGrad,
} from '@steepest/autodiff';
import { lbfgs, memoryCheckpoint, minimize } from '@steepest/optim';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomMatrix } from '../../../compile/test/random.ts';
import { type Database, overRows, sqlRows } from '../../src/index.ts';
import { expectClose } from '../support/battery.ts';
import { columnsOf, makeTable } from '../support/tables.ts';
import { PostgresServer, postgresFolder } from './postgres-server.ts';

interface Params {
  readonly w: Value;
  readonly b: Value;
}
interface Batch {
  readonly x: Value;
  readonly y: Value;
}

const loss = ({ w, b }: Params, { x, y }: Batch): Value => {
  const t = add(matmul(x, w), b);
  return mean(sub(softplus(t), mul(y, t)));
};
const names = ['x0', 'x1', 'x2', 'x3'];
const columns = { x: names, y: 'y' };
const start = { w: new FlatMatrix(4, 1), b: new FlatMatrix(1, 1) };

const bin = postgresFolder();
const maybe = bin === undefined ? describe.skip : describe;

maybe('three PostgreSQL servers, each with a part of the rows', () => {
  const rows = 9000;
  const x = randomMatrix(rows, 4, 3);
  const y = Float64Array.from({ length: rows }, (_, i) =>
    Math.sin(9.1 * i) > x.data[4 * i] - 0.5 * x.data[4 * i + 2] ? 1 : 0,
  );
  let servers: PostgresServer[] = [];
  let databases: Database[] = [];

  beforeAll(async () => {
    servers = [0, 1, 2].map(() => new PostgresServer(bin as string));
    await Promise.all(servers.map((server) => server.start()));
    // Parts of different sizes.
    const ends = [0, 2000, 5000, rows];
    for (const [k, server] of servers.entries()) {
      const [from, to] = [ends[k], ends[k + 1]];
      const part = new FlatMatrix(to - from, 4, x.data.slice(4 * from, 4 * to));
      const engine = await server.engine();
      await makeTable(engine, 'events', { ...columnsOf('x', part), y: y.slice(from, to) });
      databases.push(engine.database);
    }
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    databases = [];
  });

  test('their sums are those of all rows', async () => {
    const f = overRows(loss, sqlRows(databases, { from: 'events' }), columns);
    const at = { w: new FlatMatrix(4, 1, [0.3, -0.2, 0.5, 1]), b: new FlatMatrix(1, 1, [0.1]) };
    const expected = valueAndGrad(loss)(at, { x, y: new FlatMatrix(rows, 1, y) } as never);
    expectClose(await f.valueAndGradient(at), expected, 1);
  });

  test('one that dies in the middle is named, and the run resumes when it is back', async () => {
    const whole = await minimize(
      overRows(loss, sqlRows(databases, { from: 'events' }), columns),
      start,
      {
        method: lbfgs(),
      },
    );
    expect(whole.converged).toBe(true);
    const checkpoint = memoryCheckpoint();
    const run = () =>
      minimize(overRows(loss, sqlRows(databases, { from: 'events' }), columns), start, {
        method: lbfgs(),
        checkpoint: { ...checkpoint, every: 1 },
        reportEvery: 1,
        onReport: ({ step }) => {
          if (step === 3 && !killed) {
            killed = true;
            void servers[1].kill();
          }
        },
      });
    let killed = false;
    await expect(run()).rejects.toThrow(/shard 2 of 3 \(postgres.*\) failed: .*checkpoint resumes/);
    expect(killed).toBe(true);
    await servers[1].start();
    const resumed = await run();
    expect(resumed.converged).toBe(true);
    // It went on from step 3, and arrived where the run that nothing stopped did.
    expectClose(resumed.params, whole.params, 1, 1e-12);
    expect(resumed.steps).toBe(whole.steps);
  });

  test('a signal cancels the query that runs', async () => {
    const f = overRows(
      (s: Value, { x }: { x: Value }) => mul(s, mean(x)),
      sqlRows(databases[0], {
        from: {
          query: 'SELECT 1e0 AS x FROM events AS a, events AS b, generate_series(1, 200) AS g',
        },
        count: 800_000_000,
      }),
      { x: 'x' },
    );
    const started = performance.now();
    const signal = AbortSignal.timeout(300);
    await expect(f(new FlatMatrix(1, 1, [1]) as never, signal)).rejects.toThrow(/timeout|aborted/i);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
