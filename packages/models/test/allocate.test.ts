import {
  FlatMatrix,
  logisticLoss,
  matmul,
  type Operand,
  type Value,
  valueAndGrad,
} from '@steepest/autodiff';
import { allocate, compile } from '@steepest/compile';
import {
  asTraining,
  defineSchema,
  type FittedPreparation,
  number,
  parseCsv,
  prepare,
  standardize,
} from '@steepest/datasets';
import { describe, expect, test, vi } from 'vitest';
import { fit, linearRegression, logisticRegression } from '../src/index.ts';

const lines = Array.from(
  { length: 3000 },
  (_, i) => `${Math.sin(i)},${i % 7},${((i * i) % 5) % 2}`,
);
const table = asTraining(parseCsv(['a,b,y', ...lines].join('\n')));
const fitted = prepare([standardize()], { target: 'y' }).fit(table);

test('features that a preparation writes into engine memory are those of ordinary arrays', () => {
  const there = fitted.apply(table, { allocate });
  const plain = fitted.apply(table);
  expect(there.data.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(there.y.data.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(there).toEqual(plain);
  expect(JSON.stringify(there)).toBe(JSON.stringify(plain));
  const step = compile(
    valueAndGrad((w: Value, x: Operand, y: Operand) => logisticLoss(matmul(x, w), y)),
  );
  const w = new FlatMatrix(2, 1, [1, -1]);
  expect(step(w, there.x, there.y)).toEqual(step(w, plain.x, plain.y));
});

test('fit has its features written there, with the model of ordinary ones', async () => {
  const ordinary: FittedPreparation = { ...fitted, apply: (rows) => fitted.apply(rows) };
  for (const options of [{}, { epochs: 3, batchSize: 32, now: () => 0 }]) {
    const apply = vi.fn(fitted.apply);
    const problem = logisticRegression();
    const preparation = { ...fitted, apply };
    const there = await fit(problem, table, { target: 'y', ...options, preparation });
    const [features] = apply.mock.results.map(({ value }) => value.data.buffer);
    expect(features).toBeInstanceOf(SharedArrayBuffer);
    const plain = await fit(problem, table, { target: 'y', ...options, preparation: ordinary });
    expect(JSON.stringify(there)).toBe(JSON.stringify(plain));
    expect(there.params).toEqual(plain.params);
  }
});

describe('the memory of features goes from one fit to the next', () => {
  const tableOf = (rows: number, seed: number) => {
    const names = ['a', 'b', 'c', 'd', 'y'];
    const columns = names.map((name, j) => {
      const values = Float64Array.from({ length: rows }, (_, i) => Math.sin(seed + i * (j + 1.7)));
      return [name, { type: 'number', values } as const] as const;
    });
    const schema = defineSchema(Object.fromEntries(names.map((name) => [name, number()])), {
      target: 'y',
    });
    const parts = { schema, rows, names, columns: new Map(columns), droppedRows: 0, warnings: [] };
    return asTraining(parts);
  };
  test('which changes nothing that either says', async () => {
    const [first, second] = [tableOf(30_000, 1), tableOf(27_000, 2)];
    const alone = await fit(linearRegression({ l2: 0.1 }), second);
    await fit(linearRegression(), first);
    const after = await fit(linearRegression({ l2: 0.1 }), second);
    expect(after.params).toEqual(alone.params);
    expect(after.metrics.meanSquaredError).toBe(alone.metrics.meanSquaredError);
  });
  test('but for a batch that a run has shown', async () => {
    let kept: FlatMatrix | undefined;
    await fit(linearRegression(), tableOf(30_000, 3), {
      epochs: 1,
      differentiate: (loss) => (params, batch) => {
        kept = batch.x as FlatMatrix;
        return valueAndGrad(loss)(params, batch) as never;
      },
    });
    const before = kept?.data.slice(0, 100);
    await fit(linearRegression(), tableOf(30_000, 4));
    expect(kept?.data.slice(0, 100)).toEqual(before);
  });
});
