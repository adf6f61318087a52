import { open } from 'node:fs/promises';
import { readParquet as readSource } from '../parquet/read-parquet.ts';
import type { ParquetSource, RandomAccess } from '../parquet/source.ts';
import type { InferredTable } from '../reading/infer-options.ts';
import { nameOf, type TableOptions } from '../reading/options.ts';
import type { Columns, NumberColumns } from '../schema/schema.ts';
import type { Table } from '../table/table.ts';
import type { InferredTypedOptions, WithSchema } from '../typed/read-typed.ts';
import { pathName, readable, withFile } from './path.ts';

/**
 * Reads a Parquet file, as `readParquet` of `@steepest/datasets/parquet` does, from a path or a file: URL
 * too, of which only the columns that are read are loaded.
 *
 * @example
 * const table = await readParquet('trips.parquet', { schema, columns: ['distance', 'fare'] });
 */
export function readParquet<C extends Columns>(
  source: ParquetSource | string | URL,
  options: WithSchema<C>,
): Promise<Table<C>>;
export function readParquet(
  source: ParquetSource | string | URL,
  options: InferredTypedOptions,
): Promise<InferredTable>;
export function readParquet(
  source: ParquetSource | string | URL,
  options?: TableOptions,
): Promise<Table<NumberColumns>>;
export async function readParquet(
  source: ParquetSource | string | URL,
  options: TableOptions | InferredTypedOptions = {},
): Promise<Table> {
  if (typeof source !== 'string' && !(source instanceof URL)) {
    return readSource(source, options as TableOptions);
  }
  const operation = nameOf(options, 'readParquet');
  const file = pathName(operation, source);
  return readable(operation, file, readPath(source, withFile(file, options)));
}

async function readPath(
  path: string | URL,
  options: TableOptions | InferredTypedOptions,
): Promise<Table> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    const file: RandomAccess = {
      byteLength: size,
      async slice(start, end = size) {
        const bytes = new Uint8Array(end - start);
        for (let at = 0; at < bytes.length; ) {
          const { bytesRead } = await handle.read(bytes, at, bytes.length - at, start + at);
          if (bytesRead === 0) throw new Error('the file ends too early');
          at += bytesRead;
        }
        return bytes.buffer;
      },
    };
    return await readSource(file, options as TableOptions);
  } finally {
    await handle.close();
  }
}
