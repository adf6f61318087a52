import { FlatMatrix, type NdArrayLike, toFlatMatrix } from '@steepest/autodiff';
import {
  type ApplyOptions,
  CsvError,
  type Features,
  type FittedPreparation,
  numbers,
  type Preparation,
  select,
  type Table,
  takeRows,
} from '@steepest/datasets';
import { refusal } from '@steepest/ground';
import type { NamedColumn } from '../checks/separating-column.ts';
import type { Batch, Column } from '../families/batch.ts';
import type { Problem } from '../families/problem.ts';
import { type ClassWeights, weightsOfRows } from './class-weights.ts';
import { numbersOf } from './columns.ts';

/** Examples that are numbers already: y as the problem wants it (0 and 1, class codes, counts). */
export interface Examples {
  readonly x: FlatMatrix | NdArrayLike;
  readonly y: Column;
  /** How often each row occurred. */
  readonly weights?: Column | undefined;
  /** How exact each row is, instead: its variance is that of the others divided by this. */
  readonly analyticWeights?: Column | undefined;
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
  /** Columns to leave out of all of these, instead. */
  readonly exclude?: readonly string[];
  /** How raw columns become features; standardize() and oneHot({ dropFirst: true }) unless given. */
  readonly preparation?: Preparation | FittedPreparation;
  /** Logistic regression: the label that counts as 1; the second unless named. */
  readonly positive?: string;
  /** The column that says how often each row occurred: a weight of two is the row given twice. */
  readonly weights?: string;
  /** The column that says how exact each row is, instead: the others' variance divided by this. */
  readonly analyticWeights?: string;
  /**
   * How much the rows of each class count beside that: 'balanced', all classes alike, or by label, 1 for
   * others. It moves the probabilities: for a cost of errors alone, rather a threshold.
   */
  readonly classWeights?: ClassWeights;
  /** A column that is added to the scores as it is. */
  readonly offset?: string;
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
  readonly analyticWeights: string | undefined;
  /** In the order of the classes. */
  readonly classWeights?: readonly number[] | undefined;
  readonly offset: string | undefined;
  readonly exposure: string | undefined;
}

/** Rows as numbers; those of weight 0 are left out, so that they count nowhere. */
export interface ReadRows {
  readonly batch: Batch & {
    readonly x: FlatMatrix;
    readonly y: FlatMatrix;
    readonly weights: FlatMatrix | undefined;
    readonly offset: FlatMatrix | undefined;
  };
  /** The weights say how exact a row is, not how often it occurred. */
  readonly analytic: boolean;
}

/** Everything that is learned from. */
export interface TrainingSet extends ReadRows {
  /** With the classes that the rows tell, where it declared none. */
  readonly problem: Problem;
  readonly names: readonly string[];
  readonly reading: Reading;
  /** Columns in the units a reader knows, for messages. */
  readable(): readonly NamedColumn[];
}

export function isTable(data: unknown): data is Table {
  if (typeof data !== 'object' || data === null) return false;
  return 'schema' in data && 'columns' in data && data.columns instanceof Map;
}

/** A table with everything that is learned from it, read in the way that is decided. */
export function fromTable(
  problem: Problem,
  table: Table,
  reading: Reading,
  applied: ApplyOptions = {},
): TrainingSet {
  const rows = rowsOf(problem, table, reading, applied);
  const { features = [], names = [] } = reading.preparation ?? {};
  const raw = features.filter((name) => table.columns.get(name)?.type === 'number');
  return {
    problem,
    ...rows,
    names,
    reading,
    readable: () => raw.map((name) => ({ name, values: numbers(table, name) })),
  };
}

/** A table as rows of numbers, read in the way that was learned in training. */
export function rowsOf(
  problem: Problem,
  all: Table,
  reading: Reading,
  applied: ApplyOptions = {},
): ReadRows {
  const { counted: table, ...outcome } = outcomeIn(problem, all, reading);
  const { preparation } = reading;
  if (preparation === undefined) throw knowsNoColumns();
  // Without the target: its codes are the family's to say.
  const { data, rows, columns } = preparation.apply(select(table, preparation.features), applied);
  return {
    batch: { x: new FlatMatrix(rows, columns, data), ...outcome },
    analytic: reading.analyticWeights !== undefined,
  };
}

/** The rows that count, and what happened in them. */
export function outcomeIn(
  { family }: Problem,
  all: Table,
  reading: Reading,
): Omit<ReadRows['batch'], 'x'> & { readonly counted: Table } {
  const { preparation, target, classes = [], weights, analyticWeights } = reading;
  if (preparation === undefined) throw knowsNoColumns();
  const counts = weights ?? analyticWeights;
  const table = withoutIdleRows(all, counts);
  const y = new FlatMatrix(table.rows, 1, family.target.codes(table, target, classes));
  return {
    counted: table,
    y,
    weights: weightsOfRows(y, table, counts, reading.classWeights),
    offset: offsetOf(table, reading),
  };
}

function knowsNoColumns(): TypeError {
  return new TypeError('this model was fitted to ready features; give it { x, y }, not a table');
}

/** The rows of the table that count. */
function withoutIdleRows(table: Table, weights: string | undefined): Table {
  if (weights === undefined) return table;
  const kept = counted(numbersOf(table, weights));
  return kept === undefined ? table : takeRows(table, kept);
}

/** The rows whose weight is not 0; undefined where that is all of them. */
export function counted(weights: Float64Array): number[] | undefined {
  if (!weights.includes(0)) return undefined;
  const kept = [...weights.keys()].filter((i) => weights[i] !== 0);
  if (kept.length === 0) throw new RangeError('fit: all weights are 0, so no row counts');
  return kept;
}

/** What is added to the scores: the offset's column, and the logarithm of the exposure's. */
export function offsetOf(
  table: Table,
  { offset, exposure }: Pick<Reading, 'offset' | 'exposure'>,
): FlatMatrix | undefined {
  if (offset === undefined && exposure === undefined) return undefined;
  const sum = new FlatMatrix(table.rows, 1);
  if (offset !== undefined) sum.data.set(finiteOffset(numbersOf(table, offset), offset));
  if (exposure !== undefined) {
    logExposure(numbersOf(table, exposure), exposure).forEach((value, i) => {
      sum.data[i] += value;
    });
  }
  return sum;
}

/** The values, each of them finite: what is added to the scores. */
export function finiteOffset(values: Float64Array, column: string): Float64Array {
  const wrong = firstNotFinite(values);
  if (wrong < 0) return values;
  throw new CsvError({
    operation: 'fit',
    reason: Number.isNaN(values[wrong]) ? 'missing' : 'not-finite',
    column,
    problem: `row ${wrong + 1} is ${values[wrong]}, expected a number to add to the scores`,
    advice: 'leave such rows out',
  });
}

/** The examples that count. */
function withoutIdleExamples(rows: ReadRows): ReadRows {
  const { batch, analytic } = rows;
  const { x, y, weights, offset } = batch;
  const kept = weights && counted(weights.data);
  if (kept === undefined) return rows;
  return {
    batch: {
      x: taken(x, kept),
      y: taken(y, kept),
      weights: weights && taken(weights, kept),
      offset: offset && taken(offset, kept),
    },
    analytic,
  };
}

function taken({ columns, data }: FlatMatrix, rows: readonly number[]): FlatMatrix {
  const result = new FlatMatrix(rows.length, columns);
  rows.forEach((i, to) => {
    result.data.set(data.subarray(i * columns, (i + 1) * columns), to * columns);
  });
  return result;
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

/** The first entry that is no finite number, as an error. */
export function notFinite({ columns, data }: FlatMatrix, names: readonly string[]): CsvError {
  const wrong = firstNotFinite(data);
  return new CsvError({
    operation: 'fit',
    reason: Number.isNaN(data[wrong]) ? 'missing' : 'not-finite',
    column: names[wrong % columns],
    problem: `row ${Math.floor(wrong / columns) + 1} is ${data[wrong]}`,
    advice: 'impute it, or leave the row out',
  });
}

/** Ready numbers as a training set; a FlatMatrix and a dense ndarray are not copied. */
export function fromExamples(given: Problem, examples: Examples | Features): TrainingSet {
  if (typeof examples !== 'object' || examples === null || !('x' in examples)) {
    throw refusal('fit', 'expected a table or { x, y } of numbers', examples, 'pass split() parts');
  }
  const { weights, analyticWeights, offset, names: named } = examples as Examples;
  const x = toFlatMatrix(examples.x, 'fit');
  const y = toFlatMatrix(examples.y, 'fit');
  const names = named ?? Array.from({ length: x.columns }, (_, j) => `x${j}`);
  if (names.length !== x.columns) {
    throw new RangeError(`fit: x has ${x.columns} columns and there are ${names.length} names`);
  }
  const classes = 'classes' in examples ? examples.classes : undefined;
  const problem = given.outputs === 0 ? given.forClasses(classes ?? highest(y.data) + 1) : given;
  if (weights !== undefined && analyticWeights !== undefined) {
    throw new TypeError('fit: a row has weights or analyticWeights, not both');
  }
  const counts = weights ?? analyticWeights;
  const rows = withoutIdleExamples({
    batch: {
      x,
      y,
      weights: counts && columnOfLength('weights', counts, x.rows),
      offset: offset && columnOfLength('offset', offset, x.rows),
    },
    analytic: analyticWeights !== undefined,
  });
  finiteOffset(rows.batch.offset?.data ?? new Float64Array(0), 'offset');
  return {
    problem,
    ...rows,
    names,
    reading: {
      preparation: undefined,
      target: 'y',
      classes: problem.classes ?? classes,
      weights: undefined,
      analyticWeights: undefined,
      offset: undefined,
      exposure: undefined,
    },
    readable: () => names.map((name, j) => ({ name, values: columnOf(rows.batch.x, j) })),
  };
}

function columnOf(x: FlatMatrix, j: number): Float64Array {
  return Float64Array.from({ length: x.rows }, (_, i) => x.data[i * x.columns + j]);
}

function firstNotFinite(data: Float64Array): number {
  // x − x is 0 for finite x alone
  for (let i = 0; i < data.length; i++) if (data[i] - data[i] !== 0) return i;
  return -1;
}

function highest(codes: Float64Array): number {
  return codes.reduce((most, code) => Math.max(most, code), 0);
}

function columnOfLength(name: string, column: Column, rows: number): FlatMatrix {
  const matrix = toFlatMatrix(column, 'fit');
  if (matrix.rows === rows && matrix.columns === 1) return matrix;
  throw new RangeError(
    `fit: ${name} is ${matrix.rows}×${matrix.columns}, expected ${rows}×1, one entry per row of x`,
  );
}
