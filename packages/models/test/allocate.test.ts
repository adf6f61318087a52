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
  type FittedPreparation,
  parseCsv,
  prepare,
  standardize,
} from '@steepest/datasets';
import { expect, test, vi } from 'vitest';
import { fit, logisticRegression } from '../src/index.ts';

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
