import { FlatMatrix, square, sub, sum, type Value } from '@steepest/autodiff';
import { describe, expect, test } from 'vitest';
import {
  adam,
  type BatchSource,
  chain,
  descend,
  memoryCheckpoint,
  momentum,
  type Result,
  skipNotFinite,
  train,
} from '../../src/index.ts';
import { shuffledBatches } from '../support/minibatches.ts';
import { striding } from '../support/places.ts';
import { breastCancer, logistic, logisticLoss } from '../support/problems.ts';

/** Batches of one number each, in order: some of them are not finite. */
function inOrder(numbers: readonly number[]): BatchSource<{ x: FlatMatrix }> {
  const batches = numbers.map((x) => ({ x: new FlatMatrix(1, 1, [x]) }));
  return { batchesPerEpoch: numbers.length, rows: numbers.length, epoch: () => batches };
}
const loss = (w: Value, { x }: { x: FlatMatrix }) => sum(square(sub(w, x)));
const bits = ({ params, state, steps }: Result<unknown>) => JSON.stringify([params, state, steps]);

test('a step whose numbers are not finite leaves parameters and state, and is counted', async () => {
  const inner = momentum({ rate: 0.1 });
  const run = (numbers: readonly number[], optimizer = skipNotFinite(inner, { most: 2 })) =>
    train({ loss, params: 0, data: inOrder(numbers), optimizer, epochs: 1 });
  const holes = await run([1, NaN, 3, Infinity, NaN, 2, NaN]);
  const plain = await run([1, 3, 2]);
  expect(holes.params).toBe(plain.params);
  expect(holes.state).toMatchObject({ inner: (plain.state as { inner: unknown }).inner });
  expect(holes).toMatchObject({ reason: 'epochLimit', steps: 7, skipped: 4, value: plain.value });
  expect(String(holes)).toContain('4 steps whose numbers were not finite');
  expect(String(plain)).not.toContain('skipped');
});

test('after `most` in a row the run ends as without it', async () => {
  const data = inOrder([1, NaN, 2, NaN, NaN, NaN, 3]);
  const optimizer = skipNotFinite(momentum({ rate: 0.1 }), { most: 2 });
  const result = await train({ loss, params: 0, data, optimizer, epochs: 1 });
  expect(result).toMatchObject({ reason: 'nonFinite', steps: 5, skipped: 3 });
  expect(result.message).toContain('at step 5');
  expect(Number.isFinite(result.params)).toBe(true);
});

/** The breast cancer data with a hole in one row. */
const holed = (() => {
  const x = new FlatMatrix(569, 30, breastCancer.x.data.slice());
  x.data[30 * 100] = NaN;
  return { x, y: breastCancer.y };
})();
const options = {
  loss: logisticLoss,
  params: logistic.params,
  data: shuffledBatches(holed, 50),
  optimizer: skipNotFinite(adam({ rate: 0.01 }), { most: 3 }),
  seed: 2,
};

test('an engine ends its stretches before such steps, with the same bits', async () => {
  const { engine, lengths } = striding();
  const [far, near] = [
    await train({ ...options, epochs: 5, engine }),
    await train({ ...options, epochs: 5 }),
  ];
  expect(bits(far)).toBe(bits(near));
  expect(near).toMatchObject({ skipped: 5, steps: 60 });
  expect(Math.max(...lengths)).toBeGreaterThan(1);
});

test('a run resumes bit for bit, also from a step that was skipped', async () => {
  const whole = await train({ ...options, epochs: 3 });
  for (let steps = 1; steps <= 12; steps++) {
    const checkpoint = memoryCheckpoint();
    await train({ ...options, stop: { steps }, checkpoint });
    expect(bits(await train({ ...options, epochs: 3, checkpoint }))).toBe(bits(whole));
  }
});

describe('it is refused', () => {
  test('inside of another optimizer', () => {
    const optimizer = skipNotFinite(adam(), { most: 2 });
    expect(() => chain(optimizer as never, descend(1))).toThrow('write skipNotFinite(chain(…), …)');
  });
  test('around what is no optimizer, or without a number of steps', () => {
    expect(() => skipNotFinite(chain(adam()), {} as never)).toThrow('most');
    expect(() => skipNotFinite(adam as never, { most: 2 })).toThrow('must be a stepper');
  });
});
