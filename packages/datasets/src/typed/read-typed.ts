import { settle } from '@steepest/ground';
import {
  type InferenceOptions,
  type InferredTable,
  inferenceSpec,
} from '../reading/infer-options.ts';
import { nameOf, type TableOptions, tableSpec } from '../reading/options.ts';
import type { Columns, Schema } from '../schema/schema.ts';
import { printed } from '../table/printed.ts';
import type { Table } from '../table/table.ts';
import type { Warning } from '../warning.ts';
import type { RowHandler } from './row-handler.ts';
import { TypedSurvey } from './typed-survey.ts';
import { TypedTable } from './typed-table.ts';

/** Options that say what the columns are. */
export type WithSchema<C extends Columns> = TableOptions<C> & {
  readonly schema: Schema<C> | ((names: readonly string[]) => Schema<C>);
};

/** How a file of typed cells is read without a schema that is known before. */
export interface InferredTypedOptions
  extends Omit<TableOptions, 'schema' | 'missing' | 'columns'>,
    InferenceOptions {
  readonly schema: 'infer';
}

/** What a format of typed cells is to the rest. */
export interface TypedFormat {
  readonly operation: string;
  readonly unit: 'line' | 'row';
  /** Whether a row may leave out a column that it has no cell for. */
  readonly isLoose: boolean;
}

/** Gives all rows to a handler, tells how many more bytes it took, and gives back its warnings. */
export type RowSource = (
  handler: RowHandler,
  tick: (bytes: number) => void,
) => Promise<readonly Warning[]>;

/** Whether the schema is to be inferred while reading. */
export function isInferred(options: { readonly schema?: unknown } | undefined): boolean {
  return options?.schema === 'infer';
}

/** The table of a source of typed rows; with `schema: 'infer'` the source is gone through twice. */
export async function readTyped(
  rows: RowSource,
  given: TableOptions | InferredTypedOptions,
  format: TypedFormat,
): Promise<Table | InferredTable> {
  const operation = nameOf(given, format.operation);
  if (!isInferred(given)) {
    const table = tableOf(given as TableOptions, format);
    return table.end(await rows(table, (bytes) => table.tick(bytes)));
  }
  const { schema: _, target, maxLevels, ...options } = given as InferredTypedOptions;
  const asked = settle(operation, { target, maxLevels }, inferenceSpec);
  settle(operation, options, tableSpec);
  const { limit, file, signal } = options;
  const survey = new TypedSurvey({ ...asked, limit, file, operation, unit: format.unit });
  const notes = await rows(survey, () => signal?.throwIfAborted());
  const proposal = survey.end(notes);
  const table = tableOf({ ...options, schema: proposal.schema }, format);
  const read = table.end(await rows(table, (bytes) => table.tick(bytes)));
  return printed({ ...read, proposal });
}

/** What takes the rows of a table; the options are looked at. */
export function tableOf<C extends Columns>(
  options: TableOptions<C>,
  format: TypedFormat,
): TypedTable<C> {
  const operation = nameOf(options, format.operation);
  settle(operation, options, tableSpec);
  return new TypedTable({ operation, ...options }, format);
}
