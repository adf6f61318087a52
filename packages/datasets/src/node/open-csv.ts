import { createHash, type Hash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { settle, text } from '@steepest/ground';
import { type ReadOptions, readSpec, TableReader } from '../csv/table-reader.ts';
import { unpacked } from '../csv/unpack.ts';
import { expectSchema } from '../schema/expect-schema.ts';
import { schemaFromJSON } from '../schema/json.ts';
import type { Columns, Schema } from '../schema/schema.ts';
import type { DiskTable } from '../table/on-disk.ts';
import type { Warning } from '../warning.ts';
import { type DiskCells, diskCells } from './disk-cells.ts';
import { type DiskColumn, type DiskFacts, diskTable } from './disk-table.ts';
import { gunzip } from './gunzip.ts';
import { type DiskType, formats, headerBytes, npyHeader } from './npy.ts';
import { pathName, readable } from './path.ts';

/** How a file becomes a table on disk; everything else is as in `readCsv`. */
export interface OpenOptions<C extends Columns = Columns> extends ReadOptions<C> {
  readonly schema: Schema<C>;
  /** The directory that `FILE.columns` is made in; the file's own unless said. */
  readonly cache?: string;
}

const openSpec = { ...readSpec, cache: text() };

/** What stands beside the columns: which file they are of, read in which way, and what they hold. */
interface Saved extends DiskFacts {
  readonly format: 'steepest-columns';
  readonly version: 1;
  readonly key: string;
  readonly size: number;
  readonly modified: number;
  readonly content: string;
}

/**
 * A CSV file of any size as a table on disk: its columns are kept as .npy files and made again if the
 * file, the schema or the columns themselves have changed. Holds some MB whatever the size. Number,
 * category and boolean columns only. Throws as `readCsv` does.
 *
 * @example
 * const table = await openCsv('huge.csv', { schema });
 * for await (const block of table.blocks()) console.log(block.rows);
 */
export async function openCsv<C extends Columns>(
  path: string | URL,
  options: OpenOptions<C>,
): Promise<DiskTable<C>> {
  const file = pathName('openCsv', path);
  settle('openCsv', options, openSpec, { example: 'openCsv(path, { schema })' });
  const { cache, ...reading } = options;
  expectSchema('openCsv', options.schema);
  const folder = join(resolve(cache ?? dirname(file)), `${basename(file)}.columns`);
  refuseColumns(options.schema, options.missing);
  const key = keyOf(reading);
  return readable('openCsv', file, opened(file, folder, key, reading)) as Promise<DiskTable<C>>;
}

async function opened(
  file: string,
  folder: string,
  key: string,
  options: ReadOptions,
): Promise<DiskTable> {
  const handle = await open(file);
  try {
    const { size, mtimeMs } = await handle.stat();
    const saved = savedIn(folder);
    if (saved !== undefined && saved.key === key && saved.size === size) {
      const same = saved.modified === mtimeMs || saved.content === (await contentOf(handle));
      if (same) return diskTable(folder, { ...saved, file });
    }
    refuseOthers(folder);
    return diskTable(
      folder,
      await build({ handle, file, folder, key, size, modified: mtimeMs }, options),
    );
  } finally {
    await handle.close();
  }
}

/** A directory of that name that was not made here is not taken away. */
function refuseOthers(folder: string): void {
  if (!existsSync(folder) || existsSync(join(folder, 'table.json'))) return;
  if (statSync(folder).isDirectory() && readdirSync(folder).length === 0) return;
  throw new TypeError(
    `openCsv: ${folder} is there and holds no columns; pass another directory: cache: 'columns'`,
  );
}

function refuseColumns(schema: Schema, missing: unknown): void {
  for (const column of schema.columns) {
    const policy = column.type === 'ignored' ? undefined : (column.missing?.policy ?? missing);
    const what =
      column.type === 'text' || column.type === 'date'
        ? `holds ${column.type === 'text' ? 'text' : 'dates'}`
        : policy === 'mean'
          ? 'is to be filled with its mean'
          : '';
    if (what === '') continue;
    throw new TypeError(
      `openCsv: the column "${column.name}" ${what}, which is not kept on disk; ${column.type === 'text' || column.type === 'date' ? 'declare it category() or ignored()' : "keep its holes, and use impute('mean')"}`,
    );
  }
}

/** Everything that decides how the bytes are read. */
function keyOf({
  schema,
  columns,
  missing,
  decimal,
  delimiter,
  header,
  names,
  encoding,
  limit,
}: ReadOptions): string {
  const facts = { schema, columns, missing, decimal, delimiter, header, names, encoding, limit };
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}

/** The columns' description, if every part of it is as it was written. */
function savedIn(folder: string): Saved | undefined {
  try {
    const saved = JSON.parse(readFileSync(join(folder, 'table.json'), 'utf8')) as Saved;
    if (saved.format !== 'steepest-columns' || saved.version !== 1) return undefined;
    const schema = schemaFromJSON(saved.schema);
    const whole = saved.columns.every(({ path, type }) => {
      const wanted = npyHeader(type, saved.rows);
      const column = join(folder, path);
      if (statSync(column).size !== headerBytes + saved.rows * formats[type].bytes) return false;
      const found = new Uint8Array(headerBytes);
      const fd = openSync(column, 'r');
      readSync(fd, found, 0, headerBytes, 0);
      closeSync(fd);
      return found.every((byte, i) => byte === wanted[i]);
    });
    return whole ? { ...saved, schema } : undefined;
  } catch {
    return undefined; // not there, or damaged: it is made again
  }
}

const chunkBytes = 1024 * 1024;

async function contentOf(handle: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  const buffer = new Uint8Array(chunkBytes);
  for (let position = 0; ; ) {
    const { bytesRead } = await handle.read(buffer, 0, chunkBytes, position);
    if (bytesRead === 0) return hash.digest('hex');
    hash.update(buffer.subarray(0, bytesRead));
    position += bytesRead;
  }
}

/** A file's bytes from the start, hashed; every chunk is in the same memory. */
async function* hashed(handle: FileHandle, hash: Hash): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(chunkBytes);
  for (let position = 0; ; ) {
    const { bytesRead } = await handle.read(buffer, 0, chunkBytes, position);
    if (bytesRead === 0) return;
    const chunk = buffer.subarray(0, bytesRead);
    position += bytesRead;
    hash.update(chunk);
    yield chunk;
  }
}

/** Reads the file into columns in a directory of its own, which takes its place only when it is whole. */
async function build(
  source: {
    readonly handle: FileHandle;
    readonly file: string;
    readonly folder: string;
    readonly key: string;
    readonly size: number;
    readonly modified: number;
  },
  options: ReadOptions,
): Promise<DiskFacts> {
  const { handle, file, folder, key, size, modified } = source;
  const part = `${folder}.${process.pid}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  const files: number[] = [];
  try {
    const collected: {
      readonly name: string;
      readonly type: DiskType;
      readonly cells: DiskCells;
    }[] = [];
    const reader = new TableReader({ file, ...options }, 'openCsv', (context) => {
      const { name, type } = context.column;
      const fd = openSync(join(part, `${collected.length}.npy`), 'w+');
      files.push(fd);
      const cells = diskCells(context, fd);
      collected.push({ name, type: type as DiskType, cells });
      return cells;
    });
    const hash = createHash('sha256');
    const bytes = hashed(handle, hash);
    let more = true;
    for await (const chunk of unpacked(bytes, { operation: 'openCsv', file }, gunzip)) {
      more = reader.push(chunk);
      for (const { cells } of collected) cells.flush(reader.rows);
      if (!more) break;
    }
    const { rows, schema, droppedRows, warnings } = reader.end();
    collected.forEach(({ type, cells }, i) => {
      const fd = files[i];
      ftruncateSync(fd, headerBytes + rows * formats[type].bytes);
      if (cells.ranks !== undefined) rank(fd, cells.ranks);
      writeSync(fd, npyHeader(type, rows), 0, headerBytes, 0);
    });
    const columns = collected.map(({ name, type, cells }, i): DiskColumn => {
      const { levels } = cells;
      return { name, type, path: `${i}.npy`, ...(levels === undefined ? {} : { levels }) };
    });
    const facts = { schema, rows, columns, droppedRows, warnings: plain(warnings), file };
    const about = { format: 'steepest-columns', version: 1, key, size, modified } as const;
    const saved: Saved = {
      ...about,
      content: more ? hash.digest('hex') : await contentOf(handle),
      ...facts,
    };
    writeFileSync(join(part, 'table.json'), JSON.stringify(saved));
    for (const fd of files.splice(0)) closeSync(fd);
    rmSync(folder, { recursive: true, force: true });
    renameSync(part, folder);
    return facts;
  } finally {
    for (const fd of files) closeSync(fd);
    rmSync(part, { recursive: true, force: true });
  }
}

const plain = (warnings: readonly Warning[]): Warning[] =>
  warnings.map((warning) => ({ ...warning }));

/** Gives every code in a file its rank among the sorted levels, block by block. */
function rank(file: number, ranks: Int32Array): void {
  const codes = new Int32Array(chunkBytes / 4);
  const bytes = new Uint8Array(codes.buffer);
  for (let position = headerBytes; ; ) {
    const count = readSync(file, bytes, 0, bytes.length, position);
    if (count === 0) return;
    for (let i = 0; i < count / 4; i++) if (codes[i] >= 0) codes[i] = ranks[codes[i]];
    writeSync(file, bytes, 0, count, position);
    position += count;
  }
}
