import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { FlatMatrix, logisticLoss, matmul, type Value, valueAndGrad } from '@steepest/autodiff';
import { lbfgs, momentum, type Stepper, train } from '@steepest/optim';
import { expect, test } from 'vitest';
import { allocate, compile, compiled, pin } from '../src/index.ts';
import { sharedEngine } from '../src/memory/shared.ts';
import { threads } from '../src/threads.ts';
import { gathered } from './gathered.ts';
import { randomMatrix } from './random.ts';

type Data = { readonly x: Value; readonly y: Value };
const loss = (w: Value, { x, y }: Data) => logisticLoss(matmul(x, w), y);
const both = valueAndGrad(loss);

function dataOf(rows: number, columns: number) {
  const x = randomMatrix(rows, columns, 1);
  const y = new FlatMatrix(
    rows,
    1,
    randomMatrix(rows, 1, 2).data.map((e) => (e > 0 ? 1 : 0)),
  );
  return { x, y };
}

function allocated({ rows, columns, data }: FlatMatrix): FlatMatrix {
  const copy = allocate(data.length);
  copy.set(data);
  return new FlatMatrix(rows, columns, copy);
}

test('allocated data gives the bits of ordinary data, with threads and without', () => {
  const plain = dataOf(30_011, 12);
  const there = { x: allocated(plain.x), y: allocated(plain.y) };
  const w = randomMatrix(12, 1, 3);
  const expected = compile(both)(w, plain);
  for (const pool of [undefined, threads(2)]) {
    const step = compile(both, { threads: pool });
    for (const data of [there, plain, { ...there, y: plain.y }, { ...plain, y: there.y }]) {
      expect(step(w, data)).toEqual(expected);
    }
  }
  expect(compile(both, { relaxed: true })(w, there)).toEqual(
    compile(both, { relaxed: true })(w, plain),
  );
});

test('it is read where it lies: a call takes no memory for it, and a pin none', () => {
  const { x, y } = dataOf(20_000, 50);
  const there = { x: allocated(x), y: allocated(y) };
  const step = compile(both, { streamBytes: Number.POSITIVE_INFINITY });
  const w = randomMatrix(50, 1, 3);
  const before = sharedEngine().usedBytes;
  step(w, there);
  step(w, pin({ ...there }));
  expect(sharedEngine().usedBytes - before).toBeLessThan(x.data.byteLength / 4);
});

test('a change of one entry between two calls is seen, in a view of it and in a pinned one', () => {
  const { x, y } = dataOf(60_000, 12);
  const there = { x: allocated(x), y: allocated(y) };
  const w = randomMatrix(12, 1, 3);
  for (const pool of [undefined, threads(2)]) {
    const step = compile(both, { threads: pool });
    const first = step(w, there);
    for (const at of [12 * 60_000 - 1, 54_321]) {
      there.x.data.subarray(at)[0] += 1;
      x.data[at] += 1;
      const second = step(w, there);
      expect(second).not.toEqual(first);
      expect(second).toEqual(compile(both)(w, { x, y }));
    }
  }
  pin(there);
  there.x.data[7] += 1;
  x.data[7] += 1;
  expect(compile(both)(w, there)).toEqual(compile(both)(w, { x, y }));
});

test('growth of the memory afterwards leaves the array and its results as they were', () => {
  const { x, y } = dataOf(3000, 12);
  const there = { x: allocated(x), y: allocated(y) };
  const w = randomMatrix(12, 1, 3);
  const step = compile(both);
  const first = step(w, there);
  const engine = sharedEngine();
  const pages = engine.memory.buffer.byteLength;
  const large = engine.allocate(pages);
  expect(engine.memory.buffer.byteLength).toBeGreaterThan(pages);
  expect(there.x.data).toEqual(x.data);
  expect(step(w, there)).toEqual(first);
  there.x.data[0] += 1;
  expect(step(w, there)).not.toEqual(first);
  engine.free(large);
});

test('memory that comes back is cleared; lengths that are none are refused', () => {
  const engine = sharedEngine();
  const address = engine.allocate(8000);
  engine.numbers(address, 1000).fill(7);
  engine.free(address);
  expect(allocate(1000)).toEqual(new Float64Array(1000));
  expect(allocate(0)).toEqual(new Float64Array(0));
  expect(() => allocate(-1)).toThrow('allocate: the length');
  // More than is ever lent.
  expect(allocate(2 ** 27).buffer).toBeInstanceOf(ArrayBuffer);
});

test('a run on allocated data has the bits of one on ordinary data', async () => {
  const plain = dataOf(1000, 4);
  const there = { x: allocated(plain.x), y: allocated(plain.y) };
  const optimizers: Stepper[] = [momentum({ rate: 0.1 }), lbfgs()];
  for (const optimizer of optimizers) {
    const params = async (data: typeof plain) => {
      const source = optimizer.update === undefined ? data : gathered(data, 1000, 32);
      const options = { loss, params: randomMatrix(4, 1, 3), optimizer, epochs: 3 };
      const run = train({ ...options, data: source as never, engine: compiled() });
      return ((await run).params as FlatMatrix).data;
    };
    expect(await params(there)).toEqual(await params(plain));
  }
});

test('its memory returns when the array is garbage, and not before', () => {
  const file = fileURLToPath(new URL('dropped-arrays.ts', import.meta.url));
  const hook = new URL('../../../tools/ts.mjs', import.meta.url).href;
  const flags = ['--expose-gc', '--import', hook, file];
  const out = execFileSync(process.execPath, flags, { timeout: 60_000, encoding: 'utf8' });
  const { during, after, sum } = JSON.parse(out) as Record<string, number>;
  expect(during).toBeGreaterThanOrEqual(200 * 8e5);
  expect(after).toBeLessThan(2 ** 16);
  expect(sum).toBe(1e5);
}, 60_000);
