import {
  add,
  crossEntropy,
  FlatMatrix,
  logisticLoss,
  matmul,
  mean,
  mul,
  sigmoid,
  squaredError,
  sub,
  type Value,
  valueAndGrad,
} from '@steepest/autodiff';
import { describe, expect, test, vi } from 'vitest';
import { compile, explain, pin } from '../src/index.ts';
import { commonEngine, type Engine, MemoryError } from '../src/memory/engine.ts';
import { threads } from '../src/threads.ts';
import { expectClose, randomMatrix } from './agreement.ts';

type Function = (w: Value, data: never) => Value;

const logistic = (w: Value, { X, y }: { X: Value; y: Value }) => logisticLoss(matmul(X, w), y);
const linear = (w: Value, { X, y }: { X: Value; y: Value }) => squaredError(matmul(X, w), y);
const softmax = (w: Value, { X, k }: { X: Value; k: Int32Array }) => crossEntropy(matmul(X, w), k);
// The mean over all rows feeds the rows again: two pipelines.
const centred = (w: Value, { X, y }: { X: Value; y: Value }) => {
  const z = matmul(X, w);
  return squaredError(sub(z, mean(z)), y);
};

function dataOf(rows: number, columns: number) {
  const X = randomMatrix(rows, columns, rows);
  const y = new FlatMatrix(
    rows,
    1,
    randomMatrix(rows, 1, 2).data.map((e) => (e > 0 ? 1 : 0)),
  );
  return { X, y, k: Int32Array.from({ length: rows }, (_, i) => i % 3) };
}

describe('data that streams gives the same bytes as data in one piece', () => {
  for (const [name, f, columns] of [
    ['logistic', logistic, 1],
    ['linear', linear, 1],
    ['softmax', softmax, 3],
    ['centred', centred, 1],
  ] as const) {
    for (const rows of [65, 512, 1025, 7013, 70_001]) {
      for (const features of [1, 7, 20]) {
        test(`${name}, ${rows}×${features}`, () => {
          const both = valueAndGrad(f as Function) as unknown as Function;
          const data = dataOf(rows, features) as never;
          const w = randomMatrix(features, columns, 3);
          const tileRows = 64;
          const once = compile(both, { tileRows, streamBytes: Number.POSITIVE_INFINITY });
          const expected = once(w, data);
          for (const streamBytes of [0, 20_000, 200_000]) {
            expect(compile(both, { tileRows, streamBytes })(w, data)).toEqual(expected);
          }
          expectClose(expected, both(w, data), 1);
        });
      }
    }
  }

  test('float32 features', () => {
    const entries = Float32Array.from(randomMatrix(5003, 9, 5).data);
    const X = { data: entries, shape: [5003, 9], stride: [9, 1], offset: 0 };
    const { y } = dataOf(5003, 1);
    const both = valueAndGrad(logistic as Function) as unknown as Function;
    const w = randomMatrix(9, 1);
    const data = { X, y } as never;
    const streamed = compile(both, { streamBytes: 0 })(w, data);
    expect(streamed).toEqual(compile(both)(w, data));
  });

  test('a function that returns rows', () => {
    const f = (w: Value, { X }: { X: Value }) => sigmoid(add(matmul(X, w), mul(2, X)));
    const data = { X: randomMatrix(4099, 1, 6) };
    const w = randomMatrix(1, 1);
    expect(compile(f, { streamBytes: 0 })(w, data)).toEqual(compile(f)(w, data));
  });
});

test('large data takes little of the memory, and changes are seen', () => {
  const engine = commonEngine() as Engine;
  const { X, y } = dataOf(200_000, 20);
  const step = compile(valueAndGrad(logistic));
  const w = randomMatrix(20, 1);
  const before = engine.usedBytes;
  const first = step(w, { X, y });
  expect(engine.usedBytes - before).toBeLessThan(2 ** 21);
  (X as FlatMatrix).data[20 * 200_000 - 1] += 1;
  const second = step(w, { X, y });
  expect(second).not.toEqual(first);
  expect(second).toEqual(compile(valueAndGrad(logistic))(w, pin({ X, y })));
});

test('where there is no room for the data, it streams', () => {
  const engine = commonEngine() as Engine;
  const data = dataOf(50_001, 9);
  const w = randomMatrix(9, 1);
  const expected = compile(valueAndGrad(logistic))(w, data);
  const { X, y } = pin({ X: new FlatMatrix(50_001, 9, data.X.data), y: data.y });
  const step = compile(valueAndGrad(logistic));
  const allocate = engine.allocate.bind(engine);
  const full = vi.spyOn(engine, 'allocate').mockImplementation((bytes) => {
    if (bytes > 2 ** 21) throw new MemoryError('full');
    return allocate(bytes);
  });
  try {
    expect(step(w, { X, y })).toEqual(expected);
    const copying = compile(valueAndGrad(logistic), { streamBytes: Number.POSITIVE_INFINITY });
    expect(copying(w, dataOf(50_001, 9))).toEqual(expected);
  } finally {
    full.mockRestore();
  }
});

test('one thread brings the rows in while the others compute: the same bytes', () => {
  const data = dataOf(30_011, 12);
  const mixed = { X: data.X, y: pin(new FlatMatrix(30_011, 1, data.y.data.slice())) };
  const w = randomMatrix(12, 1);
  const both = valueAndGrad(logistic);
  const expected = compile(both, { tileRows: 64 })(w, data);
  const pools = [2, 3].map((count) => threads(count));
  for (const pool of pools) {
    const step = compile(both, { threads: pool, tileRows: 64, streamBytes: 0 });
    for (let k = 0; k < 20; k++) {
      expect(step(w, data)).toEqual(expected);
      expect(step(w, mixed)).toEqual(expected);
    }
    const centre = compile(valueAndGrad(centred), { threads: pool, streamBytes: 0 });
    expect(centre(w, data)).toEqual(compile(valueAndGrad(centred))(w, data));
  }
  for (const pool of pools) pool?.close();
}, 30_000);

test('a change of one of 12.8 million entries is seen', () => {
  const [rows, columns] = [200_000, 64];
  const X = new FlatMatrix(rows, columns, new Float64Array(rows * columns).fill(0.01));
  const y = new FlatMatrix(rows, 1);
  const w = randomMatrix(columns, 1);
  const pool = threads(2);
  for (const step of [
    compile(valueAndGrad(linear)),
    compile(valueAndGrad(linear), { threads: pool }),
  ]) {
    const before = step(w, { X, y }).value;
    X.data[7_654_321] = 1e6;
    const { value } = step(w, { X, y });
    X.data[7_654_321] = 0.01;
    expect(value).toBeGreaterThan(2 * before);
    expect(step(w, { X, y }).value).toBe(before);
  }
  pool?.close();
}, 30_000);

test('the explanation says so', () => {
  const { X, y } = dataOf(20_000, 20);
  const text = explain(valueAndGrad(logistic))(randomMatrix(20, 1), { X, y });
  expect(text).toContain('rows that are not pinned: 6144 at a time');
});
