import type { InferredTable } from '../reading/infer-options.ts';
import { nameOf } from '../reading/options.ts';
import type { Columns, NumberColumns, Schema } from '../schema/schema.ts';
import type { Table } from '../table/table.ts';
import { type InferredOptions, isInferred, readInferred } from './read-inferred.ts';
import { rewindable } from './rewindable.ts';
import { bytesOf, pieces, type Source } from './source.ts';
import { type ReadOptions, TableReader } from './table-reader.ts';

type WithSchema<C extends Columns> = ReadOptions<C> & {
  readonly schema: Schema<C> | ((names: readonly string[]) => Schema<C>);
};

/**
 * Reads a CSV file into a table, streaming: beside the columns it holds some 100 kB of text.
 * Strict by default: UTF-8 (or what a byte order mark or `encoding` says), gzip or plain, RFC 4180 quotes, rows as long as the header, finite decimal numbers.
 * Throws a CsvError that names reason, file, line, column and the raw text. With `schema: 'infer'` the
 * table follows what `inferSchema` proposes, and carries that proposal.
 *
 * @example
 * const schema = defineSchema({ x: number(), y: number() }, { target: 'y' });
 * const table = await readCsv('x,y\n1,2\n3,4\n', { schema });
 */
export function readCsv<C extends Columns>(
  source: Source,
  options: WithSchema<C>,
): Promise<Table<C>>;
export function readCsv(source: Source, options: InferredOptions): Promise<InferredTable>;
export function readCsv(source: Source, options?: ReadOptions): Promise<Table<NumberColumns>>;
export async function readCsv(
  source: Source,
  options: ReadOptions | InferredOptions = {},
): Promise<Table> {
  if (isInferred(options)) {
    return readInferred(rewindable(source, { ...options, operation: nameOf(options) }), options);
  }
  const reader = new TableReader(options);
  for await (const chunk of bytesOf(source, nameOf(options), options)) {
    if (!reader.push(chunk)) break;
  }
  return reader.end();
}

/**
 * The same at once, for text or bytes at hand.
 *
 * @example
 * parseCsv('x,y\n1,2\n3,4\n').rows // 2
 * parseCsv('x;y\n1,5;2\n', { delimiter: ';', decimal: ',' })
 */
export function parseCsv<C extends Columns>(
  source: string | Uint8Array,
  options: WithSchema<C>,
): Table<C>;
export function parseCsv(source: string | Uint8Array, options?: ReadOptions): Table<NumberColumns>;
export function parseCsv(source: string | Uint8Array, options: ReadOptions = {}): Table {
  const reader = new TableReader(options, 'parseCsv');
  for (const chunk of pieces(source, nameOf(options, 'parseCsv'), options.encoding)) {
    if (!reader.push(chunk)) break;
  }
  return reader.end();
}
