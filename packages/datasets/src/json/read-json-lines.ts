import { rewindable } from '../csv/rewindable.ts';
import { bytesOf, pieces, type Source } from '../csv/source.ts';
import type { InferredTable } from '../reading/infer-options.ts';
import { nameOf, type TableOptions } from '../reading/options.ts';
import type { Columns, NumberColumns } from '../schema/schema.ts';
import type { Table } from '../table/table.ts';
import {
  type InferredTypedOptions,
  isInferred,
  readTyped,
  type TypedFormat,
  tableOf,
  type WithSchema,
} from '../typed/read-typed.ts';
import { JsonRows } from './json-rows.ts';

const format = { operation: 'readJsonLines', unit: 'line', isLoose: true } as const;

/**
 * Reads JSON lines (NDJSON: one object on each line) into a table, streaming, as `readCsv` reads CSV: text,
 * bytes, streams, gzip, the same schema, policies and checks. A key that is not there is a missing cell, as
 * null is; the table has the order of the first line's keys. Types are not changed in silence: a text is no
 * number. Lists and objects are refused, unless in columns that are not read. Throws a CsvError that names
 * file, line and key.
 *
 * @example
 * const table = await readJsonLines('{"x":1,"kind":"a"}\n{"x":2.5,"kind":"b"}\n', { schema });
 * const { proposal } = await readJsonLines(blob, { schema: 'infer', target: 'kind' });
 */
export function readJsonLines<C extends Columns>(
  source: Source,
  options: WithSchema<C>,
): Promise<Table<C>>;
export function readJsonLines(
  source: Source,
  options: InferredTypedOptions,
): Promise<InferredTable>;
export function readJsonLines(
  source: Source,
  options?: TableOptions,
): Promise<Table<NumberColumns>>;
export async function readJsonLines(
  source: Source,
  options: TableOptions | InferredTypedOptions = {},
): Promise<Table> {
  const operation = nameOf(options, format.operation);
  const open = isInferred(options)
    ? rewindable(source, { ...options, operation })
    : () => bytesOf(source, operation, options);
  return readJsonFrom(open, options);
}

/** The same of bytes that are opened as often as is asked for. */
export function readJsonFrom(
  open: () => AsyncIterable<Uint8Array>,
  options: TableOptions | InferredTypedOptions,
): Promise<Table> {
  const place = { operation: nameOf(options, format.operation), file: options?.file };
  return readTyped(
    async (handler, tick) => {
      const rows = new JsonRows(place, handler);
      for await (const chunk of open()) {
        const more = rows.push(chunk);
        tick(chunk.length);
        if (!more) break;
      }
      rows.end();
      return rows.warnings;
    },
    options,
    format,
  );
}

/**
 * The same at once, for text or bytes at hand.
 *
 * @example
 * parseJsonLines('{"x":1,"y":2}\n{"x":3,"y":null}\n', { missing: 'keep' }).rows // 2
 */
export function parseJsonLines<C extends Columns>(
  source: string | Uint8Array,
  options: WithSchema<C>,
): Table<C>;
export function parseJsonLines(
  source: string | Uint8Array,
  options?: TableOptions,
): Table<NumberColumns>;
export function parseJsonLines(source: string | Uint8Array, options: TableOptions = {}): Table {
  const here: TypedFormat = { ...format, operation: 'parseJsonLines' };
  const table = tableOf(options, here);
  const operation = nameOf(options, here.operation);
  const rows = new JsonRows({ operation, file: options.file }, table);
  for (const chunk of pieces(source, operation)) {
    const more = rows.push(chunk);
    table.tick(chunk.length);
    if (!more) break;
  }
  rows.end();
  return table.end(rows.warnings);
}
