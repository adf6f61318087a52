import { FlatMatrix, toFlatMatrix } from '@steepest/autodiff';
import { type RawRow, select, type Table } from '@steepest/datasets';
import { mostLikely } from '../metrics/confusion.ts';
import type { Problem } from '../problems/problem.ts';
import { coefficientsOf } from './coefficients.ts';
import type { Fitted, FittedParts } from './model.ts';
import { printFitted } from './print.ts';
import { numbersOf } from './target.ts';
import { logExposure, type Reading } from './training-set.ts';

/** The parts with everything that follows from them. */
export function fittedOf(parts: FittedParts): Fitted {
  const { problem, params, names, reading } = parts;
  const outputs = Array.from({ length: problem.outputs }, (_, k) =>
    problem.outputs === 1 ? undefined : (reading.classes?.[k] ?? String(k)),
  );
  const predictFeatures: Fitted['predictFeatures'] = (x, offset) => {
    const matrix = toFlatMatrix(x, 'predictFeatures');
    if (matrix.columns === names.length) return problem.predict(params, matrix, offset);
    throw new RangeError(
      `predictFeatures: x has ${matrix.columns} columns, the model has ${names.length}: ${names.slice(0, 8).join(', ')}`,
    );
  };
  const predict: Fitted['predict'] = (rows) => {
    const { x, offset } = featuresOf(rows, reading);
    return predictFeatures(x, offset);
  };
  const coefficients = coefficientsOf(params, names, outputs, reading.preparation);
  const fitted: Fitted = {
    ...parts,
    coefficients,
    classes: reading.classes,
    predict,
    predictFeatures,
    classify(rows) {
      const classes = namesOfClasses(problem, reading);
      if (classes.length === 0) {
        throw new TypeError(`classify: a model of ${problem.name} predicts numbers; use predict`);
      }
      const p = predict(rows);
      const codes = p.columns > 1 ? mostLikely(p) : p.data.map((v) => (v >= 0.5 ? 1 : 0));
      return Array.from(codes, (code) => classes[code]);
    },
  };
  Object.defineProperty(fitted, 'toString', { value: () => printFitted(fitted) });
  return fitted;
}

/** The labels of the codes 0, 1, …; the codes themselves where they have none. */
export function namesOfClasses(problem: Problem, reading: Reading): readonly string[] {
  if (problem.kind !== 'logistic' && problem.kind !== 'softmax') return [];
  return (
    reading.classes ?? Array.from({ length: Math.max(2, problem.outputs) }, (_, k) => String(k))
  );
}

function featuresOf(
  rows: Table | readonly RawRow[],
  { preparation, exposure }: Reading,
): { x: FlatMatrix; offset?: FlatMatrix } {
  if (preparation === undefined) {
    throw new TypeError(
      'predict: this model was fitted to ready features and knows no raw columns; use predictFeatures(x)',
    );
  }
  if (isList(rows)) {
    const x = new FlatMatrix(rows.length, preparation.names.length);
    rows.forEach((row, i) => {
      x.data.set(preparation.applyRow(row).data, i * x.columns);
    });
    if (exposure === undefined) return { x };
    const values = Float64Array.from(rows, (row) => Number(cellOf(row, exposure)));
    return { x, offset: new FlatMatrix(rows.length, 1, logExposure(values, exposure)) };
  }
  // Without the target column, whose labels (or holes) are of no concern here.
  const { data, columns } = preparation.apply(select(rows, preparation.features));
  const x = new FlatMatrix(rows.rows, columns, data);
  if (exposure === undefined) return { x };
  return {
    x,
    offset: new FlatMatrix(rows.rows, 1, logExposure(numbersOf(rows, exposure), exposure)),
  };
}

function isList(rows: Table | readonly RawRow[]): rows is readonly RawRow[] {
  return Array.isArray(rows);
}

function cellOf(row: RawRow, name: string): unknown {
  if (row instanceof Map) return row.get(name);
  return Object.hasOwn(row, name) ? (row as Readonly<Record<string, unknown>>)[name] : undefined;
}
