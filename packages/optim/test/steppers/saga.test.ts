import {
  FlatMatrix,
  matmul,
  mean,
  type Operand,
  square,
  sub,
  type Value,
  valueAndGrad,
} from '@steepest/autodiff';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, test } from 'vitest';
import {
  chain,
  descend,
  encode,
  fixedBatches,
  memoryCheckpoint,
  type Result,
  type Stepper,
  sag,
  saga,
  train,
} from '../../src/index.ts';
import { drive } from '../../src/place/drive.ts';
import { norm, plus, times } from '../../src/vectors.ts';
import { type Batch, shuffledBatches } from '../support/minibatches.ts';

const wave = (rows: number, columns: number, phase: number) =>
  new FlatMatrix(
    rows,
    columns,
    Array.from({ length: rows * columns }, (_, i) => Math.sin(1 + i * i + phase)),
  );
const rows: Batch = { x: wave(60, 3, 0), y: wave(60, 1, 2) };
const loss = (w: Value, { x, y }: { x: Operand; y: Operand }) => mean(square(sub(matmul(x, w), y)));
// Eight batches of 7 rows and one of 4.
const data = fixedBatches(shuffledBatches(rows, 7));
const gradientOf = (w: FlatMatrix, batch: Batch) => valueAndGrad(loss)(w, batch).gradient;
const options = { loss, params: new FlatMatrix(3, 1), data, seed: 4 };

describe.each([
  ['saga', saga],
  ['sag', sag],
])('%s', (_name, make) => {
  const optimizer = chain(make(), descend(0.1)) as Stepper;

  test('reaches the minimum of all rows at a fixed rate', async () => {
    const { params } = await train({ ...options, optimizer, epochs: 200 });
    expect(norm(gradientOf(params, rows))).toBeLessThan(1e-12);
    const plain = await train({ ...options, optimizer: descend(0.1) as Stepper, epochs: 200 });
    expect(norm(gradientOf(plain.params, rows))).toBeGreaterThan(1e-3);
  });

  test('resumes bit for bit, stopped anywhere', async () => {
    const bits = ({ params, state, steps }: Result<unknown>) =>
      JSON.stringify(encode([params, state, steps]));
    const whole = await train({ ...options, optimizer, epochs: 3 });
    for (const steps of [1, 5, 9, 14]) {
      const checkpoint = memoryCheckpoint();
      await train({ ...options, optimizer, stop: { steps }, checkpoint });
      const resumed = await train({ ...options, optimizer, epochs: 3, checkpoint });
      expect(bits(resumed)).toBe(bits(whole));
    }
  });

  test('is refused where batches change, and where it would take too much memory', async () => {
    const moving = train({ ...options, data: shuffledBatches(rows, 7), optimizer, epochs: 1 });
    await expect(moving).rejects.toThrow('give data: fixedBatches(');
    const gradient = new FlatMatrix(1 << 20, 1);
    const at = { step: 0, value: 0, gradient, batch: { number: 0, of: 40, share: 1 / 40 } };
    const stepper = make();
    const search = stepper.search?.(gradient, stepper.init(gradient), gradient, at);
    expect(() => search?.next()).toThrow('1048576 numbers for each of 40 batches takes 320 MB');
  });
});

test('over all batches, the mean of the directions of saga is the gradient of all rows', async () => {
  const { params, state } = await train({
    ...options,
    optimizer: chain(saga(), descend(0.1)) as Stepper,
    stop: { steps: 5 },
  });
  const batches = [...data.epoch(xoroshiro128plus(1))];
  expect(new Set(batches).size).toBe(9);
  let sum: FlatMatrix = new FlatMatrix(3, 1);
  for (const batch of batches) {
    const gradient = gradientOf(params, batch);
    const at = { step: 5, value: 0, gradient, batch: data.fixed(batch) };
    const search = saga().search?.(gradient, (state as never[])[0], params, at);
    const [direction] = drive(search as never, () => ({ value: 0 })) as [FlatMatrix, unknown];
    sum = plus(sum, direction);
  }
  expect(norm(plus(times(1 / 9, sum), times(-1, gradientOf(params, rows))))).toBeLessThan(1e-14);
});
