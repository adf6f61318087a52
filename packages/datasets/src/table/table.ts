import { argument, refusal, required, show } from '@steepest/ground';
import { columnName } from '../column-names.ts';
import { unknownColumn } from '../nearest.ts';
import type { Columns, RowOf, Schema } from '../schema/schema.ts';
import type { Warning } from '../warning.ts';
import { expectTable, isColumn } from './expect-table.ts';

/** Numbers; NaN is a hole. */
export interface NumberValues {
  readonly type: 'number';
  readonly values: Float64Array;
}

/** Labels as indices into `levels`; −1 is a hole. */
export interface CategoryValues {
  readonly type: 'category';
  readonly codes: Int32Array;
  readonly levels: readonly string[];
}

/** Truth values as 1 and 0; −1 is a hole. */
export interface BooleanValues {
  readonly type: 'boolean';
  readonly values: Int8Array;
}

/** Dates as milliseconds since 1970 in UTC, as Date counts; NaN is a hole. */
export interface DateValues {
  readonly type: 'date';
  readonly values: Float64Array;
}

/** Texts; null is a hole. */
export interface TextValues {
  readonly type: 'text';
  readonly values: readonly (string | null)[];
}

export type Values = NumberValues | CategoryValues | BooleanValues | DateValues | TextValues;

/** What a part of the data is for: preparations are fitted on 'train' alone. */
export type Role = 'train' | 'validation' | 'test';

/** Rows under named, typed columns. Nothing in a table is ever changed: functions return new ones. */
export interface Table<C extends Columns = Columns> {
  readonly schema: Schema<C>;
  readonly rows: number;
  /** The columns that were read, in the file's order. */
  readonly names: readonly string[];
  readonly columns: ReadonlyMap<string, Values>;
  /** Rows left out because a cell was missing and the policy was 'drop'. */
  readonly droppedRows: number;
  readonly warnings: readonly Warning[];
  readonly file?: string;
  readonly role?: Role;
}

/** A table that may be learned from. */
export type Train<T extends { readonly role?: Role } = Table> = T & { readonly role: 'train' };
/** A table for choosing between models. */
export type Validation<T extends { readonly role?: Role } = Table> = T & {
  readonly role: 'validation';
};
/** A table for judging the chosen model, once. */
export type Test<T extends { readonly role?: Role } = Table> = T & { readonly role: 'test' };

/**
 * One column of a table. Throws a CsvError ('unknown-column') that suggests near names.
 *
 * @example
 * const column = columnValues(table, 'species');
 * if (column.type === 'category') console.log(column.levels);
 */
export function columnValues(table: Table, name: string, operation = 'columnValues'): Values {
  expectTable(operation, table);
  const column = table.columns.get(name);
  if (column === undefined) {
    argument(operation, 'the name', name, required(columnName));
    throw unknownColumn(operation, name, table.names, { file: table.file });
  }
  return column;
}

/**
 * The numbers of one column, without a copy. Throws when there is no such column or it holds no numbers.
 *
 * @example
 * numbers(table, 'petal_width') // Float64Array of table.rows numbers
 */
export function numbers(table: Table, name: string): Float64Array {
  const column = columnValues(table, name, 'numbers');
  if (column.type !== 'number') {
    throw new TypeError(
      `numbers: the column "${name}" is declared ${column.type}; declare it number(), or use columnValues`,
    );
  }
  return column.values;
}

/**
 * Row i (0-based) as an object without a prototype, so that a column may be called anything.
 * Throws a RangeError when there is no such row.
 *
 * @example
 * rowAt(table, 0).species // 'setosa'
 */
export function rowAt<C extends Columns>(table: Table<C>, i: number): RowOf<C> {
  expectTable('rowAt', table);
  if (!Number.isInteger(i) || i < 0 || i >= table.rows) {
    throw new RangeError(
      `rowAt: there is no row ${show(i)}; the table has ${table.rows}, counted from 0`,
    );
  }
  const row: Record<string, unknown> = Object.create(null);
  for (const [name, column] of table.columns) row[name] = cellAt(column, i);
  return row as RowOf<C>;
}

/**
 * The cell of row i (0-based): a number (NaN for a hole), text, true or false, a Date (null for a hole).
 *
 * @example
 * cellAt(columnValues(table, 'species'), 0) // 'setosa'
 * cellAt(columnValues(table, 'petal_width'), 0) // 0.2
 */
export function cellAt(column: Values, i: number): number | string | boolean | Date | null {
  if (!isColumn(column, 0)) {
    throw refusal('cellAt', 'expected a column', column, "take one: columnValues(table, 'x')");
  }
  if (!Number.isInteger(i)) throw refusal('cellAt', 'i must be the number of a row', i, 'try 0');
  if (column.type === 'number') return column.values[i];
  if (column.type === 'category') return column.levels[column.codes[i]] ?? null;
  if (column.type === 'text') return column.values[i];
  if (column.type === 'date') {
    return Number.isNaN(column.values[i]) ? null : new Date(column.values[i]);
  }
  return column.values[i] < 0 ? null : column.values[i] === 1;
}
