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
import { expect, test } from 'vitest';
import { overRows, sqlRows } from '../src/index.ts';
import { battery, expectClose } from './support/battery.ts';
import { installed } from './support/engines.ts';

const open = installed('duckdb');

battery('duckdb', open, 60, 'all');

const loss = (w: Value, { x, y }: { x: Value; y: Value }): Value => {
  // A row needs a total, too: two passes.
  const t = matmul(sub(x, mean(x, { axis: 0 })), w);
  return add(mean(sub(softplus(t), mul(y, t))), mul(0.1, mean(t)));
};

(open === undefined ? test.skip : test)(
  'a million rows: means are those of all of them',
  async () => {
    const { run, database, end } = await (open as NonNullable<typeof open>)();
    const rows = 1_000_000;
    await run(
      `CREATE TABLE large AS SELECT sin(i * 1.7e0) AS a, cos(i * 0.3e0) + 2 AS b, i % 3 = 0 AS y FROM range(${rows}) AS r(i)`,
    );
    const x = new FlatMatrix(rows, 2);
    const y = new FlatMatrix(rows, 1);
    for (let i = 0; i < rows; i++) {
      x.data[2 * i] = Math.sin(i * 1.7);
      x.data[2 * i + 1] = Math.cos(i * 0.3) + 2;
      y.data[i] = i % 3 === 0 ? 1 : 0;
    }
    const f = overRows(
      loss,
      sqlRows(database, { from: { query: 'SELECT a, b, y::DOUBLE AS y FROM large' } }),
      { x: ['a', 'b'], y: 'y' },
    );
    const w = new FlatMatrix(2, 1, [0.7, -0.4]);
    const found = await f.valueAndGradient(w as never);
    expectClose(found, valueAndGrad(loss)(w, { x, y } as never), 1);
    expect(f.sql(w as never)).toContain('"a"');
    await end();
  },
);
