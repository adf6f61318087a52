import { argument, either, infinite, refusal, required, show, wholeNumber } from '@steepest/ground';
import { columnNames } from '../column-names.ts';
import { unknownColumn } from '../nearest.ts';
import { type Columns, columnOf, type Schema } from '../schema/schema.ts';
import { expectTable } from './expect-table.ts';
import { printed } from './printed.ts';
import type { Table, Values } from './table.ts';

/**
 * The rows with these indices, in this order, copied.
 *
 * @example
 * takeRows(table, [4, 2]) // two rows
 */
export function takeRows<C extends Columns>(table: Table<C>, indices: ArrayLike<number>): Table<C> {
  expectTable('takeRows', table);
  if (typeof indices !== 'object' || !Number.isSafeInteger(indices?.length)) {
    throw refusal('takeRows', 'the indices must be a list of row numbers', indices, 'try [0, 1]');
  }
  const outside = Array.prototype.findIndex.call(
    indices,
    (i: number) => !(Number.isInteger(i) && i >= 0 && i < table.rows),
  );
  if (outside >= 0) {
    throw new RangeError(
      `takeRows: there is no row ${show(indices[outside])}; the table has ${table.rows}`,
    );
  }
  return withRows(table, indices.length, (column) => gather(column, indices));
}

/**
 * Rows from `start` up to, not including, `end`; typed columns are views, not copies.
 *
 * @example
 * sliceRows(table, 0, 100)
 */
export function sliceRows<C extends Columns>(
  table: Table<C>,
  start: number,
  end: number,
): Table<C> {
  expectTable('sliceRows', table);
  const row = required(either(wholeNumber(0), infinite()));
  argument('sliceRows', 'start', start, row);
  argument('sliceRows', 'end', end, row);
  const from = Math.max(0, Math.min(start, table.rows));
  const to = Math.max(from, Math.min(end, table.rows));
  return withRows(table, to - from, (column) => view(column, from, to));
}

/**
 * The first rows, five unless said.
 *
 * @example
 * head(table, 3).rows // 3
 */
export function head<C extends Columns>(table: Table<C>, rows = 5): Table<C> {
  expectTable('head', table);
  return sliceRows(table, 0, argument('head', 'rows', rows, wholeNumber(0, 5)));
}

/**
 * The table with only these columns, in this order. A target that is not among them is forgotten.
 * Throws a CsvError ('unknown-column').
 *
 * @example
 * select(table, ['x', 'y']).names // ['x', 'y']
 */
export function select<C extends Columns, N extends keyof C & string>(
  table: Table<C>,
  names: readonly N[],
): Table<Pick<C, N>> {
  expectTable('select', table);
  argument('select', 'names', names, required(columnNames));
  const columns = new Map<string, Values>();
  for (const name of names) {
    const column = table.columns.get(name);
    if (column === undefined)
      throw unknownColumn('select', name, table.names, { file: table.file });
    columns.set(name, column);
  }
  const { target, others } = table.schema;
  const schema: Schema<Pick<C, N>> = {
    columns: [...columns.keys()].map((name) => columnOf(table.schema, name)!),
    ...(target !== undefined && columns.has(target) ? { target } : {}),
    ...(others === undefined ? {} : { others }),
  };
  return printed({ ...table, schema, names: [...columns.keys()], columns });
}

function withRows<C extends Columns>(
  table: Table<C>,
  rows: number,
  change: (column: Values) => Values,
): Table<C> {
  const columns = new Map<string, Values>();
  for (const [name, column] of table.columns) columns.set(name, change(column));
  return printed({ ...table, rows, columns });
}

function gather(column: Values, indices: ArrayLike<number>): Values {
  if (column.type === 'text') {
    return { ...column, values: Array.from(indices, (i) => column.values[i]) };
  }
  if (column.type === 'category') {
    const codes = new Int32Array(indices.length);
    for (let i = 0; i < codes.length; i++) codes[i] = column.codes[indices[i]];
    return { ...column, codes };
  }
  const { values } = column;
  const picked =
    values instanceof Float64Array
      ? new Float64Array(indices.length)
      : new Int8Array(indices.length);
  for (let i = 0; i < picked.length; i++) picked[i] = values[indices[i]];
  return { ...column, values: picked } as Values;
}

function view(column: Values, from: number, to: number): Values {
  if (column.type === 'text') return { ...column, values: column.values.slice(from, to) };
  if (column.type === 'category') return { ...column, codes: column.codes.subarray(from, to) };
  return { ...column, values: column.values.subarray(from, to) } as Values;
}
