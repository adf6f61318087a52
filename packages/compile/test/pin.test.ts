import { FlatMatrix, matmul, sum, type Value } from '@steepest/autodiff';
import { Matrix } from 'ml-matrix';
import { expect, test } from 'vitest';
import { compile, hold, pin } from '../src/index.ts';
import { commonEngine } from '../src/memory/engine.ts';
import { expectClose, randomMatrix } from './agreement.ts';

const w = randomMatrix(3, 1);
const predict = compile((v: Value, x: Value) => matmul(x, v));

test('pinned data is copied once, and again after it was pinned again', () => {
  const x = randomMatrix(100, 3, 5);
  const before = matmul(x, w);
  pin({ x });
  expectClose(predict(w, x), before);
  x.data.fill(0);
  expectClose(predict(w, x), before);
  pin(x);
  expectClose(predict(w, x), matmul(x, w));
});

test('views of pinned data are pinned, other parts of the buffer are not', () => {
  const entries = randomMatrix(100, 3, 6).data;
  const part = (from: number, to: number) =>
    new FlatMatrix(to - from, 3, entries.subarray(3 * from, 3 * to));
  pin(part(10, 90));
  const inside = matmul(part(20, 40), w);
  expectClose(predict(w, part(20, 40)), inside);
  entries.fill(0);
  expectClose(predict(w, part(20, 40)), inside);
  expect(sum(predict(w, part(0, 20)) as FlatMatrix).data[0]).toBe(0);
});

test('unpinned data may change between calls', () => {
  const x = randomMatrix(100, 3, 7);
  predict(w, x);
  x.data.fill(1);
  expectClose(predict(w, x), matmul(x, w));
});

test('matrices with an array per row are refused by name', () => {
  expect(() => pin({ X: Matrix.ones(2, 2) })).toThrow('X must be a FlatMatrix');
});

test('what is held is copied once, and its memory returns at the release', () => {
  const engine = commonEngine();
  if (engine === undefined) throw new Error('needs SIMD');
  const X = new FlatMatrix(1000, 2, new Float64Array(2000).fill(1));
  const total = compile((w: Value, data: { X: Value }) => sum(matmul(data.X, w)));
  const w = new FlatMatrix(2, 1, [1, 2]);
  expect(total(w, { X })).toEqual(total(w, { X }));
  const before = engine.usedBytes;
  const release = hold({ X });
  const first = total(w, { X });
  expect(engine.usedBytes).toBeGreaterThanOrEqual(before + 16_000);
  X.data[0] = 100; // not seen: a copy is read
  expect(total(w, { X })).toEqual(first);
  release();
  release();
  expect(engine.usedBytes).toBe(before);
  expect(total(w, { X })).not.toEqual(first);
});

test('what was pinned before stays pinned', () => {
  const X = pin(new FlatMatrix(1000, 2, new Float64Array(2000).fill(1)));
  const total = compile((w: Value, data: { X: Value }) => sum(matmul(data.X, w)));
  const w = new FlatMatrix(2, 1, [1, 2]);
  const first = total(w, { X });
  hold({ X })();
  X.data[0] = 100;
  expect(total(w, { X })).toEqual(first);
});
