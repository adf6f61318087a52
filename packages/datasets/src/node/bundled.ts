import { fileURLToPath } from 'node:url';
import { show } from '@steepest/ground';
import { type BundledColumns, type BundledName, bundledSchemas } from '../bundled.ts';
import { dataFile } from '../data-file.ts';
import type { Schema } from '../schema/schema.ts';
import type { Table } from '../table/table.ts';
import { readCsvFile } from './read.ts';

/** A file that ships with the package. */
export interface Bundled<N extends BundledName = BundledName> {
  readonly path: string;
  readonly schema: Schema<BundledColumns[N]>;
  read(): Promise<Table<BundledColumns[N]>>;
}

/**
 * A CSV file that ships with the package: its path, its schema, and the table it holds. Throws for an
 * unknown name. data/SOURCES.md gives sources and licences.
 *
 * @example
 * const iris = await bundled('iris').read();
 * const { path, schema } = bundled('diabetes');
 */
export function bundled<N extends BundledName>(name: N): Bundled<N> {
  if (typeof name !== 'string' || !Object.hasOwn(bundledSchemas, name)) {
    throw new TypeError(
      `bundled: there is no file ${show(name)}; the files are ${Object.keys(bundledSchemas).join(', ')}`,
    );
  }
  const path = fileURLToPath(dataFile(`${name}.csv`));
  const schema: Schema<BundledColumns[N]> = bundledSchemas[name];
  return { path, schema, read: () => readCsvFile(path, { schema, file: `${name}.csv` }) };
}
