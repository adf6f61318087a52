import { isPlain, oneOf, type Spec, settle } from '@steepest/ground';
import type { InferredOptions } from '../csv/read-inferred.ts';
import type { ReadOptions } from '../csv/table-reader.ts';
import type { InferredTable } from '../reading/infer-options.ts';
import { nameOf } from '../reading/options.ts';
import type { Columns, NumberColumns, Schema } from '../schema/schema.ts';
import type { Selection } from '../sqlite/read-sqlite.ts';
import type { Table } from '../table/table.ts';
import { pathName } from './path.ts';
import { readCsv, readJsonLines } from './read.ts';
import { readParquet } from './read-parquet.ts';
import { readSqlite } from './read-sqlite.ts';

/** What a file may be; `tsv` is CSV with tabs. */
export type FileFormat = (typeof fileFormats)[number];
const fileFormats = ['csv', 'tsv', 'jsonl', 'parquet', 'sqlite'] as const;

/** What its ending says of a file. */
const endings: ReadonlyMap<string, FileFormat> = new Map([
  ['csv', 'csv'],
  ['tsv', 'tsv'],
  ['tab', 'tsv'],
  ['jsonl', 'jsonl'],
  ['ndjson', 'jsonl'],
  ['parquet', 'parquet'],
  ['sqlite', 'sqlite'],
  ['sqlite3', 'sqlite'],
  ['db', 'sqlite'],
]);

/** How a file of any format is read: the options of that format's own reader. */
export type ReadTableOptions<C extends Columns = Columns> = ReadOptions<C> &
  Selection & { readonly format?: FileFormat };

type Inferred = InferredOptions & Selection & { readonly format?: FileFormat };

/**
 * Reads a file by what its ending says: .csv, .tsv, .jsonl or .ndjson (also with .gz), .parquet, .sqlite or
 * .db; `format` says otherwise. All else is as in `readCsv`, `readJsonLines`, `readParquet`, `readSqlite`.
 * Throws a TypeError where the ending says nothing.
 *
 * @example
 * const table = await readTable('trips.parquet', { schema });
 * await readTable('trips.db', { table: 'trips', schema: 'infer', target: 'fare' });
 */
export function readTable<C extends Columns>(
  path: string | URL,
  options: ReadTableOptions<C> & {
    readonly schema: Schema<C> | ((names: readonly string[]) => Schema<C>);
  },
): Promise<Table<C>>;
export function readTable(path: string | URL, options: Inferred): Promise<InferredTable>;
export function readTable(
  path: string | URL,
  options?: ReadTableOptions,
): Promise<Table<NumberColumns>>;
export async function readTable(
  path: string | URL,
  options: ReadTableOptions | Inferred = {},
): Promise<Table> {
  const operation = nameOf(options, 'readTable');
  const file = pathName(operation, path);
  settle(operation, isPlain(options) ? { format: options.format } : options, formatSpec);
  const { format: given, ...others } = options;
  const format = given ?? formatOf(operation, file);
  const asked = { operation, ...others } as ReadOptions & Selection; // each reader refuses what it does not know
  switch (format) {
    case 'csv':
      return readCsv(path, asked);
    case 'tsv':
      return readCsv(path, { delimiter: '\t', ...asked });
    case 'jsonl':
      return readJsonLines(path, asked);
    case 'parquet':
      return readParquet(path, asked);
    default:
      return readSqlite(path, asked);
  }
}

const formatSpec = { format: oneOf(fileFormats) } satisfies Spec<{
  readonly format?: FileFormat | undefined;
}>;

/** What the ending of a file's name says. */
function formatOf(operation: string, file: string): FileFormat {
  const [, name, gz] = /^(.*?)(\.gz)?$/is.exec(file)!;
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1].toLowerCase() ?? '';
  const format = endings.get(ending);
  if (format !== undefined && (gz === undefined || !['parquet', 'sqlite'].includes(format))) {
    return format;
  }
  throw new TypeError(
    `${operation}: the ending of ${file} does not say what the file is; name it .csv, .tsv, .jsonl, .parquet or .sqlite, or pass format: 'csv'`,
  );
}
