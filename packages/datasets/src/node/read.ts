import { createReadStream } from 'node:fs';
import { readCsv as readSource } from '../csv/read.ts';
import { type InferredOptions, isInferred, readInferred } from '../csv/read-inferred.ts';
import type { Source } from '../csv/source.ts';
import type { ReadOptions } from '../csv/table-reader.ts';
import { unpacked } from '../csv/unpack.ts';
import { readJsonLines as readJson, readJsonFrom } from '../json/read-json-lines.ts';
import type { InferredTable } from '../reading/infer-options.ts';
import { nameOf, type TableOptions } from '../reading/options.ts';
import { type InferOptions, inferSchema as inferFrom, type Proposal } from '../schema/infer.ts';
import type { Columns, NumberColumns, Schema } from '../schema/schema.ts';
import type { Table } from '../table/table.ts';
import type { InferredTypedOptions, WithSchema as TypedWithSchema } from '../typed/read-typed.ts';
import { gunzip } from './gunzip.ts';
import { pathName, readable, withFile } from './path.ts';
import { readFile } from './read-file.ts';

type WithSchema<C extends Columns> = ReadOptions<C> & {
  readonly schema: Schema<C> | ((names: readonly string[]) => Schema<C>);
};

/**
 * Reads a CSV file, streaming, as the main entry's `readCsv` does, from a path or a file: URL too. A
 * string without a line break is a path; a string with one is the text itself. A file that is compressed
 * by gzip is known by its first bytes.
 *
 * @example
 * const table = await readCsv('measurements.csv', { schema });
 * const same = await readCsv(new URL('./measurements.csv', import.meta.url), { schema });
 */
export function readCsv<C extends Columns>(
  source: Source | URL,
  options: WithSchema<C>,
): Promise<Table<C>>;
export function readCsv(source: Source | URL, options: InferredOptions): Promise<InferredTable>;
export function readCsv(source: Source | URL, options?: ReadOptions): Promise<Table<NumberColumns>>;
export function readCsv(
  source: Source | URL,
  options: ReadOptions | InferredOptions = {},
): Promise<Table> {
  if (isInferred(options)) {
    if (!(source instanceof URL || isPath(source))) return readSource(source, options);
    const operation = nameOf(options);
    const file = pathName(operation, source);
    const again = () => contentOf(source, operation, file);
    return readable(operation, file, readInferred(again, withFile(file, options)));
  }
  if (source instanceof URL || isPath(source)) return readCsvFile(source, options);
  return readSource(source, options);
}

/**
 * Reads the CSV file at a path or a file: URL, whatever the path looks like.
 *
 * @example
 * await readCsvFile('data/iris.csv')
 * await readCsvFile(new URL('../data/iris.csv', import.meta.url))
 */
export function readCsvFile<C extends Columns>(
  path: string | URL,
  options: WithSchema<C>,
): Promise<Table<C>>;
export function readCsvFile(
  path: string | URL,
  options?: ReadOptions,
): Promise<Table<NumberColumns>>;
export async function readCsvFile(path: string | URL, options: ReadOptions = {}): Promise<Table> {
  const operation = nameOf(options);
  const file = pathName(operation, path);
  return readable(operation, file, readFile(path, withFile(file, options)));
}

/**
 * Proposes a schema for a CSV file, as the main entry's `inferSchema` does, from a path or URL too.
 *
 * @example
 * const proposal = await inferSchema('measurements.csv', { target: 'y' });
 * console.log(proposal.explanation, proposal.source);
 */
export async function inferSchema(
  source: Source | URL,
  options: InferOptions = {},
): Promise<Proposal> {
  if (source instanceof URL || isPath(source)) {
    const file = pathName('inferSchema', source);
    const content = contentOf(source, 'inferSchema', file);
    return readable('inferSchema', file, inferFrom(content, withFile(file, options)));
  }
  return inferFrom(source, options);
}

/**
 * Reads JSON lines, as the main entry's `readJsonLines` does, from a path or a file: URL too. A string that
 * has a line break or begins with { is the text itself.
 *
 * @example
 * const table = await readJsonLines('events.jsonl.gz', { schema });
 */
export function readJsonLines<C extends Columns>(
  source: Source | URL,
  options: TypedWithSchema<C>,
): Promise<Table<C>>;
export function readJsonLines(
  source: Source | URL,
  options: InferredTypedOptions,
): Promise<InferredTable>;
export function readJsonLines(
  source: Source | URL,
  options?: TableOptions,
): Promise<Table<NumberColumns>>;
export function readJsonLines(
  source: Source | URL,
  options: TableOptions | InferredTypedOptions = {},
): Promise<Table> {
  if (!(source instanceof URL || (isPath(source) && !source.trimStart().startsWith('{')))) {
    return readJson(source, options as TableOptions);
  }
  const operation = nameOf(options, 'readJsonLines');
  const file = pathName(operation, source);
  const open = () => contentOf(source, operation, file);
  return readable(operation, file, readJsonFrom(open, withFile(file, options)));
}

/** The bytes of a file, or of what it holds if it is compressed. */
function contentOf(
  path: string | URL,
  operation: string,
  file: string,
): AsyncGenerator<Uint8Array> {
  const bytes = createReadStream(path, { highWaterMark: 256 * 1024 });
  return unpacked(bytes, { operation, file }, gunzip);
}

function isPath(source: unknown): source is string {
  return typeof source === 'string' && source !== '' && !/[\r\n]/.test(source);
}
