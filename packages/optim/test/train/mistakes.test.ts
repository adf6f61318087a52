import {
  add,
  FlatMatrix,
  item,
  matmul,
  type NdArrayLike,
  type Operand,
  square,
  squaredError,
  sum,
  type Value,
} from '@steepest/autodiff';
import { describe, expect, test } from 'vitest';
import {
  adagrad,
  adam,
  adamax,
  adamw,
  amsgrad,
  type BatchSource,
  chain,
  clipByValue,
  cosine,
  descend,
  gradientDescent,
  lbfgs,
  lion,
  memoryCheckpoint,
  minimize,
  momentum,
  nadam,
  nesterov,
  rmsprop,
  type Stepper,
  scale,
  sgd,
  train,
} from '../../src/index.ts';
import { shuffledBatches } from '../support/minibatches.ts';
import { breastCancer, logisticLoss } from '../support/problems.ts';

const bowl = (x: Value) => sum(square(x));
const start = new FlatMatrix(2, 1, [3, 4]);
const options = { loss: bowl, params: start, optimizer: sgd({ rate: 0.1 }), epochs: 1 };

describe('an option that is not known is refused, with the one that was meant:', () => {
  const settings = (wrong: object) => wrong as never;
  const cases: [string, () => unknown, string][] = [
    [
      'train',
      () => train(settings({ ...options, epoch: 3 })),
      'option epoch; did you mean epochs?',
    ],
    ['train', () => train(settings({ ...options, steps: 3 })), 'steps; write stop: { steps }'],
    [
      'train',
      () => train({ ...options, stop: settings({ step: 3 }) }),
      'stop.step; did you mean stop.steps?',
    ],
    [
      'train',
      () => train({ ...options, stop: settings({ steps: 3, noProgress: { patient: 3 } }) }),
      'did you mean stop.noProgress.patience?',
    ],
    [
      'train',
      () => train(settings({ ...options, validation: { data: 1, patient: 3 } })),
      'did you mean validation.patience?',
    ],
    ['minimize', () => minimize(bowl, start, settings({ methd: sgd })), 'did you mean method?'],
    [
      'minimize',
      () => minimize(bowl, start, settings({ stop: { steps: 3 } })),
      'option stop; give tolerance (of the gradient norm), maxSteps',
    ],
    ['adam', () => adam(settings({ learningRate: 1 })), 'did you mean rate? (known: rate, b1, b2'],
    ['momentum', () => momentum(settings({ rate: 1, beta: 1 })), 'did you mean decay?'],
    ['lbfgs', () => lbfgs(settings({ memori: 1 })), 'did you mean memory?'],
    ['sgd', () => sgd(settings({ rate: 1, xyzzy: 1 })), 'xyzzy; leave it out (known: rate)'],
    ['memoryCheckpoint', () => memoryCheckpoint(settings({ evry: 1 })), 'did you mean every?'],
    ['sgd', () => sgd(settings({ rate: 1, momentum: 0.9 })), 'momentum; use momentum({ rate: 0.01'],
    ['adam', () => adam(settings({ weightDecay: 1 })), 'weightDecay; use adamw({ decay: 0.01 })'],
    [
      'momentum',
      () => momentum(settings({ rate: 1, weightDecay: 1 })),
      'put the decay before it: chain(decayWeights(0.001), momentum',
    ],
    ['train', () => train(settings({ ...options, random_state: 3 })), 'did you mean seed?'],
    ['minimize', () => minimize(bowl, start, settings({ tol: 1 })), 'did you mean tolerance?'],
    ['cosine', () => cosine(1, settings({ step: 1 })), 'did you mean steps?'],
  ];
  for (const [operation, call, message] of cases) {
    test(`${operation}: ${message}`, () => {
      expect(call).toThrow(TypeError);
      expect(call).toThrow(`${operation}: unknown option`);
      expect(call).toThrow(message);
    });
  }
});

describe('a value that cannot be meant is refused where it is given:', () => {
  const any = (wrong: unknown) => wrong as never;
  const cases: [string, () => unknown][] = [
    [
      'train: checkpoint must be a checkpoint, got "file"; write fileCheckpoint("file") of',
      () => train({ ...options, checkpoint: any('file') }),
    ],
    [
      'train: engine must be an engine, got the function compiled; call it: compiled()',
      () => train({ ...options, engine: any(function compiled() {}) }),
    ],
    [
      'train: optimizer must be a stepper, got the function adam; call it: adam({ … })',
      () => train({ ...options, optimizer: any(adam) }),
    ],
    [
      'train: optimizer must be a stepper, got an array of 1; pass steppers one by one',
      () => train({ ...options, optimizer: any([adam()]) }),
    ],
    ['train: warm must be a result', () => train({ ...options, warm: any({ params: start }) })],
    ['train: signal must be an AbortSignal', () => train({ ...options, signal: any('stop') })],
    ['train: stop must be an object with steps', () => train({ ...options, stop: any(100) })],
    ['minimize: method must be a stepper', () => minimize(bowl, start, { method: any('bfgs') })],
    ['minimize: the options must be an object', () => minimize(bowl, start, any(null))],
    ['train: the options must be an object', () => train(any(undefined))],
    ['memoryCheckpoint: every must be a whole', () => memoryCheckpoint({ every: 0.5 })],
    ['cosine: steps must be a whole number', () => cosine(1, any({}))],
    ['cosine: rate must be a number of at least 0', () => cosine(any('1'), { steps: 3 })],
    [
      'adgd needs the whole objective at every step',
      () =>
        train({
          ...options,
          optimizer: { ...sgd({ rate: 1 }), name: 'adgd', whole: true },
          data: { rows: 2, batchesPerEpoch: 2, epoch: () => [] },
        }),
    ],
  ];
  for (const [message, call] of cases) test(message, () => expect(call).toThrow(message));
});

test('settings that are missing or bare are asked for as they are to be written', () => {
  const bare = sgd as (rate?: unknown) => Stepper;
  expect(() => bare()).toThrow('got undefined; write sgd({ rate: 0.01 })');
  expect(() => bare(0.1)).toThrow('got 0.1; write sgd({ rate: 0.01 })');
  expect(() => (adam as (rate: unknown) => Stepper)(0.1)).toThrow('write adam({ rate: 0.01 })');
});

test('every optimizer has its own name', () => {
  const rated = { gradientDescent, sgd, momentum, nesterov, adagrad, rmsprop, adam, amsgrad };
  const all = { ...rated, adamw, adamax, nadam, lion };
  for (const [name, make] of Object.entries(all)) expect(make({ rate: 0.1 }).name).toBe(name);
  expect(lbfgs({ memory: 5 }).name).toBe('lbfgs');
});

describe('a stepper that returns no pair is named', () => {
  const broken = { name: 'mine', init: () => null, step: (gradient: unknown) => gradient };
  const message = 'mine: step must return [change, state], it returned an object of FlatMatrix';
  for (const optimizer of [
    broken as unknown as Stepper,
    chain(clipByValue(1), { ...broken, kind: 'direction' } as unknown as Stepper, descend(1)),
  ]) {
    test(optimizer.name, () => expect(train({ ...options, optimizer })).rejects.toThrow(message));
  }
});

describe('a loss that returns no number is named, not what differentiates it:', () => {
  const cases: [string, (x: Value) => unknown, string][] = [
    ['nothing', () => undefined, 'it returned undefined; is a return missing?'],
    [
      'a promise',
      async (x) => bowl(x),
      'it returned a promise (await it); is it an async function?',
    ],
    ['a matrix', (x) => square(x), 'it returned 2×1; take the sum or the mean'],
  ];
  for (const [name, loss, message] of cases) {
    test(name, async () => {
      const f = loss as (x: Value) => Operand;
      const expected = 'the loss must return a single number (1×1), ';
      await expect(minimize(f, start)).rejects.toThrow(`minimize: ${expected}${message}`);
      await expect(train({ ...options, loss: f })).rejects.toThrow(`train: ${expected}${message}`);
    });
  }
});

describe('a run that gave out far from a minimum says so:', () => {
  test('the rate is too large', async () => {
    const { message } = await minimize(bowl, start, {
      method: gradientDescent({ rate: 1.1 }),
      maxSteps: 20,
    });
    expect(message).toMatch(/^20 steps were allowed; the loss rose from 25 to .*: lower the/);
  });

  test('the rate is too large for minibatches', async () => {
    const { message } = await train({
      loss: logisticLoss,
      params: { w: new FlatMatrix(30, 1), b: 0 },
      data: shuffledBatches(breastCancer, 50),
      optimizer: chain({ ...scale(-1), kind: 'direction' }, sgd({ rate: 1 })),
      epochs: 2,
    });
    expect(message).toContain('the loss rose from 0.693147 to');
  });

  test('the objective has no minimum', async () => {
    const { message } = await minimize((x: Value) => sum(x), start, {
      method: gradientDescent({ rate: 1e5 }),
      maxSteps: 200,
    });
    expect(message).toContain('the objective seems unbounded below');
    const searched = await minimize((x: Value) => sum(x), start);
    expect(`${searched.reason}: ${searched.message}`).toContain('seems unbounded below');
  });

  test('but not one that came nearer', async () => {
    const { message } = await minimize(bowl, start, { method: sgd({ rate: 0.1 }), maxSteps: 3 });
    expect(message).toBe('3 steps were allowed');
  });
});

test('a bare parameter is called the parameter, and x0 belongs to minimize', async () => {
  const infinite = { value: Infinity, gradient: 1 };
  const faulty = (found: { value: number; gradient: number }) =>
    minimize((x: Value) => item(x), 1, { valueAndGradient: () => found });
  expect((await faulty(infinite)).message).toContain("while the parameter's size is 1 at step 0");
  expect((await faulty({ value: 1, gradient: NaN })).message).toContain(
    'the gradient of the parameter is NaN at step 0',
  );
  expect(() => minimize(bowl, new FlatMatrix(1, 1, [NaN]))).toThrow(
    'minimize: x0 must be finite, but it holds NaN',
  );
});

test("the README's loss takes batches of ndarrays too, which are operands and no values", () => {
  interface Arrays {
    readonly x: NdArrayLike;
    readonly y: NdArrayLike;
  }
  const quoted = (data: BatchSource<Arrays>) =>
    train({
      loss: ({ w, b }: { w: Value; b: Value }, batch: { x: Operand; y: Operand }) =>
        squaredError(add(matmul(batch.x, w), b), batch.y),
      params: { w: new FlatMatrix(1, 1), b: 0 },
      data,
      optimizer: adam(),
      epochs: 1,
    });
  expect(typeof quoted).toBe('function');
});
