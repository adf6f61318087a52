import {
  argument,
  isPlain,
  oneOf,
  refusal,
  required,
  type Spec,
  settle,
  show,
} from '@steepest/ground';
import { columnName } from '../column-names.ts';
import { dateFormat } from '../date-format.ts';
import { quoted } from '../error.ts';
import { unknownColumn } from '../nearest.ts';
import {
  type BooleanColumn,
  type CategoryColumn,
  type Column,
  type DateColumn,
  type IgnoredColumn,
  missingPolicies,
  type NumberColumn,
  type TextColumn,
} from './column.ts';
import { columnTypes, expectSchema, isColumnType } from './expect-schema.ts';

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
      : C extends DateColumn<infer P>
        ? Date | Null<P>
        : C extends TextColumn<infer P>
          ? string | Null<P>
          : never;

/** One row of a table with columns C: cell types by name, without the ignored ones. */
export type RowOf<C extends Columns> = {
  readonly [N in keyof C as C[N] extends IgnoredColumn ? never : N]: Cell<C[N]>;
};

/** One row that a schema describes: `Row<typeof schema>`. A missing number is NaN. */
export type Row<S extends Schema> = S extends Schema<infer C> ? RowOf<C> : never;

/** The column to predict, and what to do with columns of the file that are not declared. */
export interface SchemaOptions<N extends string = string> {
  readonly target?: N | undefined;
  readonly others?: 'error' | 'ignore' | undefined;
}

const optionsSpec = {
  target: columnName,
  others: oneOf(['error', 'ignore']),
} satisfies Spec<SchemaOptions>;

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
  options: SchemaOptions<keyof C & string> = {},
): Schema<C> {
  const { target, others } = settle('defineSchema', options, optionsSpec);
  const named = pairsOf(columns).map(([name, column]) => namedColumn(name, column));
  const names = new Set<string>();
  for (const { name } of named) {
    if (names.has(name)) {
      throw new TypeError(
        `defineSchema: the column ${quoted(name)} is declared twice; declare it once`,
      );
    }
    names.add(name);
  }
  for (const column of named) {
    checkMissing(column);
    checkWords(column);
    if (column.type === 'date')
      argument('defineSchema', `the format of ${quoted(column.name)}`, column.format, dateFormat);
  }
  if (target !== undefined && !names.has(target)) {
    throw unknownColumn('defineSchema', target, [...names]);
  }
  return {
    columns: named,
    ...(target === undefined ? {} : { target }),
    ...(others === undefined ? {} : { others }),
  };
}

function pairsOf(columns: unknown): (readonly [string, unknown])[] {
  if (Array.isArray(columns)) {
    const odd = columns.findIndex((pair) => !Array.isArray(pair) || typeof pair[0] !== 'string');
    if (odd < 0) return columns;
    throw refusal(
      'defineSchema',
      `column ${odd} must be a pair of a name and a type`,
      columns[odd],
      "write ['x', number()]",
    );
  }
  if (isPlain(columns)) return Object.entries(columns);
  throw refusal(
    'defineSchema',
    'the columns must be an object of names and types',
    columns,
    'write { x: number() }',
  );
}

function namedColumn(name: string, column: unknown): NamedColumn {
  if (isPlain(column) && isColumnType(column.type)) {
    return { name, ...(column as unknown as Column) };
  }
  throw refusal(
    'defineSchema',
    `the type of ${quoted(name)} must be one of ${columnTypes.join(', ')}`,
    column,
    typeof column === 'function' && columnTypes.some((type) => type === column.name)
      ? `call it: ${column.name}()`
      : 'declare it number(), category(), boolean(), date(), text() or ignored()',
  );
}

/** Throws a TypeError where a column says something else than a policy about its holes. */
function checkMissing(column: NamedColumn): void {
  if (column.type === 'ignored' || column.missing === undefined) return;
  const { missing } = column;
  const known: readonly unknown[] =
    column.type === 'number' ? missingPolicies : missingPolicies.filter((p) => p !== 'mean');
  const isObject = typeof missing === 'object' && missing !== null;
  if (isObject && (missing.policy === undefined || known.includes(missing.policy))) return;
  const found = show(isObject ? missing.policy : missing);
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
        ? [column.true ?? ['true'], column.false ?? ['false']].flat()
        : [];
  if (!Array.isArray(words) || !words.every((word) => typeof word === 'string')) {
    const what = `the words of the column ${quoted(column.name)} must be a list of texts`;
    throw refusal('defineSchema', what, words, "write category(['a', 'b'])");
  }
  const seen = new Set<string>();
  const twice = words.find((word) => seen.size === seen.add(word).size);
  if (twice === undefined) return;
  const what = column.type === 'category' ? 'level' : 'word';
  throw new TypeError(
    `defineSchema: the column "${column.name}" has the ${what} "${twice}" twice; list it once`,
  );
}

/** The columns of each schema by name: there may be very many. */
const indices = new WeakMap<readonly NamedColumn[], ReadonlyMap<string, NamedColumn>>();

/**
 * The column of a schema with this name, or undefined.
 *
 * @example
 * columnOf(schema, 'x')?.type // 'number'
 * columnOf(schema, 'no such column') // undefined
 */
export function columnOf(schema: Schema, name: string): NamedColumn | undefined {
  expectSchema('columnOf', schema);
  argument('columnOf', 'the name', name, required(columnName));
  return columnIn(schema, name);
}

/** The same without a look at its arguments, for loops over columns and rows. */
export function columnIn(schema: Schema, name: string): NamedColumn | undefined {
  let index = indices.get(schema.columns);
  if (index === undefined) {
    index = new Map(schema.columns.map((column) => [column.name, column]));
    indices.set(schema.columns, index);
  }
  return index.get(name);
}
