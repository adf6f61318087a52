import type { Io } from '../io.ts';
import type { Output } from '../output/output.ts';
import type { Given } from './given.ts';
import { everywhere, type OptionName, reading } from './options.ts';

/** What a command answers; undefined where it has written its answer itself. */
export type Run = (given: Given, io: Io) => Promise<Output | undefined>;

export interface Command {
  readonly summary: string;
  /** Its arguments, as --help shows them, and how many there may be. */
  readonly arguments: string;
  readonly most: number;
  readonly options: readonly OptionName[];
  readonly examples: readonly string[];
  /** Loads what the command needs, which --help does without. */
  readonly load: () => Promise<{ readonly run: Run }>;
}

const model: readonly OptionName[] = [
  'family',
  'features',
  'exclude',
  'penalty',
  'weights',
  'offset',
];

/** A command is one entry here and one file in commands/. */
export const commands: Readonly<Record<string, Command>> = {
  inspect: {
    summary: 'what a file holds: types, holes, ranges, warnings, and a schema to keep',
    arguments: 'data.csv',
    most: 1,
    options: ['target', ...reading, ...everywhere],
    examples: [
      'steepest inspect data.csv --target y',
      'steepest inspect data.csv --schema schema.json    # writes it if it is not there',
    ],
    load: () => import('../commands/inspect.ts'),
  },
  train: {
    summary: 'fit a model, judge it on rows it did not see, and keep it',
    arguments: 'data.csv',
    most: 1,
    options: [
      'target',
      ...model,
      'cv',
      'test',
      'seed',
      'split-by',
      'test-file',
      'optimizer',
      'rate',
      'batch',
      'epochs',
      'checkpoint',
      'resume',
      'bootstrap',
      'errors',
      'save',
      'report',
      'quiet',
      ...reading,
      ...everywhere,
    ],
    examples: [
      'steepest train data.csv --target y',
      'steepest train data.csv --target y --penalty auto --save model.json --report report.html',
      'steepest train data.csv --target y --optimizer adam --rate 0.01 --batch 32 --epochs 50',
    ],
    load: () => import('../commands/train.ts'),
  },
  predict: {
    summary:
      'predict new rows, streaming: from a file or standard input, to a file or standard output',
    arguments: 'model.json [new.csv]',
    most: 2,
    options: [
      'out',
      'keep',
      'proba',
      'spreadsheet-safe',
      'format',
      'delimiter',
      'table',
      ...everywhere,
    ],
    examples: [
      'steepest predict model.json new.csv -o predicted.csv --keep',
      'cat new.csv | steepest predict model.json > predicted.csv',
    ],
    load: () => import('../commands/predict.ts'),
  },
  evaluate: {
    summary: 'judge a model on rows with known targets',
    arguments: 'model.json test.csv',
    most: 2,
    options: ['bootstrap', 'seed', ...reading, ...everywhere],
    examples: ['steepest evaluate model.json test.csv'],
    load: () => import('../commands/evaluate.ts'),
  },
  explain: {
    summary: 'what a model says: coefficients, what happened to each column, one prediction',
    arguments: 'model.json',
    most: 1,
    options: ['row', 'format', 'delimiter', 'table', ...everywhere],
    examples: ['steepest explain model.json', 'steepest explain model.json --row new.csv:17'],
    load: () => import('../commands/explain.ts'),
  },
  path: {
    summary: 'models for many strengths of a penalty, judged by cross-validation',
    arguments: 'data.csv',
    most: 1,
    options: ['target', ...model, 'cv', 'seed', ...reading, ...everywhere],
    examples: [
      'steepest path data.csv --target y --penalty l1',
      'steepest path data.csv --target y --penalty elastic=0.5',
    ],
    load: () => import('../commands/path.ts'),
  },
  check: {
    summary: 'the gradient of the model on the data, in every mode of differentiation',
    arguments: 'data.csv',
    most: 1,
    options: ['target', 'family', 'features', 'exclude', 'penalty', ...reading, ...everywhere],
    examples: ['steepest check data.csv --target y'],
    load: () => import('../commands/check.ts'),
  },
  compare: {
    summary: 'optimizers side by side: loss against passes and seconds, from the same start',
    arguments: 'data.csv',
    most: 1,
    options: [
      'target',
      ...model,
      'optimizers',
      'batch',
      'epochs',
      'seed',
      ...reading,
      ...everywhere,
    ],
    examples: ['steepest compare data.csv --target y --optimizers sgd,momentum,adam --batch 32'],
    load: () => import('../commands/compare.ts'),
  },
  export: {
    summary: 'a model as an SQL expression over the columns of a table',
    arguments: 'model.json',
    most: 1,
    options: ['to', ...everywhere],
    examples: ['steepest export model.json --to duckdb > score.sql'],
    load: () => import('../commands/export.ts'),
  },
};
