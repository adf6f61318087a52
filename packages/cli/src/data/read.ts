import { readFile } from 'node:fs/promises';
import { type Schema, schemaFromJSON, type Table } from '@steepest/datasets';
import { type FileFormat, readTable } from '@steepest/datasets/node';
import { Refusal } from '../usage/errors.ts';
import type { Given } from '../usage/given.ts';

export interface Manner {
  readonly format?: FileFormat;
  readonly delimiter?: string;
  readonly table?: string;
}

const formats: readonly FileFormat[] = ['csv', 'tsv', 'jsonl', 'parquet', 'sqlite'];

/** A table, and one line for each column on why it has its type; none where a schema said it. */
export interface ReadFile {
  readonly table: Table;
  readonly reasons: string | undefined;
}

/** How the file is to be read, by --format, --delimiter and --table. */
export function manner(given: Given): Manner {
  const format = given.word('format', formats);
  const delimiter = given.text('delimiter')?.replaceAll('\\t', '\t');
  const table = given.text('table');
  return {
    ...(format === undefined ? {} : { format }),
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(table === undefined ? {} : { table }),
  };
}

/** Reads a file by --schema, or by the types that its cells have: so too where `infers`. */
export async function readData(
  path: string,
  given: Given,
  target: string | undefined,
  signal: AbortSignal,
  infers = false,
): Promise<ReadFile> {
  const how = { ...manner(given), signal };
  const file = infers ? undefined : given.text('schema');
  if (file === undefined) {
    const asked = { ...how, schema: 'infer' as const, ...(target === undefined ? {} : { target }) };
    const table = await readTable(path, asked);
    return { table, reasons: table.proposal.explanation };
  }
  const schema = await readSchema(file);
  const named = target === undefined ? schema : { ...schema, target };
  return { table: await readTable(path, { ...how, schema: named }), reasons: undefined };
}

/** A schema that `inspect --schema` wrote. */
export async function readSchema(file: string): Promise<Schema> {
  const text = await readFile(file, 'utf8');
  try {
    return schemaFromJSON(JSON.parse(text));
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new Refusal(`${file}: ${problem}; write one by steepest inspect data.csv --schema ${file}`, {
      cause: error,
    });
  }
}
