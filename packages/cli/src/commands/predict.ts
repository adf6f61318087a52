import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import {
  CsvError,
  defineSchema,
  parseCsv,
  type Schema,
  type Table,
  writeCsv,
} from '@steepest/datasets';
import { readTable } from '@steepest/datasets/node';
import type { Fitted } from '@steepest/models';
import { expectFile, expectNoFolder, readModel } from '../data/model.ts';
import {
  cell,
  type PredictionOptions,
  predictedLines,
  predictedNames,
} from '../data/predictions.ts';
import { manner } from '../data/read.ts';
import { type Block, blocksOf, headerLength, recordsOf } from '../data/records.ts';
import { newFile } from '../data/write.ts';
import type { Io } from '../io.ts';
import { headOf, type Output } from '../output/output.ts';
import { Refusal, UsageError } from '../usage/errors.ts';
import type { Given } from '../usage/given.ts';

/** Lines of output, and for how many rows they are. */
interface Piece {
  readonly text: string;
  readonly rows: number;
}

/** steepest predict: rows stream through, a block at a time; other formats are read whole. */
export async function run(given: Given, io: Io): Promise<Output | undefined> {
  const path = given.argument(0, 'the model file');
  const out = given.text('out');
  if (given.has('json') && out === undefined) {
    throw new UsageError(
      '--json needs standard output for itself; write the rows to a file: --out new.csv',
    );
  }
  const data = given.positionals[1] ?? '-';
  if (data !== '-') await expectFile(data);
  await expectNoFolder(out);
  const fitted = await readModel(path);
  const options: PredictionOptions = {
    proba: given.has('proba'),
    safe: given.has('spreadsheet-safe'),
    delimiter: manner(given).delimiter ?? ',',
  };
  if (options.proba && fitted.classes === undefined) {
    throw new UsageError(
      `--proba: ${fitted.reading.target} is a number, it has no classes; leave it out`,
    );
  }
  const pieces = piecesOf(fitted, data, given, options, io);
  const rows = out === undefined ? await toOutput(pieces, io) : await toFile(out, pieces);
  if (out === undefined) return undefined;
  const facts = {
    ...headOf('predict'),
    model: path,
    data,
    out,
    rows,
    predicted: fitted.reading.target,
  };
  return { facts, text: () => `${rows} rows predicted in ${out}\n` };
}

async function toOutput(pieces: AsyncIterable<Piece>, io: Io): Promise<number> {
  let rows = 0;
  for await (const piece of pieces) {
    await io.print(piece.text);
    rows += piece.rows;
  }
  return rows;
}

async function toFile(path: string, pieces: AsyncIterable<Piece>): Promise<number> {
  const file = await newFile(path);
  let rows = 0;
  try {
    for await (const piece of pieces) {
      await file.write(piece.text);
      rows += piece.rows;
    }
    await file.keep();
  } catch (error) {
    await file.drop();
    throw error;
  }
  return rows;
}

async function* piecesOf(
  fitted: Fitted,
  data: string,
  given: Given,
  options: PredictionOptions,
  io: Io,
): AsyncGenerator<Piece> {
  const keep = given.has('keep');
  const schema = schemaOf(fitted);
  const { format } = manner(given);
  const streams = data === '-' || (format ?? ending(data)) === 'csv';
  if (!streams) {
    const table = await readTable(data, { ...manner(given), schema, signal: io.signal });
    const records = keep ? recordsOf(writeCsv(table, { delimiter: options.delimiter })) : undefined;
    yield await piece(fitted, table, records?.slice(1), options, records?.[0], true);
    return;
  }
  let header: Uint8Array | undefined;
  for await (const block of blocksOf(bytesOf(data, io))) {
    io.signal.throwIfAborted();
    const first = header === undefined;
    header ??= block.bytes.subarray(0, headerLength(block.bytes));
    const table = parsed(block, first ? undefined : header, schema, data, given);
    const text = keep ? recordsOf(new TextDecoder().decode(block.bytes)) : undefined;
    const records = first ? text?.slice(1) : text;
    yield await piece(fitted, table, records, options, text?.[0], first);
  }
  if (header === undefined)
    throw new Refusal(`${nameOf(data)} is empty; its first line must name the columns`);
}

/** The rows of a block; what is wrong with one is said with its line in the whole file. */
function parsed(
  block: Block,
  header: Uint8Array | undefined,
  schema: Schema,
  data: string,
  given: Given,
): Table {
  const { delimiter } = manner(given);
  const bytes = header === undefined ? block.bytes : Buffer.concat([header, block.bytes]);
  try {
    return parseCsv(bytes, {
      schema,
      file: nameOf(data),
      ...(delimiter === undefined ? {} : { delimiter }),
    });
  } catch (error) {
    if (!(error instanceof CsvError) || error.line === undefined || header === undefined)
      throw error;
    const { reason, problem, advice, file, column, raw } = error;
    const line = error.line + block.line - 2;
    throw new CsvError({ operation: 'predict', reason, problem, advice, file, line, column, raw });
  }
}

/** Predictions beside the records that they are for. */
async function piece(
  fitted: Fitted,
  table: Table,
  records: readonly string[] | undefined,
  options: PredictionOptions,
  header: string | undefined,
  first: boolean,
): Promise<Piece> {
  const lines = predictedLines(fitted, table, options);
  const names = predictedNames(fitted, options).map((name) => cell(name, options));
  const head = [...(header === undefined ? [] : [header]), ...names].join(options.delimiter);
  if (records !== undefined && records.length !== lines.length) {
    throw new Refusal(
      `--keep: ${records.length} records became ${lines.length} rows; leave --keep out`,
    );
  }
  const body =
    records === undefined
      ? lines
      : lines.map((line, i) => `${records[i]}${options.delimiter}${line}`);
  return { text: `${(first ? [head, ...body] : body).join('\n')}\n`, rows: lines.length };
}

/** What a model needs of new rows: its features; a hole is kept where training filled them. */
function schemaOf({ reading }: Fitted): Schema {
  const { preparation, offset, exposure } = reading;
  if (preparation === undefined) {
    throw new Refusal(
      'the model was fitted to ready features and knows no columns; train one by steepest train',
    );
  }
  const needed = new Set([...preparation.features, offset, exposure]);
  const columns = preparation.schema.columns
    .filter(({ name }) => needed.has(name))
    .map(({ name, ...column }) => [name, column] as const);
  return defineSchema(Object.fromEntries(columns), { others: 'ignore' });
}

function ending(path: string): string {
  return /\.csv(\.gz)?$/i.test(path) ? 'csv' : 'other';
}

function nameOf(data: string): string {
  return data === '-' ? 'standard input' : data;
}

function bytesOf(data: string, io: Io): AsyncIterable<Uint8Array> {
  if (data === '-') return io.stdin;
  const file = createReadStream(data, { highWaterMark: 1 << 20 });
  if (!/\.gz$/i.test(data)) return file;
  const unzipped = createGunzip();
  file.on('error', (error) => unzipped.destroy(error));
  return file.pipe(unzipped);
}
