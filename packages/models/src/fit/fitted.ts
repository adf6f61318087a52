import { FlatMatrix, toFlatMatrix } from '@steepest/autodiff';
import { allocate } from '@steepest/compile';
import {
  columnValues,
  type DiskTable,
  type Features,
  type FittedPreparation,
  isOnDisk,
  type RawRow,
  select,
  sliceRows,
  type Table,
} from '@steepest/datasets';
import type { Column, Params } from '../families/batch.ts';
import type { Problem } from '../families/problem.ts';
import { calledOf } from '../metrics/confusion.ts';
import { keptSparse, sparseOf } from '../rows/examples-sparse.ts';
import { many } from '../solve/moments.ts';
import { rowSums } from '../solve/row-sums.ts';
import { affineOf } from './affine.ts';
import { coefficientsOf } from './coefficients.ts';
import type { Fitted, FittedParts } from './model.ts';
import { printFitted } from './print.ts';
import { finiteOffset, isTable, logExposure, offsetOf, type Reading } from './training-set.ts';

/** The parts with everything that follows from them. */
export function fittedOf(parts: FittedParts): Fitted {
  const { problem, params, names, reading } = parts;
  const outputs = Array.from({ length: problem.outputs }, (_, k) =>
    problem.outputs === 1 ? undefined : (reading.classes?.[k] ?? String(k)),
  );
  const predictFeatures: Fitted['predictFeatures'] = (x, offset) => {
    const matrix = toFlatMatrix(x, 'predictFeatures');
    if (matrix.columns === names.length) return predicted(problem, params, matrix, offset);
    throw new RangeError(
      `predictFeatures: x has ${matrix.columns} columns, the model has ${names.length}: ${names.slice(0, 8).join(', ')}`,
    );
  };
  const predict = (
    rows: Table | DiskTable | readonly RawRow[],
  ): FlatMatrix | Promise<FlatMatrix> => {
    if (isOnDisk(rows)) return predictedOnDisk(problem, params, rows, reading);
    if (isTable(rows) && reading.preparation !== undefined) {
      for (const name of reading.preparation.features) columnValues(rows, name, 'predict');
      return predictedIn(problem, params, rows, reading);
    }
    const { x, offset } = featuresOf(rows as readonly RawRow[], reading);
    return predictFeatures(x, offset);
  };
  const coefficients = coefficientsOf(params, names, outputs, reading.preparation);
  const fitted: Fitted = {
    ...parts,
    coefficients,
    classes: reading.classes,
    predict: predict as Fitted['predict'],
    predictFeatures,
    classify: ((rows: Table | DiskTable | readonly RawRow[]) => {
      const classes = namesOfClasses(problem, reading);
      if (classes.length === 0) {
        throw new TypeError(`classify: a model of ${problem.name} predicts numbers; use predict`);
      }
      const called = (p: FlatMatrix): string[] => Array.from(calledOf(p), (code) => classes[code]);
      const p = predict(rows);
      return p instanceof Promise ? p.then(called) : called(p);
    }) as Fitted['classify'],
  };
  Object.defineProperty(fitted, 'toString', { value: () => printFitted(fitted) });
  return fitted;
}

/** What the problem predicts; for many rows by a compiled pass, with the same results up to rounding. */
function predicted(
  problem: Problem,
  params: Params,
  x: FlatMatrix,
  offset: Column | undefined,
  fast: boolean = x.data.length >= many,
): FlatMatrix {
  if (!fast) return problem.predict(params, x, offset);
  const rows = offset === undefined ? { x } : { x, offset: toFlatMatrix(offset) };
  return rowSums(problem.family, true, x.data.length).means(affineOf(problem, params), rows);
}

/** So many rows are prepared at a time, in one place: fresh memory for all would cost more than the work. */
const atOnce = 4096;

/** What is predicted for the rows of a table, in their order. */
export function predictedIn(
  problem: Problem,
  params: Params,
  table: Table,
  reading: Reading,
  room?: Float64Array,
): FlatMatrix {
  const preparation = expectPreparation(reading);
  const offset = offsetOf(table, reading);
  if (keptSparse(table, preparation)) return predictedSparse(problem, params, table, reading);
  // Without the target column, whose labels (or holes) are of no concern here.
  const features = select(table, preparation.features);
  const columns = preparation.names.length;
  const fast = room !== undefined || table.rows * columns >= many;
  const kept = room ?? (fast ? allocate : arrayOf)(Math.min(atOnce, table.rows) * columns);
  const height = columns === 0 ? Math.min(atOnce, table.rows) : kept.length / columns;
  const result = new FlatMatrix(table.rows, problem.outputs);
  for (let from = 0; from < table.rows; from += height) {
    const to = Math.min(from + height, table.rows);
    preparation.apply(sliceRows(features, from, to), {
      allocate: (length) => kept.subarray(0, length),
      rowNumber: (i) => from + i,
    });
    // Compiled, rows of before fill up the last part: one program serves all parts.
    const rows = fast ? height : to - from;
    const x = new FlatMatrix(rows, columns, kept.subarray(0, rows * columns));
    const part = offset && new FlatMatrix(rows, 1);
    part?.data.set(offset!.data.subarray(from, to));
    const { data } = predicted(problem, params, x, part, fast);
    const { outputs } = problem;
    result.data.set(data.subarray(0, (to - from) * outputs), from * outputs);
  }
  return result;
}

/** The same by a sparse matrix: one-hot columns of many levels cost what their ones do. */
export function predictedSparse(
  problem: Problem,
  params: Params,
  table: Table,
  reading: Reading,
): FlatMatrix {
  const offset = offsetOf(table, reading);
  // Compiled products take a sparse matrix in place of any other.
  const x = sparseOf(table, expectPreparation(reading)) as unknown as FlatMatrix;
  const rows = offset === undefined ? { x } : { x, offset };
  return rowSums(problem.family, true).means(affineOf(problem, params), rows);
}

function arrayOf(length: number): Float64Array {
  return new Float64Array(length);
}

/** The same for rows on disk, the next ones read while some are worked on. */
async function predictedOnDisk(
  problem: Problem,
  params: Params,
  table: DiskTable,
  reading: Reading,
): Promise<FlatMatrix> {
  const { features, names } = expectPreparation(reading);
  const room = table.rows * names.length >= many ? allocate(atOnce * names.length) : undefined;
  const { offset, exposure } = reading;
  const wanted = [...features, offset, exposure].filter((name) => name !== undefined);
  const result = new FlatMatrix(table.rows, problem.outputs);
  for await (const scanned of table.scan(undefined, [...new Set(wanted)])) {
    const { data, rows, columns } = predictedIn(problem, params, scanned.table, reading, room);
    if ('from' in scanned) result.data.set(data, scanned.from * columns);
    else {
      for (let i = 0; i < rows; i++) {
        const row = data.subarray(i * columns, (i + 1) * columns);
        result.data.set(row, scanned.at[i] * columns);
      }
    }
  }
  return result;
}

function expectPreparation({ preparation }: Reading): FittedPreparation {
  if (preparation !== undefined) return preparation;
  throw new TypeError(
    'predict: this model was fitted to ready features and knows no raw columns; use predictFeatures(x)',
  );
}

/** The labels of the codes 0, 1, …; the codes themselves where they have none. */
export function namesOfClasses(problem: Problem, reading: Reading): readonly string[] {
  if (problem.family.target.classes === undefined) return [];
  return (
    reading.classes ?? Array.from({ length: Math.max(2, problem.outputs) }, (_, k) => String(k))
  );
}

/** Rows as prepared features, with what is added to their scores. */
export function featuresOf(
  rows: Table | readonly RawRow[],
  reading: Reading,
): { x: FlatMatrix; offset?: FlatMatrix | undefined } {
  const preparation = expectPreparation(reading);
  if (isList(rows)) {
    const x = new FlatMatrix(rows.length, preparation.names.length);
    rows.forEach((row, i) => {
      x.data.set(rowFeatures(preparation, row, i).data, i * x.columns);
    });
    return { x, offset: offsetOfRows(rows, reading) };
  }
  if (!isTable(rows)) {
    throw new TypeError(
      'predict: expected a table or an array of rows; put a single row in an array: predict([{ … }]), and give prepared numbers to predictFeatures',
    );
  }
  for (const name of preparation.features) columnValues(rows, name, 'predict');
  // Without the target column, whose labels (or holes) are of no concern here.
  const { data, columns } = preparation.apply(select(rows, preparation.features));
  return { x: new FlatMatrix(rows.rows, columns, data), offset: offsetOf(rows, reading) };
}

function offsetOfRows(
  rows: readonly RawRow[],
  { offset, exposure }: Reading,
): FlatMatrix | undefined {
  if (offset === undefined && exposure === undefined) return undefined;
  const values = (name: string) => Float64Array.from(rows, (row) => Number(cellOf(row, name)));
  const sum = new FlatMatrix(rows.length, 1);
  if (offset !== undefined) sum.data.set(finiteOffset(values(offset), offset));
  if (exposure !== undefined) {
    logExposure(values(exposure), exposure).forEach((value, i) => {
      sum.data[i] += value;
    });
  }
  return sum;
}

/** The features of the i-th row of a list; what is wrong with it is said with its number. */
function rowFeatures(preparation: FittedPreparation, row: RawRow, i: number): Features {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) {
    throw new TypeError(
      `predict: row ${i + 1} must be an object of values by column: ${preparation.features.slice(0, 8).join(', ')}`,
    );
  }
  try {
    return preparation.applyRow(row);
  } catch (error) {
    if (error instanceof Error) {
      error.message = error.message.replace(/^\w+: /, `predict: row ${i + 1}, `);
    }
    throw error;
  }
}

function isList(rows: Table | readonly RawRow[]): rows is readonly RawRow[] {
  return Array.isArray(rows);
}

function cellOf(row: RawRow, name: string): unknown {
  if (row instanceof Map) return row.get(name);
  return Object.hasOwn(row, name) ? (row as Readonly<Record<string, unknown>>)[name] : undefined;
}
