import { CsvError, columnValues, type Table, type Values } from '@steepest/datasets';
import { quotedList } from '../checks/warning.ts';

/** A column of numbers without holes; truth values count as 0 and 1. Numbers are not copied. */
export function numbersOf(table: Table, name: string): Float64Array {
  const column = columnValues(table, name, 'fit');
  if (column.type !== 'number' && column.type !== 'boolean') {
    throw new TypeError(
      `fit: the column "${name}" holds ${{ text: 'text', date: 'dates', category: 'labels' }[column.type]}, not numbers; ` +
        'for a target of labels use logisticRegression or softmaxRegression',
    );
  }
  const hole = firstHole(column);
  if (hole >= 0) throw missing(table, name, `row ${hole + 1} of the table has no value`);
  return column.type === 'number' ? column.values : Float64Array.from(column.values);
}

/** Each row's label as its place among `classes`. Throws a CsvError for other labels and for holes. */
export function classCodes(table: Table, name: string, classes: readonly string[]): Float64Array {
  const column = columnValues(table, name, 'fit');
  const codes = new Map(classes.map((label, k) => [label, k]));
  const codeOf = (label: string) => codes.get(label) ?? -1;
  const result = coded(column, codeOf);
  const wrong = result.indexOf(-1);
  if (wrong < 0) return result;
  if (firstHole(column) === wrong) {
    throw missing(table, name, `row ${wrong + 1} of the table has no label`);
  }
  throw new CsvError({
    operation: 'fit',
    reason: 'unknown-category',
    file: table.file,
    column: name,
    problem: `row ${wrong + 1} has the label ${JSON.stringify(labelOf(column, wrong))}, expected one of ${quotedList(classes)}`,
    advice: 'the model knows the classes of its training rows only',
  });
}

/** Every cell through `codeOf`; a category's levels once, not its rows. */
function coded(column: Values, codeOf: (label: string) => number): Float64Array {
  const rows = column.type === 'category' ? column.codes.length : column.values.length;
  const result = new Float64Array(rows);
  if (column.type === 'category') {
    const byLevel = column.levels.map(codeOf);
    for (let i = 0; i < rows; i++) {
      const code = column.codes[i];
      result[i] = code < 0 ? -1 : byLevel[code];
    }
    return result;
  }
  const known = new Map<number | string | null, number>();
  // The last two cells that differed: with two labels no row needs the map.
  let [here, before] = [Number.NaN, Number.NaN] as (number | string | null)[];
  let [codeHere, codeBefore] = [0, 0];
  for (let i = 0; i < rows; i++) {
    const cell = column.values[i];
    if (cell === here) {
      result[i] = codeHere;
    } else if (cell === before) {
      result[i] = codeBefore;
    } else {
      let code = known.get(cell);
      if (code === undefined) {
        code = codeOf(labelOf(column, i));
        known.set(cell, code);
      }
      [before, codeBefore] = [here, codeHere];
      [here, codeHere] = [cell, code];
      result[i] = code;
    }
  }
  return result;
}

function labelOf(column: Values, i: number): string {
  if (column.type === 'category') return column.levels[column.codes[i]];
  if (column.type === 'boolean') return ['false', 'true'][column.values[i]] ?? '';
  return String(column.values[i]);
}

/** The first row without a value; −1 where every row has one. */
export function firstHole(column: Values): number {
  if (column.type === 'number' || column.type === 'date') {
    const { values } = column;
    for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) return i;
    return -1;
  }
  if (column.type === 'text') return column.values.indexOf(null);
  return (column.type === 'category' ? column.codes : column.values).findIndex((code) => code < 0);
}

/** How many rows have no value. */
export function holesIn(column: Values): number {
  if (firstHole(column) < 0) return 0;
  let holes = 0;
  if (column.type === 'number' || column.type === 'date') {
    for (const value of column.values) if (Number.isNaN(value)) holes++;
  } else if (column.type === 'text') {
    for (const value of column.values) if (value === null) holes++;
  } else {
    const codes = column.type === 'category' ? column.codes : column.values;
    for (let i = 0; i < codes.length; i++) if (codes[i] < 0) holes++;
  }
  return holes;
}

function missing(table: Table, column: string, problem: string): CsvError {
  return new CsvError({
    operation: 'fit',
    reason: 'missing',
    file: table.file,
    column,
    problem,
    advice: "drop such rows while reading: missing: { policy: 'drop' }",
  });
}
