import { CsvError, type Fault } from '../error.ts';
import type { InferredTable } from '../reading/infer-options.ts';
import { loaded } from '../reading/loaded.ts';
import { nameOf, type TableOptions } from '../reading/options.ts';
import type { Columns, NumberColumns } from '../schema/schema.ts';
import type { Table } from '../table/table.ts';
import { type InferredTypedOptions, readTyped, type WithSchema } from '../typed/read-typed.ts';
import type { RowHandler } from '../typed/row-handler.ts';
import { type SchemaElement, type TopColumn, topColumns } from './columns.ts';
import { type ParquetSource, type RandomAccess, randomAccess } from './source.ts';
import { decimalOf, parsers } from './values.ts';

const format = { operation: 'readParquet', unit: 'row', isLoose: false } as const;

/**
 * Reads a Parquet file into a table, one group of rows after the other, by hyparquet, which is to be
 * installed beside this package (and hyparquet-compressors for other compressions than Snappy). Only the
 * columns that are asked for are read. Null is a missing cell; dictionaries are categories or text, dates
 * and timestamps dates. Integers that a number column would not keep, times finer than milliseconds, lists
 * and structs are refused. Throws a CsvError that names file, row (from 1) and column.
 *
 * @example
 * const table = await readParquet(bytes, { schema });
 * const { proposal } = await readParquet(blob, { schema: 'infer', target: 'y' });
 */
export function readParquet<C extends Columns>(
  source: ParquetSource,
  options: WithSchema<C>,
): Promise<Table<C>>;
export function readParquet(
  source: ParquetSource,
  options: InferredTypedOptions,
): Promise<InferredTable>;
export function readParquet(
  source: ParquetSource,
  options?: TableOptions,
): Promise<Table<NumberColumns>>;
export async function readParquet(
  source: ParquetSource,
  options: TableOptions | InferredTypedOptions = {},
): Promise<Table> {
  const operation = nameOf(options, format.operation);
  const file = randomAccess(operation, source);
  const place = { operation, file: options?.file };
  return readTyped((handler, tick) => giveRows(file, handler, tick, place), options, format);
}

type Place = Pick<Fault, 'operation' | 'file'>;

async function giveRows(
  source: RandomAccess,
  handler: RowHandler,
  tick: (bytes: number) => void,
  place: Place,
): Promise<readonly []> {
  const { operation } = place;
  const load = () => import('hyparquet');
  const install = 'npm install hyparquet hyparquet-compressors';
  const { parquetMetadataAsync, parquetRead } = await loaded(operation, 'hyparquet', load, install);
  const metadata = await sound(place, () => parquetMetadataAsync(source, { geoparquet: false }));
  const columns = topColumns(metadata.schema as SchemaElement[]);
  const names = columns.map(({ name }) => name);
  handler.names(names, 1);
  const wanted = columns.filter(({ name }) => handler.wants(name));
  refuseNested(wanted, handler, place);
  const codecs = metadata.row_groups.flatMap(({ columns: chunks }) =>
    chunks.flatMap(({ meta_data }) => meta_data?.codec ?? []),
  );
  const compressors = codecs.every((codec) => codec === 'UNCOMPRESSED' || codec === 'SNAPPY')
    ? undefined
    : await loadCompressors(operation);
  const flat = wanted.filter(({ isNested }) => !isNested);
  let start = 0;
  for (const group of metadata.row_groups) {
    const end = start + Number(group.num_rows);
    const parts = new Map<string, ArrayLike<unknown>[]>(flat.map(({ name }) => [name, []]));
    await sound(place, () =>
      parquetRead({
        file: source,
        metadata,
        columns: flat.map(({ name }) => name),
        rowStart: start,
        rowEnd: end,
        utf8: false,
        parsers: parsers as never,
        ...(compressors === undefined ? {} : { compressors }),
        onChunk: ({ columnName, columnData }) => {
          parts.get(columnName)?.push(columnData);
        },
      }),
    );
    tick(Number(group.total_byte_size));
    const cells = columns.map((column) => cellsOf(column, parts.get(column.name)));
    for (const [i, { name }] of columns.entries()) {
      const found = parts.get(name)?.reduce((sum, part) => sum + part.length, 0);
      if (found !== undefined && found !== end - start) {
        const problem = `a group has ${end - start} rows, and ${found} in the column "${names[i]}"`;
        throw damaged(place, problem);
      }
    }
    const row: unknown[] = new Array(columns.length).fill(undefined);
    for (let i = start; i < end; i++) {
      for (let k = 0; k < row.length; k++) row[k] = cells[k]();
      if (!handler.row(row, i + 1)) return [];
    }
    start = end;
  }
  return [];
}

/** Gives the cells of a group's column one after the other. */
function cellsOf(
  { isNested, scale }: TopColumn,
  parts: readonly ArrayLike<unknown>[] | undefined,
): () => unknown {
  if (isNested && parts === undefined) return () => nested;
  if (parts === undefined) return () => undefined;
  let part = 0;
  let at = 0;
  const next = (): unknown => {
    while (at >= parts[part].length) {
      part++;
      at = 0;
    }
    return parts[part][at++] ?? null;
  };
  return scale === undefined ? next : () => decimalOf(next(), scale);
}

/** Stands for what a survey need not read. */
const nested: readonly unknown[] = [];

function refuseNested(wanted: readonly TopColumn[], handler: RowHandler, place: Place): void {
  const column = wanted.find(({ isNested }) => isNested);
  if (column === undefined || !handler.refusesNested) return;
  throw new CsvError({
    ...place,
    reason: 'nested-value',
    column: column.name,
    problem: 'the column holds lists or structs, which are no cells of a table',
    advice: 'declare it ignored(), or write its parts as columns of their own',
  });
}

async function loadCompressors(
  operation: string,
): Promise<typeof import('hyparquet-compressors').compressors> {
  const load = () => import('hyparquet-compressors');
  return (await loaded(operation, 'hyparquet-compressors', load)).compressors;
}

/** What the decoder gives, or an error that says that the file is not what it should be. */
async function sound<T>(place: Place, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if ((error as { readonly syscall?: unknown } | null)?.syscall !== undefined) throw error;
    throw damaged(place, error instanceof Error ? error.message : String(error));
  }
}

function damaged(place: Place, why: string): CsvError {
  return new CsvError({
    ...place,
    reason: 'damaged-file',
    problem: `the file is no Parquet that can be read (${why})`,
    advice: 'copy it again, or write it anew',
  });
}
