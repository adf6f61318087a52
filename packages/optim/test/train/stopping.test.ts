import { add, FlatMatrix, item, log, mul, square, sub, sum, type Value } from '@steepest/autodiff';
import { Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import {
  adam,
  armijo,
  chain,
  constant,
  descend,
  gradientDescent,
  minimize,
  momentum,
  polyakAverage,
  sgd,
  train,
} from '../../src/index.ts';
import { shuffledBatches } from '../support/minibatches.ts';
import { breastCancer, logisticLoss, quadratic } from '../support/problems.ts';

const bowl = (x: Value) => sum(square(x));
const start = new FlatMatrix(2, 1, [3, 4]);
const minibatches = shuffledBatches(breastCancer, 64);
const model = { w: new FlatMatrix(30, 1), b: 0 };

describe('a run stops for a named reason:', () => {
  test('gradientSmall, the only one that counts as converged', async () => {
    const result = await minimize(bowl, start, { method: gradientDescent({ rate: 0.25 }) });
    expect(result).toMatchObject({ reason: 'gradientSmall', converged: true });
    expect(result.gradientNorm).toBeLessThanOrEqual(1e-8);
    expect(start.data).toEqual(Float64Array.of(3, 4));
  });

  test('stepLimit, with the value and gradient of the parameters that are returned', async () => {
    const result = await minimize(bowl, start, { method: sgd({ rate: 0.25 }), maxSteps: 1 });
    expect(result).toMatchObject({ reason: 'stepLimit', converged: false, steps: 1 });
    expect(result.params.data).toEqual(Float64Array.of(1.5, 2));
    expect(result.value).toBe(6.25);
    expect(result.gradientNorm).toBe(5);
  });

  test('epochLimit', async () => {
    const result = await train({
      loss: logisticLoss,
      params: model,
      data: minibatches,
      optimizer: sgd({ rate: 0.1 }),
      epochs: 3,
    });
    expect(result).toMatchObject({ reason: 'epochLimit', epochs: 3, steps: 27, converged: false });
    expect(result.measured).toBe('minibatches');
    expect(result.history.map(({ step, epoch }) => [step, epoch])).toEqual([
      [9, 1],
      [18, 2],
      [27, 3],
    ]);
  });

  test('timeLimit, by the given clock', async () => {
    let time = 0;
    const now = () => {
      time += 1;
      return time;
    };
    const options = { loss: bowl, params: start, optimizer: sgd({ rate: 1e-6 }), now };
    const result = await train({ ...options, stop: { seconds: 0.5 } });
    expect(result.reason).toBe('timeLimit');
    expect(result.seconds).toBeGreaterThanOrEqual(0.5);
    expect(result.steps).toBeGreaterThan(10);
  });

  test('noProgress, which is not called converged', async () => {
    const flatly = (x: Value) => add(1, mul(1e-12, bowl(x)));
    const result = await minimize(flatly, start, {
      method: sgd({ rate: 0.1 }),
      noProgress: { relative: 1e-6, patience: 5 },
      tolerance: 1e-30,
    });
    expect(result).toMatchObject({ reason: 'noProgress', converged: false, steps: 5 });
  });

  test('noProgress over epochs of minibatches', async () => {
    const result = await train({
      loss: logisticLoss,
      params: model,
      data: minibatches,
      optimizer: sgd({ rate: 1e-12 }),
      stop: { noProgress: { relative: 1e-3, patience: 4 } },
      epochs: 50,
    });
    expect(result).toMatchObject({ reason: 'noProgress', epochs: 5 });
  });

  test('validationWorse, and the best parameters come back', async () => {
    const result = await train({
      loss: (x: Value, target: number) => square(sub(x, target)),
      params: 0,
      data: 10,
      optimizer: sgd({ rate: constant(0.05) }),
      validation: { data: 4, patience: 3 },
      epochs: 100,
    });
    expect(result).toMatchObject({ reason: 'validationWorse', steps: 8 });
    expect(result.params).toBeCloseTo(10 * (1 - 0.9 ** 5), 12);
    expect(result.validation).toMatchObject({ bestEpoch: 5 });
    expect(result.value).toBeCloseTo((10 * 0.9 ** 5) ** 2, 10);
  });

  test('lineSearchFailed, where the gradient does not belong to the loss', async () => {
    const result = await minimize(bowl, start, {
      method: armijo(),
      valueAndGradient: (x) => ({
        value: item(bowl(x)),
        gradient: new FlatMatrix(2, 1, [-1, -1]),
      }),
    });
    expect(result.reason).toBe('lineSearchFailed');
    expect(result.message).toContain('the gradient does not belong to the loss');
    expect((await minimize(bowl, start, { valueAndGradient: wrongGradient })).message).toContain(
      'not even along the steepest descent',
    );
  });

  test('aborted, by a signal, with the parameters so far', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 40);
    const result = await minimize(quadratic.loss, quadratic.params, {
      method: sgd({ rate: 1e-9 }),
      maxSteps: 1e9,
      signal: controller.signal,
    });
    expect(result).toMatchObject({ reason: 'aborted', converged: false });
    expect(result.steps).toBeGreaterThan(0);
    expect(result.params.x).toBeGreaterThan(-3);
  });
});

function wrongGradient(x: FlatMatrix) {
  return { value: x.data[0] ** 2, gradient: new FlatMatrix(2, 1, [-x.data[0], 0]) };
}

describe('nonFinite', () => {
  test('names the parameter, the step and the rate, and keeps the best parameters', async () => {
    const result = await train({
      loss: ({ w }: { w: Value; b: Value }) => sum(square(square(w))),
      params: { w: start, b: 1 },
      optimizer: gradientDescent({ rate: 1 }),
      epochs: 50,
    });
    expect(result.reason).toBe('nonFinite');
    expect(result.message).toMatchInlineSnapshot(
      `"the gradient of w is -Infinity and the loss is Infinity at step 5, learning rate 1; lower the learning rate, standardize the data, or clip the gradient; the rate 1 is beyond 2/L = 0.0104167, L = 192 being the largest curvature of the loss"`,
    );
    expect(result.params.w.data).toEqual(start.data);
    expect(result.value).toBe(337);
  });

  test('is found in the parameters too, right after the step that broke them', async () => {
    const result = await minimize((x: Value) => sum(mul(1e200, x)), start, {
      method: gradientDescent({ rate: 1e200 }),
    });
    expect(result).toMatchObject({ reason: 'nonFinite', params: start });
    expect(result.message).toContain('became -Infinity at step 1, learning rate 1e+200; lower');
  });

  test('keeps the last finite parameters of minibatch training', async () => {
    const result = await train({
      loss: (w: Value, _: unknown) => sum(square(square(w))),
      params: start,
      data: minibatches,
      optimizer: gradientDescent({ rate: 1 }),
      epochs: 50,
    });
    expect(result.reason).toBe('nonFinite');
    expect(result.params.data.every(Number.isFinite)).toBe(true);
    expect(result.steps).toBeGreaterThan(1);
  });

  test('at the start says that the start is at fault', async () => {
    const { message, params } = await minimize((x: Value) => sum(log(x)), new Matrix([[-1, 1]]));
    expect(message).toContain('start where the loss is finite');
    expect(params.to2DArray()).toEqual([[-1, 1]]);
  });
});

test('an average is measured where it is, and not called converged for its trainee', async () => {
  const result = await minimize(bowl, start, {
    method: chain(sgd({ rate: 0.25 }), polyakAverage()),
  });
  expect(result.reason).toBe('gradientSmall');
  expect(result.gradientNorm).toBeGreaterThan(0.01);
  expect(result.value).toBeCloseTo(item(bowl(result.params)), 14);
  expect(result.converged).toBe(false);
});

describe('options that cannot work are refused at once:', () => {
  const options = { loss: bowl, params: start, optimizer: sgd({ rate: 1 }), epochs: 1 };
  const cases: [Record<string, unknown>, string][] = [
    [{ params: {} }, 'train: params must hold a matrix or a number to optimize'],
    [{ params: { w: [1, NaN] } }, 'params must be finite, but w[1] holds NaN'],
    [{ loss: 3 }, 'train: loss must be a function (params, batch) => number, got 3'],
    [{ optimizer: 'adam' }, 'optimizer must be a stepper, got "adam"'],
    [{ epochs: undefined }, 'nothing limits the run; give epochs'],
    [{ epochs: 1.5 }, 'train: epochs must be a whole number from 0, got 1.5'],
    [{ seed: 0.5 }, 'train: seed must be a whole number'],
    [{ stop: { gradientNorm: -1 } }, 'stop.gradientNorm must be "auto" or a positive number'],
    [{ stop: { gradientNorm: 1 }, data: minibatches }, "needs the objective's gradient"],
    [{ reportEvery: 0 }, 'reportEvery must be a whole number from 1'],
  ];
  for (const [change, message] of cases) {
    test(message, () => {
      expect(() => train({ ...options, ...change } as typeof options)).toThrow(message);
    });
  }

  test('a loss that is not one number is explained by the derivative', async () => {
    await expect(train({ ...options, loss: (x: Value) => square(x) })).rejects.toThrow(
      'must return a single number (1×1), it returned 2×1',
    );
  });

  test('a gradient of another structure is named', async () => {
    const broken = { valueAndGradient: () => ({ value: 1, gradient: { w: 1 } }) as never };
    await expect(train({ ...options, ...broken })).rejects.toThrow(
      "train: the gradient must have the parameters' structure, but the root should be a 2×1 matrix",
    );
  });

  test('data that yield fewer batches than they declare', async () => {
    const short = { rows: 4, batchesPerEpoch: 3, epoch: () => [1, 2] };
    await expect(
      train({
        loss: (x: Value, _: number) => bowl(x),
        params: 1,
        data: short,
        optimizer: adam(),
        epochs: 1,
      }),
    ).rejects.toThrow('data.batchesPerEpoch is 3, but an epoch yields only 2');
  });
});

test('momentum keeps its rate visible in reports', async () => {
  const { history } = await minimize(bowl, start, {
    method: momentum({ rate: (step) => 0.1 / (1 + step) }),
    maxSteps: 3,
  });
  expect(history.map(({ learningRate }) => learningRate)).toEqual([undefined, 0.1, 0.05, 0.1 / 3]);
  const last = await minimize(bowl, start, { method: chain(descend(0.25)), maxSteps: 2 });
  expect(last.learningRate).toBe(0.25);
});
