import { FlatMatrix } from '@steepest/autodiff';
import type { Table } from '@steepest/datasets';
import { quotedList } from '../checks/warning.ts';
import type { Problem } from '../families/problem.ts';
import { numbersOf } from './columns.ts';

/** How much the rows of each class count: all classes alike, or by label, 1 for others. */
export type ClassWeights = 'balanced' | Readonly<Record<string, number>>;

/**
 * The weights in the order of the classes' codes. Balanced are n / (K n_k), by weights, as in scikit-learn.
 * `rows` is the target's column, with all rows in it.
 */
export function weightsOfClasses(
  wanted: ClassWeights,
  problem: Problem,
  classes: readonly string[],
  rows: Table,
  target: string,
  weights: Float64Array | undefined,
): readonly number[] {
  if (wanted !== 'balanced') {
    const unknown = Object.keys(wanted).filter((label) => !classes.includes(label));
    if (unknown.length === 0) return classes.map((label) => wanted[label] ?? 1);
    throw new RangeError(
      `fit: classWeights has ${quotedList(unknown)}, and the classes of "${target}" are ${quotedList(classes)}`,
    );
  }
  const totals = new Float64Array(classes.length);
  const codes = problem.family.target.codes(rows, target, classes);
  codes.forEach((code, i) => {
    totals[code] += weights?.[i] ?? 1;
  });
  const all = totals.reduce((sum, total) => sum + total, 0);
  const occurring = totals.filter((total) => total > 0).length;
  return Array.from(totals, (total) => (total > 0 ? all / (occurring * total) : 1));
}

/** The weights of rows times those of their classes; undefined where there are neither. */
export function weightsOfRows(
  y: FlatMatrix,
  table: Table,
  column: string | undefined,
  ofClasses: readonly number[] | undefined,
): FlatMatrix | undefined {
  const own = column === undefined ? undefined : numbersOf(table, column);
  if (ofClasses === undefined) return own && new FlatMatrix(y.rows, 1, own);
  return new FlatMatrix(
    y.rows,
    1,
    y.data.map((code, i) => ofClasses[code] * (own?.[i] ?? 1)),
  );
}
