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
import type { DiskColumn } from './column-files.ts';
import { type DiskCells, diskCells } from './disk-cells.ts';
import { type DiskFacts, diskTable } from './disk-table.ts';
import { gunzip } from './gunzip.ts';
import { type DiskFormat, type DiskType, formats, headerBytes, npyHeader } from './npy.ts';
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
  readonly version: 2;
  readonly key: string;
  readonly size: number;
  readonly modified: number;
  readonly content: string;
  readonly files: readonly SavedFile[];
}

/** A file of columns as it was left: one that was written to since is noticed. */
interface SavedFile {
  readonly path: string;
  readonly format: DiskFormat;
  readonly length: number;
  readonly modified: number;
}

/**
 * A CSV file of any size as a table on disk: its columns are kept as .npy files and made again if the
 * file, the schema or the columns themselves have changed. Holds some MB whatever the size. Throws as
 * `readCsv` does.
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
    if (policy !== 'mean' || column.type !== 'number') continue;
    throw new TypeError(
      `openCsv: the column "${column.name}" is to be filled with its mean, which a table on disk is not; keep its holes, and use impute('mean')`,
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
    if (saved.format !== 'steepest-columns' || saved.version !== 2) return undefined;
    const schema = schemaFromJSON(saved.schema);
    const isWhole = ({ path, format, length, modified }: SavedFile): boolean => {
      const wanted = npyHeader(format, length);
      const column = join(folder, path);
      const { size, mtimeMs } = statSync(column);
      if (size !== headerBytes + length * formats[format].bytes || mtimeMs !== modified)
        return false;
      const found = new Uint8Array(headerBytes);
      const fd = openSync(column, 'r');
      readSync(fd, found, 0, headerBytes, 0);
      closeSync(fd);
      return found.every((byte, i) => byte === wanted[i]);
    };
    return saved.files.every(isWhole) ? { ...saved, schema } : undefined;
  } catch {
    return undefined; // not there, or damaged: it is made again
  }
}

const chunkBytes = 1024 * 1024;

async function contentOf(handle: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  const chunks = hashed(handle, hash);
  while (!(await chunks.next()).done);
  return hash.digest('hex');
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
  mkdirSync(dirname(folder), { recursive: true });
  removeLeftovers(folder);
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  const files: OpenFile[] = [];
  const made = (path: string, format: DiskFormat): number => {
    const fd = openSync(join(part, path), 'w+');
    files.push({ fd, path, format });
    return fd;
  };
  try {
    const collected: Collected[] = [];
    const reader = new TableReader({ file, ...options }, 'openCsv', (context) => {
      const { name, type } = context.column;
      const path = `${collected.length}.npy`;
      const fd = made(path, type as DiskType);
      const bytes = type === 'text' ? `${collected.length}.text.npy` : undefined;
      const cells = diskCells(context, fd, bytes === undefined ? undefined : made(bytes, 'bytes'));
      collected.push({ name, type: type as DiskType, path, bytes, cells, fd });
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
    for (const { fd, cells } of collected) if (cells.ranks !== undefined) rank(fd, cells.ranks);
    const columns = collected.map(({ name, type, path, bytes, cells }): DiskColumn => {
      const { levels, length } = cells;
      return {
        name,
        type,
        path,
        ...(levels && { levels }),
        ...(bytes && { bytes: { path: bytes, length } }),
      };
    });
    const facts = { schema, rows, columns, droppedRows, warnings: plain(warnings), file };
    const lengths = new Map(
      columns.flatMap(({ bytes }) => (bytes ? [[bytes.path, bytes.length]] : [])),
    );
    const saved: Saved = {
      format: 'steepest-columns',
      version: 2,
      key,
      size,
      modified,
      content: more ? hash.digest('hex') : await contentOf(handle),
      ...facts,
      files: files.map((open) =>
        closed(open, join(part, open.path), lengths.get(open.path) ?? rows),
      ),
    };
    files.length = 0;
    writeFileSync(join(part, 'table.json'), JSON.stringify(saved));
    rmSync(folder, { recursive: true, force: true });
    renameSync(part, folder);
    return facts;
  } finally {
    for (const { fd } of files) closeSync(fd);
    rmSync(part, { recursive: true, force: true });
  }
}

interface OpenFile {
  readonly fd: number;
  readonly path: string;
  readonly format: DiskFormat;
}

interface Collected {
  readonly name: string;
  readonly type: DiskType;
  readonly path: string;
  readonly bytes: string | undefined;
  readonly cells: DiskCells;
  readonly fd: number;
}

/** Ends a file of columns: cut to its length, its header last of all. */
function closed({ fd, path, format }: OpenFile, place: string, length: number): SavedFile {
  ftruncateSync(fd, headerBytes + length * formats[format].bytes);
  writeSync(fd, npyHeader(format, length), 0, headerBytes, 0);
  closeSync(fd);
  return { path, format, length, modified: statSync(place).mtimeMs };
}

/** What processes that are gone, killed perhaps, have left half-written. */
function removeLeftovers(folder: string): void {
  for (const entry of readdirSync(dirname(folder), { withFileTypes: true })) {
    const [, name, pid] = /^(.*)\.(\d+)\.part$/.exec(entry.name) ?? [];
    if (name !== basename(folder) || isRunning(Number(pid))) continue;
    rmSync(join(dirname(folder), entry.name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
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
