import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  type FlatMatrix,
  logisticLoss,
  matmul,
  mul,
  squaredError,
  type Value,
  valueAndGrad,
} from '@steepest/autodiff';
import {
  momentum,
  type Place,
  type Standing,
  type Stepper,
  type Stretch,
  train,
} from '@steepest/optim';
import { expect, test } from 'vitest';
import { compile, compiled, pin } from '../src/index.ts';
import { Allocator } from '../src/memory/allocator.ts';
import { commonEngine } from '../src/memory/engine.ts';
import { gathered } from './gathered.ts';
import { randomMatrix } from './random.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const used = () => commonEngine()?.usedBytes ?? 0;

/** Finalizers run between tasks, some time after the collection. */
async function settled(limit: number): Promise<number> {
  for (let quiet = 0, last = used(); quiet < 10 && last > limit; ) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 10));
    quiet = used() === last ? quiet + 1 : 0;
    last = used();
  }
  return used();
}

test('memory of programs and data returns when they are dropped', async () => {
  const w = randomMatrix(10, 1);
  compile(matmul)(randomMatrix(1, 10), w);
  const before = await settled(0);
  for (let k = 0; k < 200; k++) {
    const X = pin(randomMatrix(100, 10, k));
    const loss = (v: Value, x: Value) => mul(k, squaredError(matmul(x, v), matmul(x, w)));
    compile(valueAndGrad(loss))(w, X);
    if (k % 100 === 0) await settled(0.5 * used());
  }
  expect(used()).toBeGreaterThan(before);
  expect(await settled(before)).toBeLessThanOrEqual(before + 2 ** 16);
}, 30_000);

// 10 000 take twenty seconds and as little memory: node … dropped-programs.ts 10000.
test('a process that compiles and drops 2000 programs does not grow', () => {
  const file = fileURLToPath(new URL('dropped-programs.ts', import.meta.url));
  const hook = new URL('../../../tools/ts.mjs', import.meta.url).href;
  // Newer engines let the young generation grow from 16 MB to 128: that is room, and nothing is in it.
  const flags = ['--expose-gc', '--max-semi-space-size=16', '--import', hook, file, '2000'];
  const out = execFileSync(process.execPath, flags, { timeout: 60_000, encoding: 'utf8' });
  const grown = JSON.parse(out) as { process: number; engine: number };
  expect(grown.engine).toBe(0);
  expect(grown.process).toBeLessThan(2 ** 24);
}, 60_000);

test('a million steps leave memory as it was', () => {
  const data = { x: randomMatrix(1000, 2), y: randomMatrix(1000, 1) };
  const loss = (w: Value, b: { x: Value; y: Value }) => logisticLoss(matmul(b.x, w), b.y);
  const optimizer = momentum({ rate: 1e-3 }) as Stepper;
  const source = gathered(data, 1000, 2);
  const place = compiled().place({
    loss: loss as never,
    valueAndGradient: undefined,
    params: randomMatrix(2, 1),
    source,
    whole: false,
    optimizer,
  }) as Place<FlatMatrix>;
  const order = Int32Array.from({ length: 40_000 }, (_, i) => i % 1000);
  const params = randomMatrix(2, 1);
  let at: Standing<FlatMatrix> = { params, state: optimizer.init(params), step: 0 };
  const epoch = () => {
    const steps = place.steps as NonNullable<typeof place.steps>;
    const { params, state, losses } = steps(optimizer, at, {
      steps: 20_000,
      order,
    }) as Stretch<FlatMatrix>;
    at = { params, state, step: at.step + losses.length };
  };
  epoch();
  const before = used();
  const pages = commonEngine()?.memory.buffer.byteLength;
  for (let k = 0; k < 49; k++) epoch();
  expect(at.step).toBe(1_000_000);
  expect(used()).toBe(before);
  expect(commonEngine()?.memory.buffer.byteLength).toBe(pages);
  place.end?.();
}, 30_000);

test('a run returns the memory of its data and its programs', async () => {
  const data = { x: randomMatrix(1000, 2), y: randomMatrix(1000, 1) };
  const before = used();
  await train({
    loss: (w: Value, b: { x: Value; y: Value }) => logisticLoss(matmul(b.x, w), b.y),
    params: randomMatrix(2, 1),
    data: gathered(data, 1000, 32),
    optimizer: momentum({ rate: 1e-3 }),
    epochs: 2,
    engine: compiled(),
  });
  expect(used()).toBe(before);
});

test('the allocator reuses and joins what was returned', () => {
  const grown: number[] = [];
  const allocator = new Allocator(64, 1024, (bytes) => {
    grown.push(bytes);
    return 1024;
  });
  const [a, b, c] = [100, 200, 300].map((bytes) => allocator.allocate(bytes));
  expect([a, b, c]).toEqual([64, 192, 448]);
  allocator.free(a);
  allocator.free(b);
  expect(allocator.allocate(384)).toBe(64);
  expect(allocator.used).toBe(384 + 320);
  allocator.allocate(512);
  expect(grown).toEqual([256]);
  expect(() => allocator.free(5)).toThrow('nothing was allocated at 5');
});
