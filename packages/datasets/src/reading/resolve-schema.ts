import { nearest } from '@steepest/ground';
import { CsvError, quoted } from '../error.ts';
import { unknownColumn } from '../nearest.ts';
import type { MissingPolicy } from '../schema/column.ts';
import { expectSchema } from '../schema/expect-schema.ts';
import type { Columns, NamedColumn, Schema } from '../schema/schema.ts';
import type { TableOptions } from './options.ts';

/** Where the names of a file's columns stand, for messages. */
export interface NamesPlace {
  readonly operation: string;
  readonly file: string | undefined;
  readonly line?: number | undefined;
  readonly row?: number | undefined;
}

/** The schema in the file's order, after checking that it and the file name the same columns. */
export function resolveSchema<C extends Columns>(
  names: readonly string[],
  { schema: given, columns, missing }: TableOptions<C>,
  place: NamesPlace,
): Schema {
  const { operation } = place;
  const schema =
    typeof given === 'function'
      ? given(names)
      : (given ?? {
          columns: (columns ?? names).map((name): NamedColumn => ({ name, type: 'number' })),
          others: 'ignore' as const,
        });
  expectSchema(operation, schema);
  const present = new Set(names);
  const absent = schema.columns.find((column) => !present.has(column.name));
  if (absent !== undefined) throw unknownColumn(operation, absent.name, names, place);
  const declared = new Map(schema.columns.map((column) => [column.name, column]));
  const extra = names.find((name) => !declared.has(name));
  if (extra !== undefined && schema.others !== 'ignore') throw undeclared(extra, place);
  const unknown = columns?.find((name) => !declared.has(name) || !present.has(name));
  if (unknown !== undefined) throw unknownColumn(operation, unknown, names, place);
  const wanted = new Set(columns ?? names);
  const ordered = names
    .flatMap((name) => declared.get(name) ?? [])
    .map(
      (column): NamedColumn =>
        wanted.has(column.name)
          ? withPolicy(column, missing)
          : { name: column.name, type: 'ignored' },
    );
  return { ...schema, columns: ordered };
}

/** The error for a column of the file that the schema does not list; it may have meant one of these. */
export function undeclared(
  column: string,
  place: NamesPlace,
  meant: readonly string[] = [],
): CsvError {
  const near = nearest(column, meant);
  return new CsvError({
    ...place,
    reason: 'unknown-column',
    column,
    problem: 'the schema does not list this column of the file',
    advice:
      near.length > 0
        ? `did you mean ${near.map(quoted).join(' or ')}?`
        : "add it, as ignored() if it is not needed, or declare others: 'ignore'",
  });
}

/** The column with the option's policy if it has none: the schema says what was really done. */
function withPolicy(column: NamedColumn, policy: MissingPolicy | undefined): NamedColumn {
  if (policy === undefined || policy === 'error') return column;
  if (column.type === 'number') return { ...column, missing: { policy, ...column.missing } };
  if (column.type === 'ignored' || column.type === 'text' || policy === 'mean') return column;
  return { ...column, missing: { policy, ...column.missing } };
}
