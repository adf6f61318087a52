import {
  abs,
  add,
  FlatMatrix,
  maximum,
  mul,
  type Operand,
  sign,
  square,
  sub,
  sum,
  type Value,
} from '@steepest/autodiff';
import { describe, expect, test } from 'vitest';
import {
  accumulateGradients,
  adam,
  armijo,
  chain,
  clipByGlobalNorm,
  cosine,
  encode,
  exponentialAverage,
  gradientDescent,
  type Json,
  lbfgs,
  memoryCheckpoint,
  minimize,
  momentum,
  polyakStep,
  type Result,
  type Stepper,
  sgd,
  type TrainOptions,
  train,
} from '../../src/index.ts';
import { shuffledBatches } from '../support/minibatches.ts';
import { later, striding } from '../support/places.ts';
import {
  breastCancer,
  logistic,
  logisticLoss,
  quadratic,
  rosenbrock,
} from '../support/problems.ts';

/** Everything that a run hands out, bit for bit, but for its times and its engine. */
function bitsOf(result: Result<unknown>): Json {
  const { seconds: _, engine: __, history, ...facts } = result;
  const reports = history.map(({ seconds: _, examplesPerSecond: __, ...report }) => report);
  return encode([facts, reports]);
}

describe('a place that answers later gives the same bits:', () => {
  const methods: Stepper[] = [
    lbfgs(),
    armijo(),
    chain(clipByGlobalNorm(1), armijo()),
    polyakStep(),
    gradientDescent({ rate: 0.001 }),
  ];
  for (const method of methods) {
    test(method.name, async () => {
      const run = (engine?: typeof later) =>
        minimize(rosenbrock.loss, rosenbrock.params, { method, maxSteps: 40, engine });
      const late = await run(later);
      expect(bitsOf(late)).toEqual(bitsOf(await run()));
      expect(late.engine).toEqual({ name: 'later', why: 'it answers later' });
      expect(String(late)).toContain('engine         later, step by step: it answers later');
    });
  }

  test('minibatches', async () => {
    const options = {
      loss: logisticLoss,
      params: logistic.params,
      data: shuffledBatches(breastCancer, 50),
      optimizer: adam(),
      epochs: 2,
    };
    expect(bitsOf(await train({ ...options, engine: later }))).toEqual(
      bitsOf(await train(options)),
    );
  });
});

const optimizers: Stepper[] = [
  sgd({ rate: 0.1 }),
  momentum({ rate: cosine(0.1, { steps: 400 }), dampening: 0.1 }),
  chain(clipByGlobalNorm(0.1), adam({ rate: 0.01 }), exponentialAverage(0.9)),
  accumulateGradients(3, adam({ rate: 0.01 })),
  polyakStep({ maxRate: 1 }),
];

describe('stretches of minibatches give the bits of single steps,', () => {
  const options = {
    loss: logisticLoss,
    params: logistic.params,
    data: shuffledBatches(breastCancer, 50),
    epochs: 4,
    validation: { data: breastCancer, patience: 2 },
    stop: { noProgress: { relative: 0.01, patience: 3 } },
  };
  for (const optimizer of optimizers) {
    test(`with ${optimizer.name}`, async () => {
      const { engine, lengths } = striding();
      const found = await train({ ...options, optimizer, engine });
      expect(bitsOf(found)).toEqual(bitsOf(await train({ ...options, optimizer })));
      expect(lengths.length).toBeLessThan(found.steps);
      expect(lengths.reduce((a, b) => a + b)).toBe(found.steps);
      expect(found.engine).toEqual({ name: 'striding 1', why: undefined });
    });
  }

  test('with reports in between, and saved and resumed anywhere', async () => {
    const every = { ...options, optimizer: adam({ rate: 0.01 }), reportEvery: 5 };
    const whole = await train(every);
    for (const steps of [1, 4, 12, 13, 29]) {
      const { engine } = striding();
      const checkpoint = memoryCheckpoint({ every: 7 });
      const run = { ...every, engine, checkpoint };
      expect((await train({ ...run, stop: { steps } })).steps).toBe(steps);
      const { params, state, value, steps: all } = await train(run);
      expect(JSON.stringify(encode([params, state, value, all]))).toBe(
        JSON.stringify(encode([whole.params, whole.state, whole.value, whole.steps])),
      );
    }
  });

  test('and end at the very step where numbers overflow', async () => {
    const wild = { ...options, optimizer: sgd({ rate: (step) => (step < 17 ? 0.1 : 1e308) }) };
    const { engine, lengths, ...strides } = striding();
    const found = await train({ ...wild, engine });
    expect(found.reason).toBe('nonFinite');
    expect(bitsOf(found)).toEqual(bitsOf(await train(wild)));
    expect(lengths.length).toBeGreaterThan(0);
    expect(strides.ends).toBe(0);
  });
});

describe('stretches on one batch give the bits of single steps,', () => {
  const bowl = {
    loss: (x: Value) => sum(square(mul(new FlatMatrix(3, 1, [1, 2, 3]), x))),
    params: new FlatMatrix(3, 1, [3, -1, 2]),
    epochs: 200,
  };
  const run = async (more: Partial<TrainOptions<Value, FlatMatrix, undefined, FlatMatrix>>) => {
    const options = { ...bowl, optimizer: sgd({ rate: 0.05 }), ...more };
    const { engine, lengths } = striding();
    const found = await train({ ...options, engine });
    expect(bitsOf(found)).toEqual(bitsOf(await train(options)));
    return { found, lengths };
  };

  // Where nothing moved, single steps need no further evaluation, and count none.
  const moving = optimizers.filter(({ name }) => !name.startsWith('accumulate'));
  for (const optimizer of moving) test(`with ${optimizer.name}`, () => run({ optimizer }));

  test('to the step where the gradient is small', async () => {
    const { found, lengths } = await run({ stop: { gradientNorm: 1e-6 } });
    expect(found.reason).toBe('gradientSmall');
    expect(lengths.length).toBeLessThan(found.steps / 2);
    expect((await run({ stop: { gradientNorm: 'auto' } })).found.reason).toBe('gradientSmall');
  });

  test('to the step where progress ends, in the midst of a stretch', async () => {
    const stop = { noProgress: { relative: 0.3, patience: 2 } };
    expect((await run({ optimizer: sgd({ rate: 0.001 }), stop })).found.reason).toBe('noProgress');
  });

  test('with validation, limits, and numbers that overflow', async () => {
    await run({ validation: { data: undefined, every: 7, patience: 3 }, reportEvery: 10 });
    expect((await run({ stop: { steps: 33 } })).found.steps).toBe(33);
    const wild = sgd({ rate: (step) => (step < 40 ? 0.05 : 1e200) });
    expect((await run({ optimizer: wild })).found.reason).toBe('nonFinite');
    const rising = await run({ optimizer: sgd({ rate: 0.2 }), epochs: 2000 });
    expect(rising.found).toMatchObject({ reason: 'nonFinite', value: expect.any(Number) });
    expect(rising.found.value).toBeLessThan(100);
  });

  test('and whoever stops iterating has the parameters of that report', async () => {
    const stopAt = async (engine: ReturnType<typeof striding>['engine'] | undefined) => {
      const training = train({ ...bowl, optimizer: sgd({ rate: 0.05 }), engine });
      for await (const { step } of training) if (step === 21) break;
      return await training;
    };
    const found = await stopAt(striding().engine);
    expect(found).toMatchObject({ reason: 'aborted', steps: 21 });
    expect(bitsOf(found)).toEqual(bitsOf(await stopAt(undefined)));
  });

  test('and an abort takes effect at the report that brought it', async () => {
    const abortAt = (engine?: ReturnType<typeof striding>['engine']) => {
      const controller = new AbortController();
      return train({
        ...bowl,
        optimizer: sgd({ rate: 0.05 }),
        engine,
        signal: controller.signal,
        onReport: ({ step }) => step === 30 && controller.abort(),
      });
    };
    const found = await abortAt(striding().engine);
    expect(found.reason).toBe('aborted');
    expect(bitsOf(found)).toEqual(bitsOf(await abortAt()));
  });
});

test('a penalty that a link adds is part of what is reported, and the norm is of its stationarity', async () => {
  // Shrinks every entry by the rate, up to 0: the proximal step of 1 · |x|, whose value is added.
  const shrink: Stepper<null> = {
    name: 'shrink',
    kind: 'after',
    init: () => null,
    update(change, state, params, _numbers, at) {
      const rate = at.metric?.() as Operand;
      const w = add(params as Value, change as Value);
      const moved = mul(sign(w), maximum(sub(abs(w), rate), 0));
      return [sub(moved, params as Value), state];
    },
    penalty: (params) => sum(abs(params as Value)),
    stationarity: (gradient, params) => {
      const w = sub(params as Value, gradient as Value);
      return sub(params as Value, mul(sign(w), maximum(sub(abs(w), 1), 0)));
    },
  };
  const options = {
    loss: (x: Value) => mul(0.5, sum(square(sub(x, new FlatMatrix(3, 1, [3, -0.5, -2]))))),
    params: new FlatMatrix(3, 1),
    optimizer: chain(sgd({ rate: 0.5 }), shrink),
    stop: { gradientNorm: 1e-10, steps: 200 },
  };
  for (const engine of [undefined, striding().engine]) {
    const result = await train({ ...options, engine });
    expect(result.reason).toBe('gradientSmall');
    expect(result.value).toBeCloseTo(0.5 * (1 + 0.25 + 1) + 2 + 1, 9);
    for (const [i, x] of [2, 0, -1].entries()) expect(result.params.data[i]).toBeCloseTo(x, 9);
  }
});

test('an engine that cannot is no error: the run is interpreted, and says why', async () => {
  const result = await minimize(quadratic.loss, quadratic.params, { engine: striding().engine });
  expect(result.converged).toBe(true);
  expect(String(result)).toContain('engine         striding 1, step by step: bfgs searches');
});

test('a place is let go once, however the run ends', async () => {
  const strides = striding();
  const options = { loss: (x: Value) => square(x), params: 1, optimizer: sgd({ rate: 0.1 }) };
  await train({ ...options, epochs: 3, engine: strides.engine });
  expect(strides.ends).toBe(1);
  const failing = train({
    ...options,
    epochs: 3,
    engine: strides.engine,
    onReport: () => {
      throw new Error('stop');
    },
  });
  await expect(failing).rejects.toThrow('stop');
  expect(strides.ends).toBe(2);
});

test('a run continues a result: its state, and its count of steps for schedules', async () => {
  const options = {
    loss: logisticLoss,
    data: breastCancer,
    optimizer: adam({ rate: cosine(0.1, { steps: 60 }) }),
  };
  const whole = await train({ ...options, params: logistic.params, epochs: 50 });
  for (const engine of [undefined, striding().engine]) {
    const first = await train({ ...options, params: logistic.params, epochs: 30, engine });
    const next = await train({ ...options, params: first.params, warm: first, epochs: 20, engine });
    expect(next).toMatchObject({ steps: 20, stateSteps: 50, learningRate: whole.learningRate });
    expect(encode([next.params, next.state])).toEqual(encode([whole.params, whole.state]));
  }
  const other = { ...options, params: logistic.params, optimizer: sgd({ rate: 1 }), epochs: 1 };
  await expect(train({ ...other, warm: whole })).rejects.toThrow('warm.state does not fit');
});

test('a run whose iteration threw rejects with that error when it is awaited', async () => {
  const training = train({
    loss: (x: Value) => square(x),
    params: 1,
    optimizer: sgd({ rate: 0.1 }),
    epochs: 3,
    onReport: () => {
      throw new RangeError('mine');
    },
  });
  await expect(
    (async () => {
      for await (const _ of training);
    })(),
  ).rejects.toThrow('mine');
  await expect(training).rejects.toThrow(RangeError);
});
