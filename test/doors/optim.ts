import * as autodiff from '../../packages/autodiff/src/index.ts';
import * as optim from '../../packages/optim/src/index.ts';
import { fileCheckpoint } from '../../packages/optim/src/node.ts';
import type { Door } from './door.ts';
import { s } from './door.ts';

const { FlatMatrix, mean, square, sub, sum, matmul } = autodiff;
type Value = autodiff.Value;
type Params = { w: Value; b: Value };

const all = optim as unknown as Readonly<Record<string, (...args: never[]) => unknown>>;
const w0 = () => ({ w: new FlatMatrix(2, 1, [0.5, -0.5]), b: 0.1 });
const data = () => ({
  X: new FlatMatrix(4, 2, [1, 2, 3, 4, 5, 6, 7, 9]),
  y: new FlatMatrix(4, 1, [1, 2, 2, 1]),
});
type Batch = { X: Value; y: Value };
// What is wrong with the data reaches the operations: their errors are the library's.
const loss = (p: Params, batch: Batch | undefined) =>
  mean(square(sub(autodiff.add(matmul(batch?.X as Value, p?.w), p?.b), batch?.y as Value)));

/** Three steps with an optimizer that was made with something wrong. */
const taken = (optimizer: unknown): unknown =>
  optim.train({
    loss,
    params: w0(),
    data: data(),
    optimizer: optimizer as optim.Stepper,
    epochs: 3,
  });
const made = (name: string, args: () => unknown[], depth?: number): Door => ({
  name,
  args,
  ...(depth !== undefined && { depth }),
  run: (...given) => taken(all[name.split(' ')[0]](...given)),
});
/** A link of a chain: a descent is put behind it. */
const link = (name: string, args: () => unknown[]): Door => ({
  name,
  args,
  run: (...given) => taken(optim.chain(all[name](...given) as optim.Stepper, optim.descend(0.01))),
});
/** A link that acts on the change of a descent before it. */
const after = (name: string, args: () => unknown[]): Door => ({
  name,
  args,
  run: (...given) =>
    taken(optim.chain(optim.sgd({ rate: 0.1 }), all[name](...given) as optim.Stepper)),
});
const schedule = (name: string, args: () => unknown[]): Door => ({
  name,
  args,
  run: (...given) => {
    const rate = all[name](...given) as (step: number) => number;
    for (const step of [0, 1, 5, 1000]) rate(step);
  },
});
const door = (
  name: string,
  args: () => unknown[],
  run: Door['run'] = all[name.split(' ')[0]],
  open?: Door['open'],
): Door => ({
  name,
  args,
  run,
  ...(open === undefined ? {} : { open }),
});

const adam = { rate: 0.01, b1: 0.9, b2: 0.99, epsilon: 1e-8 };

export const optimDoors: Door[] = [
  ...['adam', 'adamax'].map((name) => made(name, () => [s({ ...adam })])),
  made('adamw', () => [s({ ...adam, decay: 0.1, mask: () => true })]),
  made('amsgrad', () => [s({ ...adam })]),
  made('nadam', () => [s({ ...adam, momentumDecay: 0.004 })]),
  made('adagrad', () => [s({ rate: 0.1, initial: 0.1, epsilon: 1e-8 })]),
  made('rmsprop', () => [s({ rate: 0.01, decay: 0.9, epsilon: 1e-8, initial: 0 })]),
  made('lion', () => [s({ rate: 0.01, b1: 0.9, b2: 0.99 })]),
  ...['sgd', 'gradientDescent'].map((name) => made(name, () => [s({ rate: 0.01 })])),
  made('momentum', () => [s({ rate: 0.01, decay: 0.9, dampening: 0.1 })]),
  made('nesterov', () => [s({ rate: 0.01, decay: 0.9 })]),
  made('armijo', () => [s({ rate: 1, shrink: 0.5, decrease: 1e-4, trials: 20 })]),
  made('lbfgs', () => [s({ memory: 5, trials: 20, decrease: 1e-4, curvature: 0.9 })]),
  made('polyakStep', () => [s({ minimum: 0, maxRate: 1 })]),
  link('accumulate', () => [0.9, s({ dampening: 0.1 })]),
  link('nesterovMomentum', () => [0.9]),
  link('smooth', () => [0.9, s({ correct: true })]),
  ...['byMoments', 'byLargestGradient', 'byLargestMoment', 'byNesterovMoments'].map((name) =>
    link(name, () => [s({ b1: 0.9, b2: 0.99, epsilon: 1e-8 })]),
  ),
  link('byRootOfMean', () => [s({ decay: 0.9, epsilon: 1e-8, initial: 0 })]),
  link('byRootOfSum', () => [s({ initial: 0.1, epsilon: 1e-8 })]),
  link('bySign', () => [s({ b1: 0.9, b2: 0.99 })]),
  link('clipByGlobalNorm', () => [1]),
  link('clipByValue', () => [1]),
  link('decayWeights', () => [0.01, () => true]),
  link('scale', () => [2]),
  made('descend', () => [0.01]),
  made('freeze', () => []),
  after('polyakAverage', () => [s({ from: 1 })]),
  after('exponentialAverage', () => [0.9, s({ correct: true })]),
  made('chain', () => [optim.clipByValue(1), optim.sgd({ rate: 0.1 })]),
  made('chain with a list', () => [optim.sgd({ rate: 0.1 })]),
  made('accumulateGradients', () => [2, optim.sgd({ rate: 0.1 })]),
  made(
    'groups',
    () => [
      { a: optim.sgd({ rate: 0.1 }), z: optim.adam() },
      (path: string) => (path === 'w' ? 'a' : 'z'),
    ],
    1,
  ), // the members of the library's own optimizers are not the caller's
  link('masked', () => [optim.clipByValue(1), () => true]),
  schedule('constant', () => [0.1]),
  schedule('linear', () => [s({ from: 0.1, to: 0.01, steps: 10 })]),
  schedule('polynomial', () => [s({ from: 0.1, to: 0.01, steps: 10, power: 2, begin: 1 })]),
  schedule('exponential', () => [
    0.1,
    s({ factor: 0.9, steps: 10, begin: 0, stairs: true, limit: 0 }),
  ]),
  schedule('stairs', () => [0.1, s({ every: 10, factor: 0.5 })]),
  schedule('inverseTime', () => [0.1, s({ decay: 0.5, steps: 10 })]),
  schedule('inverseSqrt', () => [0.1, s({ decay: 0.5, steps: 10 })]),
  schedule('cosine', () => [0.1, s({ steps: 10, alpha: 0.1 })]),
  schedule('piecewise', () => [0.1, { 10: 0.5 }]),
  schedule('product', () => [optim.constant(0.1), optim.constant(0.1)]),
  schedule('restart', () => [optim.constant(0.1), 10]),
  schedule('sequence', () => [[optim.constant(0.1), 10], optim.constant(0.1)]),
  schedule('warmUp', () => [optim.constant(0.1), s({ steps: 10, from: 0 })]),
  door('copyOf', () => [w0()]),
  door('zerosLike', () => [w0()]),
  door('entrywise', () => [(out: Float64Array, a: Float64Array) => out.set(a), w0(), w0(), w0()]),
  door(
    'encode',
    () => [{ w: 1, list: [-0, null] }, 'place'],
    undefined,
    (path) => path !== '#1',
  ),
  door('decode', () => [
    {
      a: { $number: '-0' },
      m: { $matrix: [1, 1], base64: 'AAAAAAAAAAA=' },
      e: { $entries: [['$a', 1]] },
    },
  ]),
  door('memoryCheckpoint', () => [s({ every: 2 })]),
  door(
    'fileCheckpoint',
    () => ['/tmp/never-written.json', s({ every: 2 })],
    (...args: never[]) =>
      (fileCheckpoint as (...given: never[]) => optim.Checkpoint)(...args).load(),
  ),
  {
    ...door('minimize', () => [
      (x: Value) => sum(square(x)),
      new FlatMatrix(2, 1, [1, 2]),
      s({
        method: optim.lbfgs(),
        tolerance: 1e-6,
        maxSteps: 20,
        noProgress: s({ relative: 1e-9, patience: 3 }),
        onReport: () => {},
        reportEvery: 5,
        now: () => 0,
        signal: new AbortController().signal,
        checkpoint: optim.memoryCheckpoint(),
        valueAndGradient: undefined,
      }),
    ]),
    depth: 1,
  },
  ...['adabelief', 'radam'].map((name) => made(name, () => [s({ ...adam })])),
  ...['adgd', 'nonNegative'].map((name) => door(name, () => [])),
  link('adaptiveClip', () => [0.1, s({})]),
  ...['barzilaiBorwein', 'bfgs', 'dog', 'lbfgsb'].map((name) => made(name, () => [s({})])),
  ...['newton', 'newtonCg', 'lookahead', 'reduceOnPlateau', 'prodigy', 'svrg'].map((name) =>
    door(name, () => [s({})]),
  ),
  door('scheduleFree', () => [s({ rate: 0.1 })]),
  door('scheduleFreeAdamw', () => [s({ rate: 0.1 })]),
  ...['saga', 'sag', 'unweighted'].map((name) => door(name, () => [])),
  made('skipNotFinite', () => [optim.sgd({ rate: 0.1 }), s({ most: 5 })], 1),
  schedule('oneCycle', () => [0.1, s({ steps: 10, rise: 0.3 })]),
  door('fixedBatches', () => [{ batchesPerEpoch: 2, rows: 8, epoch: () => [data(), data()] }]),
  door('box', () => [0, 1]),
  door('elasticNet', () => [0.1, 0.5]),
  door('groupLasso', () => [0.1, 'rows']),
  ...['l1', 'l1Ball', 'l2Ball', 'simplex'].map((name) => door(name, () => [1])),
  ...['fista', 'ista'].map((name) => door(name, () => [s({ penalty: optim.l1(0.1), rate: 0.1 })])),
  door('proximalNewton', () => [
    s({ penalty: optim.l1(0.1), penalized: () => true, curvature: 'hessian', trials: 9 }),
  ]),
  door('coordinateDescent', () => [
    s({
      gram: new FlatMatrix(2, 2, [2, 1, 1, 2]),
      linear: [1, 2],
      l1: 0.1,
      l2: [0, 0.1],
      start: [0, 1],
      tolerance: 1e-9,
      sweeps: 5,
    }),
  ]),
  door('coordinateDescent of groups', () => [
    s({
      gram: new FlatMatrix(2, 2, [2, 1, 1, 2]),
      linear: [1, 2],
      groups: [{ members: [0, 1], strength: 0.1 }],
    }),
  ]),
  door('proximal', () => [optim.l1(0.1)]),
  door('analyze', () => [loss, w0(), data(), s({})]),
  door(
    'argmin',
    () => [(x: Value, t: Value) => sum(square(sub(x, t))), new FlatMatrix(1, 1, [0.5]), s({})],
    (...given: never[]) =>
      (optim.argmin as (...x: never[]) => (t: Value) => Value)(...given)(new FlatMatrix(1, 1, [1])),
  ),
  door('leastSquaresOf', () => [(x: Value) => sub(x, 1), new FlatMatrix(2, 1, [2, 3]), s({})]),
  door('minimizeSubjectTo', () => [
    (x: Value) => sum(square(x)),
    new FlatMatrix(2, 1, [1, 2]),
    s({ atMost: (x: Value) => sub(1, sum(x)) }),
  ]),
  door('train', () => [
    s({
      loss,
      params: w0(),
      data: data(),
      optimizer: optim.sgd({ rate: 0.01 }),
      epochs: 3,
      seed: 1,
      reportEvery: 1,
      onReport: () => {},
      now: () => 0,
      signal: new AbortController().signal,
      checkpoint: optim.memoryCheckpoint(),
      stop: s({
        steps: 5,
        seconds: 10,
        gradientNorm: 1e-9,
        noProgress: s({ relative: 1e-9, patience: 3 }),
      }),
      validation: s({ data: data(), every: 1, patience: 2, restoreBest: true, loss }),
      valueAndGradient: (p: Params, b: never) => autodiff.valueAndGrad(loss)(p as never, b),
    }),
  ]),
  door('train with batches', () => [
    s({
      loss,
      params: w0(),
      optimizer: optim.sgd({ rate: 0.01 }),
      epochs: 3,
      data: { batchesPerEpoch: 2, rows: 4, epoch: () => [data(), data()] },
    }),
  ]),
  door('train with any stepper', () => [
    s({
      loss,
      params: w0(),
      data: data(),
      epochs: 3,
      optimizer: { name: 'own', init: () => 0, step: (g: unknown) => [g, 0] },
    }),
  ]),
];

export const optimOthers = ['CheckpointError', 'LineSearchError', 'drive', 'interpreted']; // the last two are for engines;
