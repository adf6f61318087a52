import { unknownColumn } from '../nearest.ts';
import {
  type BooleanColumn,
  type CategoryColumn,
  type Column,
  type IgnoredColumn,
  missingPolicies,
  type NumberColumn,
  type TextColumn,
} from './column.ts';

export type Columns = Readonly<Record<string, Column>>;
export type NamedColumn = Column & { readonly name: string };

declare const types: unique symbol;

/**
 * The columns of a file, as plain data: it checks each cell while reading, and its type says what a row
 * holds. Columns are a list, because an object would reorder names such as '10' and '2'.
 */
export interface Schema<C extends Columns = Columns> {
  readonly columns: readonly NamedColumn[];
  readonly target?: string;
  /** What to do with columns of the file that are not listed; 'error' unless declared. */
  readonly others?: 'error' | 'ignore';
  /** Never present: carries the column types for the compiler. */
  readonly [types]?: C;
}

/** A schema that names one number column per string: what a file read without a schema has. */
export type NumberColumns = Readonly<Record<string, NumberColumn>>;

type Null<P> = 'keep' extends P ? (P extends 'keep' ? null : never) : never;
type Cell<C> = C extends NumberColumn
  ? number
  : C extends CategoryColumn<infer L, infer P>
    ? L | Null<P>
    : C extends BooleanColumn<infer P>
      ? boolean | Null<P>
      : C extends TextColumn<infer P>
        ? string | Null<P>
        : never;

/** One row of a table with columns C: cell types by name, without the ignored ones. */
export type RowOf<C extends Columns> = {
  readonly [N in keyof C as C[N] extends IgnoredColumn ? never : N]: Cell<C[N]>;
};

/** One row that a schema describes: `Row<typeof schema>`. A missing number is NaN. */
export type Row<S extends Schema> = S extends Schema<infer C> ? RowOf<C> : never;

/**
 * Declares the columns of a file, as an object or (for names that objects reorder) as a list of pairs.
 * Throws when the target is not one of the columns, or a name, a level or a truth word stands twice.
 *
 * @example
 * const schema = defineSchema({ x: number(), kind: category(['a', 'b']) }, { target: 'kind' });
 * type Example = Row<typeof schema>; // { x: number; kind: 'a' | 'b' }
 */
export function defineSchema<const C extends Columns>(
  columns: C | readonly (readonly [keyof C & string, Column])[],
  options: { readonly target?: keyof C & string; readonly others?: 'error' | 'ignore' } = {},
): Schema<C> {
  const pairs = Array.isArray(columns)
    ? (columns as readonly (readonly [string, Column])[])
    : Object.entries(columns as C);
  const named = pairs.map(([name, column]): NamedColumn => ({ name, ...column }));
  const names = named.map((column) => column.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new TypeError(`defineSchema: the column "${twice}" is declared twice`);
  for (const column of named) {
    checkMissing(column);
    checkWords(column);
  }
  if (options.target !== undefined && !names.includes(options.target)) {
    throw unknownColumn('defineSchema', options.target, names);
  }
  return { columns: named, ...options };
}

/** Throws a TypeError where a column says something else than a policy about its holes. */
function checkMissing(column: NamedColumn): void {
  if (column.type === 'ignored' || column.missing === undefined) return;
  const { missing } = column;
  const known: readonly unknown[] =
    column.type === 'number' ? missingPolicies : missingPolicies.filter((p) => p !== 'mean');
  const isObject = typeof missing === 'object' && missing !== null;
  if (isObject && (missing.policy === undefined || known.includes(missing.policy))) return;
  const found = JSON.stringify(isObject ? missing.policy : missing);
  throw new TypeError(
    `defineSchema: the column "${column.name}" says of missing cells ${found}, expected { policy } of ${known.join(', ')}; write missing: { policy: 'keep' }`,
  );
}

/** Throws a TypeError where one word would mean two things. */
function checkWords(column: NamedColumn): void {
  const words =
    column.type === 'category'
      ? (column.levels ?? [])
      : column.type === 'boolean'
        ? [...(column.true ?? ['true']), ...(column.false ?? ['false'])]
        : [];
  const twice = words.find((word, i) => words.indexOf(word) !== i);
  if (twice === undefined) return;
  const what = column.type === 'category' ? 'level' : 'word';
  throw new TypeError(
    `defineSchema: the column "${column.name}" has the ${what} "${twice}" twice; list it once`,
  );
}

/**
 * The column of a schema with this name, or undefined.
 *
 * @example
 * columnOf(schema, 'x')?.type // 'number'
 * columnOf(schema, 'no such column') // undefined
 */
export function columnOf(schema: Schema, name: string): NamedColumn | undefined {
  return schema.columns.find((column) => column.name === name);
}
