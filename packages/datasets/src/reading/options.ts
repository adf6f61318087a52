import { isCallable, option, type Spec, signal, text, wholeNumber } from '@steepest/ground';
import { columnNames } from '../column-names.ts';
import type { MissingPolicy } from '../schema/column.ts';
import { isSchema } from '../schema/expect-schema.ts';
import type { Columns, Schema } from '../schema/schema.ts';
import { policyOption } from './check-options.ts';

/** What every format is read with; without a schema every column holds strict numbers. */
export interface TableOptions<C extends Columns = Columns> {
  /** The columns, or what makes them once the names in the file are known. */
  readonly schema?: Schema<C> | ((names: readonly string[]) => Schema<C>);
  /** The columns to read; the others may hold anything. */
  readonly columns?: readonly string[];
  /** What to do with missing cells of columns that do not say; 'error' unless given. */
  readonly missing?: MissingPolicy;
  /** Reading ends after so many rows; what follows is not looked at. */
  readonly limit?: number;
  /** Ends reading early, with the signal's reason as the error. */
  readonly signal?: AbortSignal;
  /** Told from time to time how far reading has come: rows stored, bytes taken. */
  readonly onProgress?: (progress: ReadProgress) => void;
  /** What messages call the file. */
  readonly file?: string;
  /** What messages call the operation. */
  readonly operation?: string;
}

export interface ReadProgress {
  readonly rows: number;
  readonly bytes: number;
}

export const tableSpec: Spec<TableOptions> = {
  schema: option<Schema | ((names: readonly string[]) => Schema)>({
    expected: 'a schema, or a function from the names in the header to one',
    accepts: (x) => isSchema(x) || isCallable(x),
    sample: "defineSchema({ x: number() }, { target: 'x' })",
  }),
  columns: columnNames,
  missing: policyOption,
  limit: wholeNumber(1),
  signal: signal(),
  onProgress: option<(progress: ReadProgress) => void>({
    expected: 'a function',
    accepts: isCallable,
    sample: '({ rows }) => show(rows)',
  }),
  file: text(),
  operation: text(),
};

/** What the options call the operation, as far as they are options. */
export function nameOf(
  options: { readonly operation?: string } | undefined,
  otherwise = 'readCsv',
): string {
  const name: unknown = options?.operation;
  return typeof name === 'string' ? name : otherwise;
}
