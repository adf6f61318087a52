import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import {
  crossEntropy,
  FlatMatrix,
  logisticLoss,
  matmul,
  relu,
  type Value,
  valueAndGrad,
} from '@steepest/autodiff';
import { i32, memory, moduleBuilder, whileTrue } from '@steepest/wasm';
import { expect, test, vi } from 'vitest';
import { compile, pin } from '../src/index.ts';
import { Pool } from '../src/threads/pool.ts';
import { type Threads, threads } from '../src/threads.ts';
import { expectClose, randomMatrix } from './agreement.ts';

const loss = (w: Value, X: Value, y: Value) => logisticLoss(matmul(X, w), y);
const X = pin(randomMatrix(30_011, 12, 1));
const y = new FlatMatrix(
  30_011,
  1,
  randomMatrix(30_011, 1, 2).data.map((e) => (e > 0 ? 1 : 0)),
);
const w = randomMatrix(12, 1, 3);

test('the same bytes for 1, 2 and 4 threads, and without a pool', () => {
  const plain = valueAndGrad(loss)(w, X, y);
  const bytes = [undefined, threads(1), threads(2), threads(4)].map((pool) => {
    const step = compile(valueAndGrad(loss), { threads: pool });
    let result = step(w, X, y);
    for (let k = 0; k < 50; k++) result = step(w, X, y);
    expectClose(result, plain, 1e-3);
    return String([result.value, ...(result.gradient as FlatMatrix).data]);
  });
  expect(new Set(bytes).size).toBe(1);
});

test('a batch of a network is work for two threads, with the same bytes', () => {
  const batch = {
    x: randomMatrix(128, 784, 4),
    k: Int32Array.from({ length: 128 }, (_, i) => i % 10),
  };
  const start = { U: randomMatrix(784, 128, 5), V: randomMatrix(128, 10, 6) };
  const network = (p: { U: Value; V: Value }, { x, k }: { x: Value; k: Int32Array }) =>
    crossEntropy(matmul(relu(matmul(x, p.U)), p.V), k);
  const pool = threads(2) as Threads;
  const run = vi.spyOn(pool, 'run');
  const shared = compile(valueAndGrad(network), { threads: pool })(start, batch);
  expect(run).toHaveBeenCalledTimes(1);
  expect(run.mock.calls[0][0].blocks).toBe(2);
  run.mockRestore();
  expect(compile(valueAndGrad(network))(start, batch)).toEqual(shared);
  expectClose(shared, valueAndGrad(network)(start, batch), 1);
});

test('a pool that was closed goes on with the calling thread', () => {
  const pool = threads(3);
  const step = compile(valueAndGrad(loss), { threads: pool });
  const before = step(w, X, y).value;
  pool?.close();
  expect(step(w, X, y).value).toBe(before);
});

test('counts are checked', () => {
  expect(() => threads(0)).toThrow('whole number from 1 to 64');
});

test('a thread that dies gives an error, and work goes on without it', () => {
  const pool = new Pool(2);
  const taken: number[] = [];
  const asleep = new Int32Array(new SharedArrayBuffer(4));
  const job = {
    program: 1,
    bytes: Uint8Array.of(1, 2, 3),
    stage: 1,
    blocks: 4,
    buffers: 0,
    bufferBytes: 0,
    blocksHere: (from: number) => {
      taken.push(from);
      Atomics.wait(asleep, 0, 0, 5);
    },
  };
  const untilItStarts = () => {
    for (const started = performance.now(); performance.now() - started < 20_000; ) pool.run(job);
  };
  expect(untilItStarts).toThrow('a worker thread died');
  taken.length = 0;
  pool.run(job);
  expect(taken).toEqual([0, 1, 2, 3]);
}, 30_000);

test('a thread that is killed in the middle of a job gives an error', () => {
  const started = vi.spyOn(Worker.prototype, 'unref');
  const pool = new Pool(2, 500);
  const worker = started.mock.contexts[0] as Worker;
  started.mockRestore();
  const flag = pool.engine.allocate(64);
  // Memory that was used before is not cleared.
  new Int32Array(pool.engine.memory.buffer, flag, 1)[0] = 0;
  const seen = () => new Int32Array(pool.engine.memory.buffer, flag, 1)[0];
  // A block that says that it has begun, and never ends.
  const module = moduleBuilder({ shared: true });
  const parameters = { from: 'i32', to: 'i32', buffers: 'i32', product: 'i32' } as const;
  module.define('blocks1', parameters, () => [
    memory.storeI32(i32.const(flag), i32.const(1)),
    whileTrue(i32.const(1), []),
  ]);
  const here: number[] = [];
  const job = {
    program: 1,
    bytes: module.bytes(),
    stage: 1,
    blocks: 4,
    buffers: 0,
    bufferBytes: 0,
    blocksHere: (from: number) => {
      here.push(from);
      const until = performance.now() + 20_000;
      while (seen() === 0 && performance.now() < until);
      void worker.terminate();
    },
  };
  expect(() => pool.run(job)).toThrow('a worker thread died: nothing came from it for 0.5 seconds');
  expect(seen()).toBe(1);
  here.length = 0;
  pool.run(job);
  expect(here).toEqual([0, 1, 2, 3]);
}, 30_000);

test('a process with threads ends by itself', () => {
  const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  const hook = new URL('../../../tools/ts.mjs', import.meta.url).href;
  const out = execFileSync(process.execPath, ['--import', hook, file('threads-program.ts')], {
    timeout: 20_000,
    encoding: 'utf8',
  });
  expect(out.trim()).toBe('done');
});
