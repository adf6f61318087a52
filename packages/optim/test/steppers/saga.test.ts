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
  interpreted,
  memoryCheckpoint,
  type Result,
  type Stepper,
  sag,
  saga,
  svrg,
  train,
  unweighted,
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
    const at = {
      step: 0,
      value: 0,
      gradient,
      batch: { number: 0, of: 40, share: 1 / 40, chance: 1 / 40 },
    };
    const stepper = make();
    const search = stepper.search?.(gradient, stepper.init(gradient), gradient, at);
    expect(() => search?.next()).toThrow('1048576 numbers for each of 40 batches takes 320 MB');
  });
});

const weights = [1, 2, 0.5, 3, 1, 1, 4, 0.25, 2];
const byWeights = fixedBatches(shuffledBatches(rows, 7), { weights });

describe.each([
  ['shuffled', data],
  ['drawn by weights', byWeights],
])(
  'over all batches, %s, the directions have the gradient of all rows as their mean:',
  (_, data) => {
    const mean = (w: FlatMatrix, directionOf: (gradient: FlatMatrix, at: never) => FlatMatrix) => {
      let sum: FlatMatrix = new FlatMatrix(3, 1);
      for (const batch of data.batches) {
        const gradient = gradientOf(w, batch);
        const fixed = data.fixed(batch);
        const at = { step: 5, value: 0, gradient, batch: fixed } as never;
        sum = plus(sum, times(fixed.chance, directionOf(gradient, at)));
      }
      return norm(plus(sum, times(-1, gradientOf(w, rows))));
    };

    test('saga', async () => {
      const optimizer = chain(saga(), descend(0.1)) as Stepper;
      const { params, state } = await train({ ...options, data, optimizer, stop: { steps: 5 } });
      const [remembered] = state as never[];
      const off = mean(params, (gradient, at) => {
        const search = saga().search?.(gradient, remembered, params, at);
        return (drive(search as never, () => ({ value: 0 })) as [FlatMatrix, unknown])[0];
      });
      expect(off).toBeLessThan(1e-14);
    });

    test('unweighted', () => {
      const w = new FlatMatrix(3, 1, [1, -2, 0.5]);
      const off = mean(
        w,
        (gradient, at) => unweighted().step?.(gradient, null, w, at)[0] as FlatMatrix,
      );
      expect(off).toBeLessThan(1e-14);
    });
  },
);

test('svrg on batches drawn by weights comes to the minimum, with unweighted behind it', async () => {
  const optimizer = chain(svrg({ every: 20 }), unweighted(), descend(0.02)) as Stepper;
  const { params } = await train({ ...options, data: byWeights, optimizer, epochs: 600 });
  expect(norm(gradientOf(params, rows))).toBeLessThan(1e-10);
});

test('batches are drawn in proportion to their weights, and by the seed alone', () => {
  const random = xoroshiro128plus(3);
  const counts = weights.map(() => 0);
  const epochs = 2000;
  for (let k = 0; k < epochs; k++) {
    for (const batch of byWeights.epoch(random)) counts[byWeights.fixed(batch).number]++;
  }
  const all = 9 * epochs;
  counts.forEach((count, i) => {
    const { chance } = byWeights.fixed(byWeights.batches[i]);
    expect(chance).toBeCloseTo(weights[i] / 14.75, 12);
    // Five standard deviations of a binomial count.
    expect(Math.abs(count - all * chance)).toBeLessThan(5 * Math.sqrt(all * chance * (1 - chance)));
  });
  const once = [...byWeights.epoch(xoroshiro128plus(8))];
  expect([...byWeights.epoch(xoroshiro128plus(8))]).toEqual(once);
});

test('drawn by weights, saga comes to the minimum of all rows', async () => {
  const optimizer = chain(saga(), descend(0.05)) as Stepper;
  const { params } = await train({ ...options, data: byWeights, optimizer, epochs: 600 });
  expect(norm(gradientOf(params, rows))).toBeLessThan(1e-10);
});

test('a question about all rows is answered from each batch once, however they are drawn', () => {
  const w = new FlatMatrix(3, 1, [1, -2, 0.5]);
  const optimizer = descend(0.1) as Stepper;
  const problem = { loss, params: w, source: byWeights, whole: false, optimizer };
  const place = interpreted({ ...problem, valueAndGradient: undefined } as never);
  const { gradient } = place.answer(
    w as never,
    { over: 'all', gradient: true },
    undefined as never,
  ) as { gradient: FlatMatrix };
  expect(norm(plus(gradient, times(-1, gradientOf(w, rows))))).toBeLessThan(1e-14);
});

test('weights and their use are checked', async () => {
  const batches = shuffledBatches(rows, 7);
  expect(() => fixedBatches(batches, { weights: [1, 2] })).toThrow(
    'weights must be 9 numbers, got 2',
  );
  expect(() => fixedBatches(batches, { weights: weights.map(() => -1) })).toThrow('weights[0]');
  const optimizer = chain(unweighted(), descend(0.1)) as Stepper;
  const run = train({ ...options, data: batches, optimizer, epochs: 1 });
  await expect(run).rejects.toThrow('unweighted: it needs the chance of each batch');
});
