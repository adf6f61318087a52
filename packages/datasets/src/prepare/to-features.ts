import { refusal } from '@steepest/ground';
import { CsvError } from '../error.ts';
import { type Features, featuresOf } from '../features.ts';
import { type Frame, type NumericColumn, rowName } from '../steps/frame.ts';
import { cellAt, type Table, type Values } from '../table/table.ts';
import { writeRows } from './write-rows.ts';

type Allocate = (length: number) => Float64Array;

function arrayOf(length: number, allocate: Allocate): Float64Array {
  const made: unknown = allocate(length);
  if (made instanceof Float64Array && made.length === length) return made;
  const expected = `allocate must return a Float64Array of length ${length}`;
  throw refusal('apply', expected, made, 'pass allocate of @steepest/compile');
}

/** The columns of the last step, written row by row into one buffer; none may hold labels or holes. */
export function toFeatures(
  frame: Frame,
  table: Table,
  target: TargetCode | undefined,
  allocate: Allocate = (length) => new Float64Array(length),
): Features {
  const columns = expectNumbers(frame);
  const data = arrayOf(frame.rows * columns.length, allocate);
  const wrong = writeRows(columns, frame.rows, data);
  if (wrong !== undefined) {
    const { name, values } = columns[wrong.column];
    throw notFinite(name, values[wrong.row], rowName(frame, wrong.row), table.file);
  }
  return featuresOf({
    data,
    names: columns.map(({ name }) => name),
    rows: frame.rows,
    y: target === undefined ? undefined : encode(table, target, allocate, (i) => rowName(frame, i)),
    classes: target?.classes,
  });
}

/** The columns of the last step, all of numbers. */
export function expectNumbers(frame: Frame): NumericColumn[] {
  return frame.columns.map((column): NumericColumn => {
    if (column.kind === 'number') return column;
    const [what, step] = column.kind === 'date' ? ['dates', 'dates()'] : ['labels', 'oneHot()'];
    throw new TypeError(
      `prepare: the column "${column.name}" still holds ${what} after the last step; add ${step}, or leave it out`,
    );
  });
}

export function notFinite(
  column: string,
  value: number,
  row: string,
  file: string | undefined,
): CsvError {
  const hole = Number.isNaN(value);
  return new CsvError({
    operation: 'prepare',
    reason: hole ? 'missing' : 'not-finite',
    file,
    column,
    problem: hole ? `${row} of the table has no value` : `${row} of the table became ${value}`,
    advice: hole ? 'add impute() before the other steps' : 'standardize before taking powers',
  });
}

/** How a target becomes numbers: as it is, or as indices into `classes`. */
export interface TargetCode {
  readonly name: string;
  readonly classes?: readonly string[] | undefined;
}

/** The code of a target column of this type; classes are its levels in their order. */
export function targetCode(
  name: string,
  type: Values['type'] | undefined,
  levels: readonly string[],
): TargetCode {
  if (type === 'category') return { name, classes: levels };
  if (type === 'boolean') return { name, classes: ['false', 'true'] };
  if (type === 'number') return { name };
  throw new TypeError(
    `prepare: the target "${name}" holds ${type === 'date' ? 'dates' : 'text'}; declare it number(), boolean() or category()`,
  );
}

function encode(
  table: Table,
  { name, classes }: TargetCode,
  allocate: Allocate,
  nameOf: (i: number) => string,
): Float64Array | undefined {
  const column = table.columns.get(name);
  if (column === undefined) return undefined;
  const codes = arrayOf(table.rows, allocate);
  const plain = classes === undefined && column.type === 'number';
  if (plain && firstNaN(column.values) < 0) {
    codes.set(column.values);
    return codes;
  }
  const index = new Map(classes?.map((label, i) => [label, i]));
  const codeOf = (i: number): number => {
    const cell = cellAt(column, i);
    const code = classes === undefined ? Number(cell ?? Number.NaN) : index.get(String(cell));
    if (code !== undefined && !Number.isNaN(code)) return code;
    const hole = cell === null || Number.isNaN(cell);
    throw new CsvError({
      operation: 'prepare',
      reason: hole ? 'missing' : 'unknown-category',
      file: table.file,
      column: name,
      problem: hole
        ? `${nameOf(i)} of the table has no value in the target column`
        : `${nameOf(i)} of the table has the label "${cell}", which training did not see`,
      advice: hole
        ? "drop such rows while reading: missing: { policy: 'drop' }"
        : 'declare the levels in the schema',
    });
  };
  for (let i = 0; i < codes.length; i++) codes[i] = codeOf(i);
  return codes;
}

function firstNaN(values: Float64Array): number {
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) return i;
  return -1;
}
