import {
  add,
  crossEntropy,
  FlatMatrix,
  item,
  log,
  logisticLoss,
  mapTree,
  matmul,
  mul,
  square,
  sub,
  sum,
  type Tree,
  type Value,
} from '@steepest/autodiff';
import {
  accumulateGradients,
  adabelief,
  adagrad,
  adam,
  adamax,
  adamw,
  adaptiveClip,
  adgd,
  amsgrad,
  chain,
  clipByGlobalNorm,
  clipByValue,
  cosine,
  decayWeights,
  descend,
  dog,
  type Errand,
  exponentialAverage,
  fista,
  freeze,
  gradientDescent,
  groups,
  ista,
  l1,
  lion,
  lookahead,
  masked,
  memoryCheckpoint,
  minimize,
  momentum,
  nadam,
  nesterov,
  type Place,
  type Problem,
  polyakAverage,
  polyakStep,
  prodigy,
  proximal,
  radam,
  reduceOnPlateau,
  rmsprop,
  type Standing,
  type Stepper,
  type Stretch,
  scheduleFree,
  scheduleFreeAdamw,
  sgd,
  skipNotFinite,
  train,
  warmUp,
  zerosLike,
} from '@steepest/optim';
import { type WasmHost, webAssembly } from '@steepest/wasm';
import { describe, expect, test } from 'vitest';
import { compiled, explain } from '../src/index.ts';
import { randomMatrix } from './agreement.ts';
import { gathered } from './gathered.ts';

const n = 203;
const X = randomMatrix(n, 5, 1);
const y = new FlatMatrix(
  n,
  1,
  randomMatrix(n, 1, 2).data.map((e) => (e > 0 ? 1 : 0)),
);

interface Params {
  readonly w: Value;
  readonly b: Value;
}
interface Batch {
  readonly x: Value;
  readonly y: Value;
}
const loss = (p: Params, { x, y }: Batch): Value => logisticLoss(add(matmul(x, p.w), p.b), y);
const params = { w: randomMatrix(5, 1, 3), b: 0.25 };
const examples = { x: X, y };

/** A stepper that no package knows: a decaying sum, a rate by steps, a count, the last parameters. */
const own: Stepper<{ readonly sum: Tree; readonly count: number; readonly last: Tree }> = {
  name: 'own',
  init: (p) => ({ sum: zerosLike(p), count: 0, last: zerosLike(p) }),
  numbers: (step) => [0.3 / (1 + 0.1 * step), step + 1],
  update(g, state, p, [rate, count]) {
    const sum = mapTree((v: Value, x: Value) => add(mul(0.8, v), x), state.sum, g);
    const back = mapTree((a: Value, b: Value) => mul(1e-3, sub(a, b)), state.last, p);
    const change = mapTree((v: Value, d: Value) => sub(d, mul(rate as Value, v)), sum, back);
    return [change, { sum, count, last: p }];
  },
};

const inHead = (path: string) => (path === 'w' ? 'slow' : 'fast');
const optimizers: readonly Stepper[] = [
  own as Stepper,
  sgd({ rate: warmUp(cosine(0.3, { steps: 100 }), { steps: 10 }) }),
  gradientDescent({ rate: 0.2 }),
  momentum({ rate: 0.05, dampening: 0.1 }),
  nesterov({ rate: 0.05 }),
  adam({ rate: 0.02 }),
  adamw({ rate: 0.02, decay: 0.1, mask: (path) => path === 'w' }),
  adamax({ rate: 0.02 }),
  amsgrad({ rate: 0.02 }),
  nadam({ rate: 0.01 }),
  adagrad({ rate: 0.1 }),
  rmsprop({ rate: 0.01 }),
  lion({ rate: 0.003 }),
  polyakStep({ maxRate: 0.5 }),
  chain(clipByGlobalNorm(0.1), adam({ rate: 0.02 }), exponentialAverage(0.9)),
  chain(
    masked(clipByValue(0.01), (path) => path === 'b'),
    decayWeights(0.01),
    momentum({ rate: 0.1 }),
  ),
  chain(sgd({ rate: 0.1 }), polyakAverage()),
  accumulateGradients(3, adam({ rate: 0.02 })),
  groups({ slow: sgd({ rate: 0.01 }), fast: adam({ rate: 0.1 }) }, inHead),
  groups({ slow: freeze(), fast: momentum({ rate: 0.1 }) }, inHead),
  radam({ rate: 0.02 }),
  adabelief({ rate: 0.02 }),
  dog(),
  prodigy(),
  scheduleFree({ rate: 0.2 }),
  scheduleFreeAdamw({ rate: 0.02 }),
  chain(adam({ rate: 0.02 }), lookahead({ every: 3 })),
  chain(adaptiveClip(0.05), momentum({ rate: 0.1 })),
  chain(reduceOnPlateau({ patience: 2, window: 3 }), descend(0.3)),
  chain(adam({ rate: 0.02 }), proximal(l1(0.01))),
  skipNotFinite(adam({ rate: 0.02 }), { most: 2 }),
  adgd(),
  ista({ penalty: l1(0.01), rate: 0.3 }),
  fista({ penalty: l1(0.01), rate: 0.3 }),
];

function expectSame(got: unknown, expected: unknown, tolerance = 1e-12): void {
  if (typeof expected === 'number') {
    expect(Math.abs((got as number) - expected)).toBeLessThanOrEqual(
      tolerance * Math.max(1, Math.abs(expected)),
    );
    return;
  }
  if (expected instanceof FlatMatrix) {
    expected.data.forEach((x, i) => {
      expectSame((got as FlatMatrix).data[i], x, tolerance);
    });
    return;
  }
  if (typeof expected !== 'object' || expected === null) {
    expect(got).toEqual(expected);
    return;
  }
  expect(Object.keys(got as object)).toEqual(Object.keys(expected));
  for (const [key, x] of Object.entries(expected)) {
    expectSame((got as Record<string, unknown>)[key], x, tolerance);
  }
}

/** Where fewer digits agree, and why. */
const loose = new Map([
  [
    'adgd',
    {
      tolerance: 1e-10,
      because: 'its first rate divides gradients that a step of 1e-6 tells apart',
    },
  ],
]);

describe('100 steps are those of the interpreted loop, to 1e-12:', () => {
  for (const optimizer of optimizers) {
    const tolerance = loose.get(optimizer.name)?.tolerance;
    // What needs the whole objective is refused with minibatches.
    const onMinibatches = optimizer.whole ? undefined : test;
    onMinibatches?.(`${optimizer.name} on minibatches`, async () => {
      const data = gathered(examples, n, 20);
      const run = (engine?: ReturnType<typeof compiled>) =>
        train({ loss, params, data, optimizer, stop: { steps: 100 }, engine, seed: 3 });
      const [fast, plain] = [await run(compiled()), await run()];
      expect(fast.engine?.why).toBeUndefined();
      expectSame(fast.params, plain.params);
      expectSame(
        fast.history.map((report) => [report.step, report.loss, report.learningRate]),
        plain.history.map((report) => [report.step, report.loss, report.learningRate]),
      );
      expect([fast.steps, fast.reason]).toEqual([plain.steps, plain.reason]);
    });

    test(`${optimizer.name} on all rows`, async () => {
      const run = (engine?: ReturnType<typeof compiled>) =>
        train({
          loss,
          params,
          data: examples,
          optimizer,
          stop: { steps: 100, gradientNorm: 1e-3 },
          engine,
        });
      const [fast, plain] = [await run(compiled()), await run()];
      expect(fast.engine?.why).toBeUndefined();
      expectSame(fast.params, plain.params, tolerance);
      expectSame(
        fast.history.map(({ loss }) => loss),
        plain.history.map(({ loss }) => loss),
        tolerance,
      );
      expect([fast.steps, fast.reason]).toEqual([plain.steps, plain.reason]);
    });
  }
});

/** The place of a problem, for errands of one's own. */
function placed<P>(problem: Partial<Problem<P, never>>): Place<P, never> {
  const source = gathered(examples, n, 20);
  const given = { loss, params, source, whole: false, optimizer: own, valueAndGradient: undefined };
  return compiled().place({ ...given, ...problem } as never) as Place<P, never>;
}

const start = (by: Stepper): Standing<typeof params> => ({
  params,
  state: by.init(params),
  step: 0,
});
/** Sends a place on an errand. */
function sent<P>(
  place: Place<P, never>,
  by: Stepper,
  from: Standing<P>,
  errand: Errand,
): Stretch<P> {
  if (place.steps === undefined) throw new Error(place.why);
  return place.steps(by, from, errand) as Stretch<P>;
}

const order = Int32Array.from({ length: n }, (_, i) => (i * 29) % n);

test('a stretch returns to JavaScript once, however many steps it has', () => {
  const host = webAssembly as { -readonly [K in keyof WasmHost]: WasmHost[K] };
  const { Instance } = host;
  let calls = 0;
  host.Instance = class {
    readonly exports: Readonly<Record<string, unknown>>;
    constructor(module: object, imports: { env: Readonly<Record<string, unknown>> }) {
      const { exports } = new Instance(module, imports);
      const { train, ...others } = exports as Record<string, (...args: number[]) => number>;
      const counted = (...args: number[]) => {
        calls++;
        return train(...args);
      };
      this.exports = { ...others, train: counted };
    }
  };
  const numbers: number[] = [];
  const by = {
    ...own,
    numbers: (step: number) => {
      numbers.push(step);
      return own.numbers?.(step) ?? [];
    },
  };
  try {
    const place = placed<typeof params>({ optimizer: by });
    numbers.length = 0;
    const long = Int32Array.from({ length: 4000 }, (_, i) => (i * 29) % n);
    const { losses } = sent(place, by, start(by), {
      steps: 200,
      order: long,
    });
    expect(losses.length).toBe(200);
    expect(calls).toBe(1);
    // Asked for once a step, before the call.
    expect(numbers.filter((step) => step > 0)).toEqual(
      Array.from({ length: 199 }, (_, k) => k + 1),
    );
  } finally {
    host.Instance = Instance;
  }
});

test('where stretches are cut does not change a bit', () => {
  const by = chain(clipByGlobalNorm(0.1), adam({ rate: 0.02 }), exponentialAverage(0.9));
  const place = placed<typeof params>({ optimizer: by });
  const whole = sent(place, by, start(by), { steps: 11, order });
  let at = start(by);
  const losses: number[] = [];
  for (const steps of [1, 4, 0, 3, 3]) {
    const rows = order.subarray(20 * at.step, Math.min(n, 20 * (at.step + steps)));
    const { params, state, ...notes } = sent(place, by, at, { steps, order: rows });
    losses.push(...notes.losses);
    at = { params, state, step: at.step + steps };
  }
  expect([at.params, at.state, losses]).toEqual([whole.params, whole.state, [...whole.losses]]);
});

describe('a stretch ends before the step', () => {
  // log of a number that falls by 1 at each step.
  const falling = (p: { readonly x: Value }) => log(p.x);
  const down: Stepper<null> = {
    name: 'down',
    init: () => null,
    update: (g, state) => [mapTree((x: Value) => sub(mul(0, x), 1), g), state],
  };
  const place = () =>
    placed<{ x: number }>({
      loss: falling as never,
      params: { x: 3.5 },
      optimizer: down as Stepper,
      whole: true,
      source: { rows: 0, batchesPerEpoch: 1, epoch: () => [], data: undefined as never },
    });

  test('whose loss is not finite', async () => {
    const from = { params: { x: 3.5 }, state: null, step: 0 };
    const { params, losses } = sent(place(), down as Stepper, from, { steps: 10 }) as Stretch<{
      x: number;
    }>;
    expect([params.x, [...losses].map((e) => e.toFixed(3))]).toEqual([
      -0.5,
      [3.5, 2.5, 1.5, 0.5].map((e) => Math.log(e).toFixed(3)),
    ]);
    const run = minimize(
      (p: { x: Value }) => log(p.x),
      { x: 3.5 },
      { method: down as Stepper, engine: compiled() },
    );
    await expect(run).resolves.toMatchObject({ reason: 'nonFinite', steps: 4 });
  });

  test('whose gradient is within the tolerance', () => {
    const from = { params: { x: 3.5 }, state: null, step: 0 };
    const errand = { steps: 10, tolerance: 1 / 3 };
    const { losses } = sent(place(), down as Stepper, from, errand);
    expect(losses.length).toBe(0);
  });

  test('after which a parameter is not finite', async () => {
    const grow: Stepper<null> = {
      name: 'grow',
      init: () => null,
      update: (g, state, p) => [mapTree((_: Value, x: Value) => mul(1e100, x), g, p), state],
    };
    const f = (x: Value) => sum(mul(1e-300, x));
    const options = { method: grow as Stepper, maxSteps: 50 };
    const [fast, plain] = [
      await minimize(f, randomMatrix(3, 1), { ...options, engine: compiled() }),
      await minimize(f, randomMatrix(3, 1), options),
    ];
    expect(fast.reason).toBe('nonFinite');
    expect([fast.reason, fast.steps, fast.message]).toEqual([
      plain.reason,
      plain.steps,
      plain.message,
    ]);
  });
});

describe('what cannot be recorded is interpreted, and the result says why:', () => {
  test('a line search runs around compiled gradients', async () => {
    const f = (x: Value) => sum(square(sub(x, 1)));
    const result = await minimize(f, randomMatrix(3, 1), { engine: compiled() });
    expect(result.converged).toBe(true);
    expect(result.engine?.why).toBe('bfgs looks at other places on its way');
  });

  test('a loss that branches on a value', async () => {
    const f = (x: Value) => (item(x) > 1 ? mul(2, x) : square(x));
    const method = gradientDescent({ rate: 0.1 });
    const [fast, plain] = [
      await minimize(f, 3, { method, engine: compiled() }),
      await minimize(f, 3, { method }),
    ];
    expect(fast.engine?.why).toBeDefined();
    expect(fast.params).toBe(plain.params);
  });

  test('an optimizer without a formula', async () => {
    const { update: _, ...plain } = sgd({ rate: 0.1 });
    const data = gathered(examples, n, 20);
    const result = await train({
      loss,
      params,
      data,
      optimizer: plain as Stepper,
      epochs: 1,
      engine: compiled(),
    });
    expect(result.engine?.why).toBe('sgd has no formula in operations (update)');
  });

  test('batches without an order of rows', async () => {
    const { batchesPerEpoch, rows, epoch } = gathered(examples, n, 20);
    const data = { batchesPerEpoch, rows, epoch };
    const result = await train({
      loss,
      params,
      data,
      optimizer: adam(),
      epochs: 1,
      engine: compiled(),
    });
    expect(result.engine?.why).toBe('the data comes batch by batch, without an order of rows');
  });
});

test('class numbers are gathered with their rows', async () => {
  const classes = Int32Array.from({ length: n }, (_, i) => (i * 5) % 3);
  const data = gathered({ x: X, classes }, n, 20);
  const softmax = (W: Value, batch: { x: Value; classes: Int32Array }) =>
    crossEntropy(matmul(batch.x, W), batch.classes);
  const options = {
    loss: softmax,
    params: randomMatrix(5, 3, 4),
    data,
    optimizer: sgd({ rate: 0.3 }),
    epochs: 5,
  };
  const [fast, plain] = [await train({ ...options, engine: compiled() }), await train(options)];
  expect(fast.engine?.why).toBeUndefined();
  expectSame(fast.params, plain.params);
});

test('a checkpoint continues with the same bits, and another engine is refused', async () => {
  const options = {
    loss,
    params,
    data: gathered(examples, n, 20),
    optimizer: adam({ rate: 0.02 }),
    seed: 2,
  };
  const once = await train({ ...options, epochs: 6, engine: compiled() });
  const checkpoint = memoryCheckpoint({ every: 7 });
  await train({ ...options, stop: { steps: 25 }, checkpoint, engine: compiled() });
  const resumed = await train({ ...options, epochs: 6, checkpoint, engine: compiled() });
  expect(resumed.params).toEqual(once.params);
  await expect(train({ ...options, epochs: 9, checkpoint })).rejects.toThrow('engine');
});

test('steps whose numbers are not finite are skipped as in the interpreted loop', async () => {
  const x = new FlatMatrix(n, 5, X.data.slice());
  x.data[500] = NaN;
  const data = gathered({ x, y }, n, 20);
  const optimizer = skipNotFinite(adam({ rate: 0.02 }), { most: 2 });
  const options = { loss, params, data, optimizer, epochs: 4 };
  const [fast, plain] = [await train({ ...options, engine: compiled() }), await train(options)];
  expect(fast.engine?.why).toBeUndefined();
  expect([fast.skipped, plain.skipped]).toEqual([4, 4]);
  expectSame(fast.params, plain.params);
});

test('parameters of the run before are never written to', async () => {
  const kept = [...params.w.data];
  const data = gathered(examples, n, 20);
  const first = await train({
    loss,
    params,
    data,
    optimizer: adam(),
    epochs: 1,
    engine: compiled(),
  });
  const after = [...first.params.w.data];
  await train({
    loss,
    params: first.params,
    data,
    optimizer: adam(),
    epochs: 1,
    engine: compiled(),
  });
  expect([[...params.w.data], [...first.params.w.data]]).toEqual([kept, after]);
});

test('rows that are not there are refused', () => {
  const place = placed<typeof params>({});
  const run = () =>
    sent(place, own as Stepper, start(own as Stepper), { steps: 1, order: Int32Array.of(0, n) });
  expect(run).toThrow(`row number 1 of the order is ${n}, but the data has ${n} rows`);
});

test('options are checked', () => {
  expect(() => compiled({ tileRow: 3 } as never)).toThrow('compiled');
  expect(explain(loss)(params as never, examples)).toContain('rows');
});
