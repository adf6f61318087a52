import {
  add,
  crossEntropy,
  exp,
  FlatMatrix,
  hessian,
  hvp,
  leavesOf,
  log,
  logSumExp,
  matmul,
  mean,
  mul,
  pick,
  sigmoid,
  softplus,
  sqrt,
  square,
  sub,
  sum,
  type Value,
  valueAndGrad,
} from '@steepest/autodiff';
import { minimize, type Place } from '@steepest/optim';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { madeOf, randomLosses } from '../../../compile/test/losses.ts';
import { randomMatrix } from '../../../compile/test/random.ts';
import { overRows, sqlRows } from '../../src/index.ts';
import type { Engine } from './engines.ts';
import { fits } from './fits.ts';
import { columnsOf, makeTable } from './tables.ts';

type Any = never;
interface Params {
  readonly w: Value;
  readonly b: Value;
}
interface Batch {
  readonly x: Value;
  readonly y: Value;
}

const logistic = ({ w, b }: Params, { x, y }: Batch): Value => {
  const t = add(matmul(x, w), b);
  return add(mean(sub(softplus(t), mul(y, t))), mul(0.05, sum(square(w))));
};

/** Everything that a dialect must do, on an engine that is really there. */
export function battery(
  name: string,
  open: (() => Promise<Engine>) | undefined,
  runs: number,
  extent: 'all' | 'some' = 'some',
): void {
  if (open === undefined) {
    test.skip(`left out: ${name}, which is not installed here`, () => {});
    return;
  }
  describe(name, () => {
    let engine: Engine;
    const there = (): Engine => engine;
    beforeAll(async () => {
      engine = await open();
    });
    afterAll(() => engine?.end());

    test('gives the value and the gradient of random losses, hidden layers included', async () => {
      await fc.assert(
        fc.asyncProperty(randomLosses([2, 3, 64, 129], ['cross-entropy']), async (random) => {
          const { loss, parameters, batch } = madeOf(random);
          const columns = columnsOf('x', batch.X as FlatMatrix);
          await makeTable(there(), 'random', { ...columns, y: (batch.y as FlatMatrix).data });
          const rows = sqlRows(there().database, { from: 'random' });
          const f = overRows(loss, rows, { X: Object.keys(columns), y: 'y' });
          const found = await f.valueAndGradient(parameters);
          expectClose(found, valueAndGrad(loss)(parameters as Any, batch as Any), 10);
        }),
        { numRuns: runs, seed: 20 },
      );
    });

    test('keeps the accuracy of stable forms at ±800', async () => {
      const x = [-800, -40, -1e-9, 0, 1e-9, 0.5, 40, 800];
      await makeTable(there(), 'far', { x });
      const rows = sqlRows(there().database, { from: 'far' });
      const batch = { x: new FlatMatrix(x.length, 1, x) };
      const forms: ((s: Value, b: { x: Value }) => Value)[] = [
        (s, { x }) => sum(softplus(mul(s, x))),
        (s, { x }) => sum(softplus(sub(mul(s, x), 1600))),
        (s, { x }) => sum(sigmoid(sub(mul(s, x), 30))),
        (s, { x }) => sum(logSumExp(matmul(x, mul(s, new FlatMatrix(1, 2, [1, -1]))), { axis: 1 })),
      ];
      for (const form of forms) {
        const found = await overRows(form, rows, { x: 'x' }).valueAndGradient(1 as Any);
        expectClose(found, valueAndGrad(form)(1 as Any, batch as Any), 0);
      }
    });

    test('gives what JavaScript gives where a row leaves the numbers', async () => {
      await makeTable(there(), 'bad', { x: [0.5, 0, 900] });
      const rows = sqlRows(there().database, { from: 'bad' });
      const value = (f: (s: Value, b: { x: Value }) => Value) =>
        overRows(f, rows, { x: 'x' })(1 as Any);
      expect(await value((s, { x }) => sum(exp(mul(s, x))))).toBe(Number.POSITIVE_INFINITY);
      expect(await value((s, { x }) => sum(log(mul(s, x))))).toBe(Number.NEGATIVE_INFINITY);
      expect(Number.isFinite(await value((s, { x }) => sum(sqrt(sub(mul(s, x), 1)))))).toBe(false);
    });

    test('reads every literal back as the same number', async () => {
      const numbers = [
        0.1,
        1 / 3,
        5e-324,
        2.2250738585072014e-308,
        1.7976931348623157e308,
        4.35,
        1e23,
        123456789.12345678,
        2 ** 53 - 1,
        1e-7,
        -0.3,
      ];
      const { dialect } = there().database;
      const session = await there().database.open();
      try {
        const [read] = await session.query(`SELECT ${numbers.map(dialect.typed).join(', ')}`);
        expect(read).toEqual(numbers);
      } finally {
        await session.end();
      }
    });

    test('minimizes a loss where the rows are, as in memory', async () => {
      const x = randomMatrix(200, 3, 5);
      const y = Float64Array.from({ length: 200 }, (_, i) =>
        Math.sin(7.3 * i) > x.data[3 * i] ? 1 : 0,
      );
      const batch = { x, y: new FlatMatrix(200, 1, y) };
      await makeTable(there(), 'fitted', { ...columnsOf('x', x), y });
      const rows = sqlRows(there().database, { from: 'fitted' });
      const f = overRows(logistic, rows, { x: ['x0', 'x1', 'x2'], y: 'y' });
      const start = { w: new FlatMatrix(3, 1), b: 0 };
      const inside = await minimize(f, start as Any);
      const memory = (p: Params) => logistic(p, batch);
      const outside = await minimize(memory, start as Any, { tolerance: 1e-12 });
      expect(inside.converged).toBe(true);
      expectClose(inside.params, outside.params, 1, 1e-9);
      // Curvature and its products with directions.
      const place = (await f.engine.place(null as Any)) as Place<Params>;
      const at = { w: new FlatMatrix(3, 1, [0.4, -0.2, 0.1]), b: 0.3 as Any };
      const { curvature } = await place.answer(at, { over: 'all', curvature: true }, null);
      expectClose(curvature, hessian(logistic)(at as Any, batch as Any), 1);
      const { along } = await place.answer(at, { over: 'all', along: at }, null);
      expectClose(along, hvp(logistic)(at as Any, at as Any, batch as Any), 1);
      place.end?.();
    });

    test('takes classes from a column, and refuses places that are none', async () => {
      const x = randomMatrix(90, 2, 3);
      const y = Float64Array.from({ length: 90 }, (_, i) => i % 3);
      await makeTable(there(), 'classes', { ...columnsOf('x', x), y });
      const rows = sqlRows(there().database, { from: 'classes' });
      const loss = (w: Value, { x, y }: Batch) => crossEntropy(matmul(x, w), y as Any);
      const w = randomMatrix(2, 3, 8);
      const f = overRows(loss, rows, { x: ['x0', 'x1'], y: 'y' });
      const found = await f.valueAndGradient(w as Any);
      const batch = { x, y: new FlatMatrix(90, 1, y) };
      expectClose(found, valueAndGrad(loss)(w as Any, batch as Any), 1);
      const two = overRows(
        (w: Value, { x, y }: Batch) => mean(pick(matmul(x, w), y as Any)),
        rows,
        { x: ['x0', 'x1'], y: 'y' },
      );
      await expect(two(randomMatrix(2, 2, 8) as Any)).rejects.toThrow(
        /column "y": 30 rows hold no whole number from 0 to 1/,
      );
    });

    test('quotes hostile names and escapes hostile texts', async () => {
      const { dialect } = there().database;
      const hostile = [
        't1',
        'S1',
        'n',
        'a"b',
        "it's",
        'x; DROP TABLE t; --',
        'back\\slash',
        'zwei\nZeilen',
        '$1',
        '`',
      ];
      await makeTable(
        there(),
        'ta"b`le; --',
        Object.fromEntries(hostile.map((n, k) => [n, [k, 1]])),
      );
      const rows = sqlRows(there().database, { from: 'ta"b`le; --' });
      const f = overRows((s: Value, { x }: { x: Value }) => mul(s, sum(x)), rows, { x: hostile });
      expect(await f(1 as Any)).toBe(45 + 10);
      const session = await there().database.open();
      const texts = await session.query(`SELECT ${hostile.map(dialect.text).join(', ')}`);
      await session.end();
      expect(texts[0]).toEqual(hostile);
    });

    fits(there, extent);

    test('refuses what reading a file would refuse', async () => {
      await makeTable(there(), 'holes', { x: [1, 2, 3], z: [1, 2, 3] });
      const rows = sqlRows(there().database, { from: 'holes' });
      const f = (column: string) =>
        overRows((s: Value, { x }: { x: Value }) => mul(s, sum(x)), rows, { x: column })(1 as Any);
      await there().run('UPDATE holes SET x = NULL WHERE x > 1');
      await expect(f('x')).rejects.toThrow(/"x": 2 rows have no value \(NULL\)/);
      await there().run(`UPDATE holes SET z = ${dialectInfinity(there())} WHERE z > 2`);
      await expect(f('z')).rejects.toThrow(/"z": 1 row .*infinite/);
      await there().run('DELETE FROM holes');
      const none = sqlRows(there().database, { from: 'holes' });
      const empty = overRows((s: Value, { x }: { x: Value }) => mul(s, sum(x)), none, { x: 'x' });
      await expect(empty(1 as Any)).rejects.toThrow(/has no rows/);
    });
  });
}

function dialectInfinity({ database }: Engine): string {
  return database.dialect.typed(Number.POSITIVE_INFINITY);
}

export function expectClose(
  actual: unknown,
  expected: unknown,
  scale: number,
  tolerance = 1e-10,
): void {
  const entries = (x: unknown): number[] =>
    leavesOf(x).flatMap(({ leaf }) =>
      typeof leaf === 'number' ? [leaf] : [...(leaf as FlatMatrix).data],
    );
  const [a, b] = [entries(actual), entries(expected)];
  expect(a.length).toBe(b.length);
  a.forEach((x, k) => {
    const bound = tolerance * Math.max(Math.abs(b[k]), scale) + 1e-200;
    if (!(Math.abs(x - b[k]) <= bound)) throw new Error(`entry ${k}: ${x}, expected ${b[k]}`);
  });
}
