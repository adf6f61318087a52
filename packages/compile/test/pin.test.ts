import { FlatMatrix, matmul, sum, type Value } from '@steepest/autodiff';
import { Matrix } from 'ml-matrix';
import { expect, test } from 'vitest';
import { compile, pin } from '../src/index.ts';
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
