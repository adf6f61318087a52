import { CsvError, cellAt, columnValues, encodeTarget, type Table } from '@steepest/datasets';
import { quotedList } from '../checks/caution.ts';
import type { Problem } from '../problems/problem.ts';

/** A column of numbers without holes; truth values count as 0 and 1. */
export function numbersOf(table: Table, name: string): Float64Array {
  const column = columnValues(table, name, 'fit');
  if (column.type !== 'number' && column.type !== 'boolean') {
    throw new TypeError(
      `fit: the column "${name}" holds ${column.type === 'text' ? 'text' : 'labels'}, not numbers; ` +
        'for a target of labels use logisticRegression or softmaxRegression',
    );
  }
  return Float64Array.from({ length: table.rows }, (_, i) => {
    const cell = cellAt(column, i);
    if (cell !== null && !Number.isNaN(cell)) return Number(cell);
    throw new CsvError({
      operation: 'fit',
      reason: 'missing',
      file: table.file,
      column: name,
      problem: `row ${i + 1} of the table has no value`,
      advice: "drop such rows while reading: missing: { policy: 'drop' }",
    });
  });
}

/** Each row's label as its place among `classes`. Throws a CsvError for other labels and for holes. */
export function classCodes(table: Table, name: string, classes: readonly string[]): Float64Array {
  const column = columnValues(table, name, 'fit');
  const codes = new Map(classes.map((label, k) => [label, k]));
  return Float64Array.from({ length: table.rows }, (_, i) => {
    const cell = cellAt(column, i);
    const hole = cell === null || Number.isNaN(cell);
    const code = hole ? undefined : codes.get(String(cell));
    if (code !== undefined) return code;
    throw new CsvError({
      operation: 'fit',
      reason: hole ? 'missing' : 'unknown-category',
      file: table.file,
      column: name,
      problem: hole
        ? `row ${i + 1} of the table has no label`
        : `row ${i + 1} has the label ${JSON.stringify(String(cell))}, expected one of ${quotedList(classes)}`,
      advice: hole
        ? "drop such rows while reading: missing: { policy: 'drop' }"
        : 'the model knows the classes of its training rows only',
    });
  });
}

/** The classes of a softmax problem: those it names, or those of the training rows, as many. */
export function softmaxClasses(problem: Problem, table: Table, target: string): readonly string[] {
  if (problem.classes !== undefined) return problem.classes;
  const { classes } = encodeTarget(table, target, { operation: 'fit' });
  if (classes.length === problem.outputs) return classes;
  throw new RangeError(
    `fit: the problem was declared with ${problem.outputs} classes, the column "${target}" has ` +
      `${classes.length}: ${quotedList(classes)}; name them: softmaxRegression({ classes: [${quotedList(classes)}] })`,
  );
}
