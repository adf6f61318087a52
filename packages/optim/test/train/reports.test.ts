import { add, FlatMatrix, square, sub, sum, type Value } from '@steepest/autodiff';
import { expect, expectTypeOf, test } from 'vitest';
import { adam, minimize, type Report, type Result, sgd, train } from '../../src/index.ts';
import { shuffledBatches } from '../support/minibatches.ts';
import { breastCancer, logistic, logisticLoss, quadratic } from '../support/problems.ts';

const bowl = (x: Value) => sum(square(x));
const minibatches = shuffledBatches(breastCancer, 100);
const options = {
  loss: logisticLoss,
  params: logistic.params,
  data: minibatches,
  optimizer: adam({ rate: 0.01 }),
};

/** A clock that moves on by 10 ms whenever it is read. */
function steadyClock(): () => number {
  let time = 0;
  return () => {
    time += 10;
    return time;
  };
}

test('a run is an async iterable of reports, and its result can be awaited afterwards', async () => {
  const run = train({ ...options, epochs: 3, seed: 1 });
  const reports: Report[] = [];
  for await (const report of run) reports.push(report);
  expect(reports.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
  expect(reports[2].loss).toBeLessThan(reports[0].loss);
  expect(reports[0].examplesPerSecond).toBeGreaterThan(0);
  const result = await run;
  expect(result.history).toEqual(reports);
  expect(await run).toBe(result);
});

test('leaving the iteration ends the run as aborted, with the parameters so far', async () => {
  const run = train({ ...options, epochs: 100 });
  for await (const { epoch } of run) if (epoch === 2) break;
  const result = await run;
  expect(result).toMatchObject({ reason: 'aborted', message: 'the caller stopped iterating' });
  expect(result.epochs).toBe(2);
});

test('nothing runs before it is asked for, and onReport sees what the iteration sees', async () => {
  const seen: number[] = [];
  const run = minimize(bowl, 1, {
    method: sgd({ rate: 0.25 }),
    maxSteps: 4,
    reportEvery: 2,
    onReport: ({ step }) => seen.push(step),
  });
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(seen).toEqual([]);
  await run;
  expect(seen).toEqual([0, 2, 4]);
});

test('errors of the loss reject the run, in whichever way it is awaited', async () => {
  const failing = () => {
    throw new Error('the data are gone');
  };
  const start = () => train({ ...options, loss: failing, epochs: 1 });
  await expect(start()).rejects.toThrow('the data are gone');
  await expect(start().catch((error) => (error as Error).message)).resolves.toBe(
    'the data are gone',
  );
  await expect(
    (async () => {
      for await (const report of start()) expect(report).toBeUndefined();
    })(),
  ).rejects.toThrow('the data are gone');
});

test('the same seed gives the same bits, another seed another order', async () => {
  const run = (seed: number) => train({ ...options, epochs: 2, seed });
  const [a, b, c] = [await run(7), await run(7), await run(8)];
  expect(a.params).toEqual(b.params);
  expect(a.params.w.data).not.toEqual(c.params.w.data);
});

test('a result prints as a report, for one batch', async () => {
  const { loss, params } = quadratic;
  const result = await minimize(loss, params, { maxSteps: 50, now: steadyClock() });
  expect(String(result)).toMatchInlineSnapshot(`
    "converged: gradientSmall, the gradient norm 3.48729e-12 is at most 1e-8
      loss           6.39638e-25
      gradient norm  3.48729e-12, tolerance 1e-8
      optimizer      bfgs
      learning rate  1
      work           8 steps, 9 gradients, 0 further loss values, 0.36 s"
  `);
  expect(Object.keys(result)).not.toContain('toString');
});

test('a result prints as a report, for minibatches with validation', async () => {
  const result = await train({
    ...options,
    epochs: 2,
    validation: { data: breastCancer },
    now: steadyClock(),
  });
  expect(String(result)).toMatchInlineSnapshot(`
    "not converged: epochLimit, 2 epochs were allowed
      loss           0.350211 (mean of the last minibatches)
      gradient norm  0.501011 (last minibatch)
      optimizer      adam
      learning rate  0.01
      validation     0.284602, lowest 0.284602 after 2 epochs
      work           12 steps in 2 epochs, 12 gradients, 0 further loss values, 0.41 s"
  `);
});

test('the history is thinned evenly and stays below 1000 reports', async () => {
  const { history } = await minimize(bowl, 1, {
    method: sgd({ rate: 1e-6 }),
    maxSteps: 5000,
    tolerance: 1e-12,
  });
  expect(history.length).toBeLessThan(1000);
  expect(history.length).toBeGreaterThan(400);
  const gaps = history.slice(1).map(({ step }, i) => step - history[i].step);
  expect(new Set(gaps).size).toBe(1);
});

test('the loop lets timers run while it computes', async () => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 5);
  await train({ loss: bowl, params: 1, optimizer: sgd({ rate: 1e-9 }), stop: { seconds: 0.15 } });
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(2);
});

test('results have the structure of the parameters, with matrices as FlatMatrix', () => {
  expectTypeOf(() => train({ ...options, epochs: 1 })).returns.resolves.toExtend<
    Result<{ w: FlatMatrix; b: number }>
  >();
  expectTypeOf(() => minimize(bowl, new FlatMatrix(2, 1))).returns.resolves.toExtend<
    Result<FlatMatrix>
  >();
  const { data: _, ...withoutData } = options;
  // @ts-expect-error the loss takes a batch, and there is no data to take it from
  expect(() => train({ ...withoutData, epochs: 1 })).not.toThrow();
  // @ts-expect-error the loss takes w and b
  expect(() => train({ ...options, params: { w: 1 }, epochs: 1 })).not.toThrow();
});

test('a tuple of parameters stays one through minimize', async () => {
  const distance = ([a, b]: readonly [Value, Value]) => add(square(sub(a, 1)), square(b));
  const { params } = await minimize(distance, [3, 4]);
  expectTypeOf(params.length).toEqualTypeOf<2>();
  expect(params[0]).toBeCloseTo(1, 6);
});
