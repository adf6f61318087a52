import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FlatMatrix } from '../../packages/autodiff/src/index.ts';
import {
  asTraining,
  category,
  defineSchema,
  number,
  parseCsv,
  prepare,
  standardize,
} from '../../packages/datasets/src/index.ts';
import { openCsv } from '../../packages/datasets/src/node.ts';
import * as models from '../../packages/models/src/node.ts';
import { adam } from '../../packages/optim/src/index.ts';
import type { Door } from './door.ts';
import { s } from './door.ts';

const all = models as unknown as Readonly<Record<string, (...args: never[]) => unknown>>;
const door = (
  name: string,
  args: Door['args'],
  run: Door['run'] = all[name.split(' ')[0]],
  open?: Door['open'],
): Door => ({
  name,
  args,
  run,
  ...(open === undefined ? {} : { open }),
});

const schema = defineSchema(
  { a: number(), b: number(), t: number(), y: category(['0', '1']) },
  { target: 'y' },
);
const rows = [
  [1, 5, 1, 0],
  [2, 3, 2, 1],
  [3, 8, 1, 0],
  [4, 1, 2, 1],
  [5, 4, 1, 1],
  [6, 7, 2, 0],
  [7, 2, 1, 1],
  [8, 6, 2, 0],
  [2, 2, 1, 0],
  [6, 5, 1, 1],
];
const table = asTraining(
  parseCsv(`a,b,t,y\n${rows.map((row) => row.join(',')).join('\n')}\n`, { schema }),
);
const counts = asTraining(parseCsv('a,n\n1,0\n2,9\n3,1\n4,14\n5,2\n6,0\n7,21\n8,3\n'));
const file = join(mkdtempSync(join(tmpdir(), 'doors-')), 'data.csv');
writeFileSync(file, `a,b,t,y\n${rows.map((row) => row.join(',')).join('\n')}\n`);
const onDisk = asTraining(await openCsv(file, { schema }));
const x = () =>
  new FlatMatrix(
    rows.length,
    2,
    rows.flatMap((row) => row.slice(0, 2)),
  );
const y = () => Float64Array.from(rows, ([, , , label]) => label);
const column = () => new FlatMatrix(rows.length, 1, y());
const probabilities = () => rows.map((_, i) => 0.1 + 0.07 * i);
const logistic = models.logisticRegression({ l2: 0.1 });
const fitted = models.fit(logistic, table);
const linear = models.fit(models.linearRegression(), { x: x(), y: column() });
const lasso = models.path(
  models.linearRegression(),
  { x: x(), y: column() },
  { lambdas: [0.2, 0.1] },
);
const method = (name: string, args: Door['args'], of = fitted): Door =>
  door(`fitted.${name}`, args, async (...given: never[]) =>
    ((await of) as unknown as Record<string, (...x: never[]) => unknown>)[name](...given),
  );
const path = join(mkdtempSync(join(tmpdir(), 'doors-')), 'model.json');
const saved = fitted.then((model) => models.saveModel(path, model));

/** A call with something that the library made: no one changes what is inside of it. */
const shallow = (name: string, args: Door['args']): Door => ({ ...door(name, args), depth: 0 });

const used = (name: string, args: () => unknown[]): Door =>
  door(name, args, (...given: never[]) => {
    const problem = all[name](...given) as models.Problem;
    return problem.loss(problem.init(2), { x: x(), y: column() });
  });

export const modelsDoors: Door[] = [
  ...['linearRegression', 'logisticRegression', 'poissonRegression'].map((name) =>
    used(name, () => [s({ l2: 0.1, l1: 0.1, intercept: true })]),
  ),
  door(
    'regression',
    () => [logistic.family, s({ l2: 0.1 })],
    (...given: never[]) => (all.regression(...given) as models.Problem).init(2),
  ),
  used('softmaxRegression', () => [s({ classes: ['0', '1'], l2: 0.1, intercept: true })]),
  door(
    'problem.loss',
    () => [
      { w: new FlatMatrix(2, 1), b: 0 },
      { x: x(), y: column() },
    ],
    (...given: never[]) => (logistic.loss as (...x: never[]) => unknown)(...given),
  ),
  door(
    'problem.predict',
    () => [{ w: new FlatMatrix(2, 1), b: 0 }, x()],
    (...given: never[]) => (logistic.predict as (...x: never[]) => unknown)(...given),
  ),
  door('fit', () => [
    logistic,
    table,
    s({
      target: 'y',
      preparation: prepare([standardize()], { features: ['a', 'b'] }),
      positive: '1',
      weights: 't',
      classWeights: s({ '1': 2 }),
      optimizer: adam(),
      batchSize: 4,
      epochs: 2,
      seed: 1,
      allow: ['rank-deficient'],
      onReport: () => {},
      reportEvery: 2,
      now: () => 0,
      signal: new AbortController().signal,
      stop: s({ steps: 4 }),
    }),
  ]),
  door('fit without options', () => [logistic, table]),
  door('fit on numbers', () => [
    models.linearRegression(),
    {
      x: x(),
      y: column(),
      weights: new FlatMatrix(
        rows.length,
        1,
        y().map(() => 1),
      ),
      names: ['a', 'b'],
    },
    s({
      params: { w: new FlatMatrix(2, 1), b: 0 },
      validation: s({ data: { x: x(), y: column() }, patience: 2, every: 1, restoreBest: true }),
      optimizer: adam(),
      epochs: 2,
    }),
  ]),
  door('crossValidate', () => [
    logistic,
    table,
    s({ target: 'y', features: ['a', 'b'], folds: s({ k: 2, seed: 1, stratify: 'y' }), seed: 1 }),
  ]),
  door('crossValidate by groups', () => [
    models.linearRegression({ l2: 0.1 }),
    table,
    s({ target: 'a', exclude: ['t', 'y'], folds: s({ k: 2, group: 't' }) }),
  ]),
  door('crossValidatePath', () => [
    models.linearRegression(),
    table,
    s({
      target: 'a',
      features: ['b'],
      folds: 2,
      count: 3,
      ratio: 0.1,
      by: 'meanAbsoluteError',
      best: 'lowest',
    }),
  ]),
  door('search', () => [
    ({ l2 }: { l2: number }) => ({
      problem: models.linearRegression({ l2 }),
      target: 'a',
      features: ['b'],
    }),
    table,
    s({ over: s({ l2: [0.1, 1] }), method: 'random', count: 1, seed: 1, folds: 2 }),
  ]),
  door('search by halving', () => [
    ({ l2 }: { l2: number }) => ({
      problem: models.linearRegression({ l2 }),
      target: 'a',
      features: ['b'],
    }),
    table,
    s({
      over: s({ l2: s({ from: 0.1, to: 1, log: true }) }),
      method: 'halving',
      count: 2,
      factor: 2,
      folds: 2,
      by: 'meanSquaredError',
      best: 'lowest',
      complexity: () => 1,
      onTrial: () => {},
    }),
  ]),
  door('fit with an l1', () => [
    models.linearRegression({ l1: 0.1, l2: 0.1, factors: { a: 2 } }),
    { x: x(), y: column(), names: ['a', 'b'] },
    s({ params: { w: new FlatMatrix(2, 1), b: 0 } }),
  ]),
  door('glmnet', () => [
    s({ lambda: 0.1, alpha: 0.5, standardize: true, penaltyFactor: { a: 0.5 } }),
  ]),
  door('path', () => [
    models.logisticRegression(),
    table,
    s({
      target: 'y',
      preparation: prepare([standardize()], { features: ['a', 'b'] }),
      positive: '1',
      weights: 't',
      alpha: 0.5,
      standardize: true,
      factors: { a: 2 },
      count: 5,
      ratio: 0.1,
      tolerance: 1e-8,
      stop: 'glmnet',
      signal: new AbortController().signal,
    }),
  ]),
  door('path on numbers', () => [
    models.linearRegression(),
    { x: x(), y: column(), names: ['a', 'b'] },
    s({ group: true, groups: [['a', 'b']], lambdas: [0.2, 0.1] }),
  ]),
  door("path in glmnet's conventions", () => [
    models.linearRegression(),
    { x: x(), y: column() },
    s({ penalty: models.glmnet({ alpha: 0.5 }), lambdas: [0.2, 0.1] }),
  ]),
  door(
    'path.at',
    () => [0.1],
    async (...given: never[]) => (await lasso).at(...(given as unknown as [number])),
  ),
  door(
    'path.plot',
    () => [s({ width: 40, height: 8 })],
    async (...given: never[]) => (await lasso).plot(...(given as unknown as [{ width: number }])),
  ),
  shallow('evaluate', async () => [await fitted, table]),
  shallow('evaluate on disk', async () => [await fitted, onDisk]),
  shallow('fit on disk', () => [
    logistic,
    onDisk,
    s({ target: 'y', features: ['a', 'b'], weights: 't', batchSize: 4, epochs: 2, seed: 1 }),
  ]),
  shallow('explain', async () => [await fitted, { a: 3, b: 1, t: 1 }]),
  door('certify', () => [logistic, { w: new FlatMatrix(2, 1), b: 0 }, { x: x(), y: column() }]),
  door('leastSquares', () => [x(), column(), s({ l2: 0, intercept: true })]),
  ...['accuracy', 'brierScore', 'logLoss', 'areaUnderCurve', 'calibration'].map((name) =>
    door(name, () => [name === 'accuracy' ? y() : probabilities(), y()]),
  ),
  ...['platt', 'isotonic'].map((name) =>
    door(name, () => [probabilities(), y(), s({ weights: y().map(() => 1) })]),
  ),
  door('calibrated', () => [{ kind: 'platt', slope: 1, intercept: 0 }, probabilities()]),
  door('costThreshold', () => [s({ falsePositive: 1, falseNegative: 4 })]),
  door('leastCost', () => [
    probabilities(),
    y(),
    s({ falsePositive: 1, falseNegative: 4, weights: y().map(() => 1) }),
  ]),
  ...['meanAbsoluteError', 'meanSquaredError', 'poissonDeviance', 'rSquared'].map((name) =>
    door(name, () => [probabilities(), y()]),
  ),
  ...['accuracy', 'brierScore', 'logLoss', 'areaUnderCurve', 'rSquared'].map((name) =>
    door(`${name} with weights`, () => [
      name === 'accuracy' ? y() : probabilities(),
      y(),
      s({ weights: probabilities() }),
    ]),
  ),
  ...['balancedAccuracy', 'matthewsCorrelation', 'f1Score'].map((name) =>
    door(name, () => [y(), y(), s({ weights: probabilities() })]),
  ),
  door('f1Score of several', () => [y(), y(), s({ average: 'macro', beta: 2 })]),
  ...['rocCurve', 'precisionRecallCurve', 'averagePrecision'].map((name) =>
    door(name, () => [probabilities(), y(), s({ weights: probabilities() })]),
  ),
  door('topKAccuracy', () => [
    new FlatMatrix(2, 2, [0.3, 0.7, 0.6, 0.4]),
    [0, 1],
    1,
    s({ weights: [1, 2] }),
  ]),
  door('measureInWords', () => ['meanSquaredError']),
  door('gammaDeviance', () => [[1, 2], [2, 1], s({ weights: [1, 2] })]),
  door('gammaRegression', () => [s({ l2: 0.1, intercept: false })]),
  door('probitRegression', () => [s({ l2: 0.1, intercept: false })]),
  door('negativeBinomialRegression', () => [s({ theta: 2, l2: 0.1 })]),
  door('huberRegression', () => [s({ delta: 2, l2: 0.1 })]),
  door(
    'fitNegativeBinomial',
    () => [s({ target: 'n', features: ['a'] }), s({ l2: 0.1 })],
    (columns: never, penalty: never) => models.fitNegativeBinomial(counts, columns, penalty),
  ),
  door('calibration with bins', () => [probabilities(), y(), s({ bins: 3 })]),
  door('classLogLoss', () => [new FlatMatrix(2, 2, [0.3, 0.7, 0.6, 0.4]), [0, 1]]),
  door('confusionMatrix', () => [
    [0, 1],
    [0, 1],
    ['n', 'p'],
  ]),
  door('mostLikely', () => [new FlatMatrix(2, 2, [0.3, 0.7, 0.6, 0.4])]),
  door('measure', () => [logistic, new FlatMatrix(10, 1, probabilities()), column(), ['0', '1']]),
  door('designWarnings', () => [{ data: x().data, rows: 10, columns: 2, names: ['a', 'b'] }, true]),
  door('separatingColumn', () => [[{ name: 'a', values: [1, 2, 3, 4] }], [0, 0, 1, 1], ['n', 'p']]),
  door('separation', () => [x(), y(), s({ intercept: true })]),
  door('targetWarnings', () => [logistic, y(), 'y']),
  door('zeroCountSeparation', () => [x(), y(), s({ intercept: true })]),
  method('predict', () => [[{ a: 1, b: 2, t: 1 }]]),
  method('classify', () => [[{ a: 1, b: 2, t: 1 }]]),
  method('predictFeatures', () => [x()], linear),
  shallow('toBundle', async () => [await fitted]),
  door('fromBundle', async () => [JSON.parse(JSON.stringify(models.toBundle(await fitted)))]),
  shallow('saveModel', async () => [path, await fitted]),
  door('loadModel', async () => {
    await saved;
    return [path];
  }),
];

/** Errors, and the checks that targets of families are made of. */
export const modelsOthers = ['RankDeficientError', 'constantTarget', 'countTarget', 'numberTarget'];
