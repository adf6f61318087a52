import { FlatMatrix, type NdArrayLike, toFlatMatrix } from '@steepest/autodiff';
import {
  binaryTarget,
  CsvError,
  columnValues,
  type Features,
  type FittedPreparation,
  numbers,
  type Preparation,
  type Table,
  type Train,
} from '@steepest/datasets';
import type { NamedColumn } from '../checks/separating-column.ts';
import type { Batch, Column, Problem } from '../problems/problem.ts';
import { defaultPreparation, refuseAsFeature } from './preparation.ts';
import { classCodes, numbersOf, softmaxClasses } from './target.ts';

/** Examples that are numbers already: y as the problem wants it (0 and 1, class codes, counts). */
export interface Examples {
  readonly x: FlatMatrix | NdArrayLike;
  readonly y: Column;
  readonly weights?: Column | undefined;
  /** Added to the scores: log-exposure. */
  readonly offset?: Column | undefined;
  readonly names?: readonly string[] | undefined;
}

/** What names the roles of a table's columns. */
export interface TableOptions {
  /** The schema's target unless named. */
  readonly target?: string;
  /** All columns that are no text and have no other role, unless listed. */
  readonly features?: readonly string[];
  /** How raw columns become features; standardize() and oneHot({ dropFirst: true }) unless given. */
  readonly preparation?: Preparation | FittedPreparation;
  /** Logistic regression: the label that counts as 1; the second unless named. */
  readonly positive?: string;
  /** The column that says how much each row counts. */
  readonly weights?: string;
  /** Poisson regression: the column of times or populations over which was counted. */
  readonly exposure?: string;
}

/** A model's way from raw columns to a batch, the same for training and for later. */
export interface Reading {
  readonly preparation: FittedPreparation | undefined;
  readonly target: string;
  /** The labels of codes 0, 1, …; undefined where the target is a number. */
  readonly classes: readonly string[] | undefined;
  readonly weights: string | undefined;
  readonly exposure: string | undefined;
}

/** Everything that is learned from. */
export interface TrainingSet {
  readonly batch: Batch & { readonly x: FlatMatrix; readonly y: FlatMatrix };
  readonly names: readonly string[];
  readonly reading: Reading;
  /** Columns in the units a reader knows, for messages. */
  readonly readable: readonly NamedColumn[];
}

export function isTable(data: Table | Examples | Features): data is Table {
  if (typeof data !== 'object' || data === null) return false;
  return 'schema' in data && 'columns' in data && data.columns instanceof Map;
}

/** A training table, read as the options say. Throws for tables that are not training data. */
export function fromTable(problem: Problem, table: Train, options: TableOptions): TrainingSet {
  if (table.role !== 'train') {
    throw new TypeError(
      `fit: learns from training rows only, this table is ${table.role ?? 'not split'}; use split(), or asTraining(table)`,
    );
  }
  const given = options.preparation;
  const own = given === undefined ? undefined : 'apply' in given ? given : given.fit(table);
  const target = options.target ?? own?.target ?? table.schema.target;
  if (target === undefined) {
    throw new TypeError(
      "fit: the table has no target; name one: fit(problem, table, { target: 'y' })",
    );
  }
  columnValues(table, target, 'fit');
  const preparation = own ?? defaultPreparation(table, { ...options, target }).fit(table);
  refuseAsFeature(preparation, target, options);
  const reading: Reading = {
    preparation,
    target,
    classes: classesOf(problem, table, target, options.positive),
    weights: options.weights,
    exposure: options.exposure,
  };
  const batch = batchOf(table, reading);
  const raw = preparation.features.filter((name) => table.columns.get(name)?.type === 'number');
  return {
    batch,
    names: preparation.names,
    reading,
    readable: raw.map((name) => ({ name, values: numbers(table, name) })),
  };
}

function classesOf(
  problem: Problem,
  table: Table,
  target: string,
  positive: string | undefined,
): readonly string[] | undefined {
  if (problem.kind === 'softmax') return softmaxClasses(problem, table, target);
  if (problem.kind !== 'logistic') return undefined;
  return binaryTarget(table, target, positive === undefined ? {} : { positive }).classes;
}

/** A table as a batch, read in the way that was learned in training. */
export function batchOf(table: Table, reading: Reading): TrainingSet['batch'] {
  const { preparation, target, classes, weights, exposure } = reading;
  if (preparation === undefined) {
    throw new TypeError('this model was fitted to ready features; give it { x, y }, not a table');
  }
  const { data, rows, columns } = preparation.apply(table);
  const y = classes === undefined ? numbersOf(table, target) : classCodes(table, target, classes);
  const optional = (name: string | undefined, read: (name: string) => Float64Array) =>
    name === undefined ? undefined : new FlatMatrix(rows, 1, read(name));
  return {
    x: new FlatMatrix(rows, columns, data),
    y: new FlatMatrix(rows, 1, y),
    weights: optional(weights, (name) => numbersOf(table, name)),
    offset: optional(exposure, (name) => logExposure(numbersOf(table, name), name)),
  };
}

/** log of times or populations, which must be positive. */
export function logExposure(values: Float64Array, column: string): Float64Array {
  const wrong = values.findIndex((value) => !(value > 0 && value < Infinity));
  if (wrong < 0) return values.map(Math.log);
  throw new CsvError({
    operation: 'fit',
    reason: 'not-finite',
    column,
    problem: `the exposure of row ${wrong + 1} is ${values[wrong]}, expected a positive number`,
    advice: 'leave such rows out',
  });
}

/** Ready numbers as a training set; a FlatMatrix and a dense ndarray are not copied. */
export function fromExamples(problem: Problem, examples: Examples | Features): TrainingSet {
  const { weights, offset, names: named } = examples as Examples;
  const x = toFlatMatrix(examples.x, 'fit');
  const y = toFlatMatrix(examples.y, 'fit');
  const names = named ?? Array.from({ length: x.columns }, (_, j) => `x${j}`);
  if (names.length !== x.columns) {
    throw new RangeError(`fit: x has ${x.columns} columns and there are ${names.length} names`);
  }
  const wrong = x.data.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    const [row, column] = [Math.floor(wrong / x.columns), names[wrong % x.columns]];
    throw new CsvError({
      operation: 'fit',
      reason: Number.isNaN(x.data[wrong]) ? 'missing' : 'not-finite',
      column,
      problem: `row ${row + 1} is ${x.data[wrong]}`,
      advice: 'impute it, or leave the row out',
    });
  }
  const classes = 'classes' in examples ? examples.classes : undefined;
  return {
    batch: {
      x,
      y,
      weights: weights && toFlatMatrix(weights, 'fit'),
      offset: offset && toFlatMatrix(offset, 'fit'),
    },
    names,
    reading: {
      preparation: undefined,
      target: 'y',
      classes: problem.classes ?? classes,
      weights: undefined,
      exposure: undefined,
    },
    readable: names.map((name, j) => ({ name, values: columnOf(x, j) })),
  };
}

function columnOf(x: FlatMatrix, j: number): Float64Array {
  return Float64Array.from({ length: x.rows }, (_, i) => x.data[i * x.columns + j]);
}
