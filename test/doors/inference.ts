import { FlatMatrix } from '../../packages/autodiff/src/index.ts';
import { asTraining, parseCsv } from '../../packages/datasets/src/index.ts';
import {
  fit,
  linearRegression,
  logisticRegression,
  meanSquaredError,
} from '../../packages/models/src/index.ts';
import * as inference from '../../packages/models/src/inference.ts';
import { type Door, s } from './door.ts';

const all = inference as unknown as Readonly<Record<string, (...args: never[]) => unknown>>;
/** What the library made is given whole: no one changes what is inside of it. */
const door = (name: string, args: Door['args']): Door => ({ name, args, run: all[name], depth: 0 });
const withOptions = (name: string, options: object): Door => ({
  name: `${name} with ${Object.keys(options).join(', ')}`,
  args: () => [s({ ...options })],
  run: async (given: never) => all[name]((await linear) as never, table as never, given),
});

const rows = [
  [1, 0.5, 0, 2.1],
  [2, 1.5, 1, 3.8],
  [3, 0.2, 0, 6.2],
  [4, 2.5, 1, 8.1],
  [5, 1.1, 1, 9.7],
  [6, 0.3, 0, 12.4],
  [7, 2.2, 1, 14.1],
  [8, 1.9, 0, 15.6],
];
const table = asTraining(parseCsv(`a,b,kind,y\n${rows.map((row) => row.join(',')).join('\n')}\n`));
const features = ['a', 'b'];
const linear = fit(linearRegression(), table, { target: 'y', features });

const scores = () => [0.2, 0.7, 0.4, 0.9, 0.3, 0.6];
const labels = () => [0, 1, 0, 1, 1, 0];
const column = (values: number[]) => new FlatMatrix(values.length, 1, values);
const found = linear.then((model) => inference.summary(model, table));
const small = fit(linearRegression(), table, { target: 'y', features: ['a'] });
const models = async () => [inference.summary(await small, table), await found];

export const inferenceDoors: Door[] = [
  door('wilsonInterval', () => [3, 7, s({ level: 0.9 })]),
  door('areaInterval', () => [scores(), labels(), s({ level: 0.9 })]),
  door('bootstrapInterval', () => [
    meanSquaredError,
    [scores(), labels()],
    s({ level: 0.9, resamples: 10, seed: 1, stratify: labels() }),
  ]),
  door('measureIntervals', () => [
    logisticRegression(),
    column(scores()),
    column(labels()),
    s({ level: 0.9, resamples: 10, seed: 1 }),
  ]),
  door('summary', async () => [await linear, table]),
  withOptions('summary', { level: 0.9, errors: 'HC1' }),
  withOptions('summary', { clusters: 'kind', intervals: 'wald' }),
  door('diagnostics', async () => [await linear, table]),
  door('marginalEffects', async () => [await linear, table]),
  withOptions('marginalEffects', { at: 'means', level: 0.9 }),
  door('varianceInflation', async () => [await linear, table]),
  withOptions('varianceInflation', { of: 'columns' }),
  { ...door('predictions', async () => [await found, [{ a: 3, b: 1 }]]), depth: 0 },
  {
    name: 'predictions with options',
    args: () => [s({ interval: 'prediction', level: 0.9 })],
    run: async (given: never) => inference.predictions(await found, [{ a: 3, b: 1 }], given),
  },
  door('compareModels', async () => [await models()]),
  {
    name: 'compareModels with options',
    args: () => [s({ test: 'F' })],
    run: async (given: never) => inference.compareModels(await models(), given),
  },
  door('sideBySide', async () => [await models()]),
  {
    name: 'sideBySide with options',
    args: () => [s({ headings: ['one', 'two'], stars: true })],
    run: async (given: never) => inference.sideBySide(await models(), given),
  },
];

/** What takes the facts of a fit, which programs and not people write. */
export const inferenceOthers: string[] = ['summaryOf'];
