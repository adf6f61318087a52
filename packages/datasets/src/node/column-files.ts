import { closeSync, openSync, read as readFrom, readSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TextValues, Values } from '../table/table.ts';
import { type DiskType, formats, headerBytes } from './npy.ts';

/** A column on disk: its file, and what its cells mean. */
export interface DiskColumn {
  readonly name: string;
  readonly type: DiskType;
  readonly path: string;
  readonly levels?: readonly string[];
  /** Of texts: the file of their bytes, in UTF-8. */
  readonly bytes?: { readonly path: string; readonly length: number };
}

export type Fixed = Float64Array | Int32Array | Int8Array;

const readAsync = promisify(readFrom);

/** So many rows apart, one read of all between two rows is cheaper than two reads. */
const nearRows = 512;
const mostAtOnce = 65_536;

/** Reads the cells of columns from files, which are opened when they are first wanted. */
export class ColumnFiles {
  readonly #folder: string;
  readonly #files = new Map<string, number>();
  /** What is read to pick cells from: always the same place, since fresh memory is slow to be freed. */
  readonly #scratch = new ArrayBuffer(8 * (mostAtOnce + 1));

  constructor(folder: string) {
    this.#folder = folder;
  }

  close(): void {
    for (const file of this.#files.values()) closeSync(file);
    this.#files.clear();
  }

  /** Rows from … to of a column. */
  run(column: DiskColumn, from: number, to: number): Values {
    const cells = cellsOf(column.type, to - from);
    this.#fill(this.#file(column.path), cells, from);
    return this.#values(column, cells, from);
  }

  /** The same, into `room`; the cells are read while other work goes on. */
  async ahead(
    column: DiskColumn,
    from: number,
    to: number,
    room: ArrayBuffer = new ArrayBuffer(8 * (to - from)),
  ): Promise<Values> {
    const cells = cellsOf(column.type, to - from, room);
    const file = this.#file(column.path);
    const bytes = new Uint8Array(room, 0, cells.byteLength);
    const start = headerBytes + from * cells.BYTES_PER_ELEMENT;
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await readAsync(file, bytes, at, bytes.length - at, start + at);
      if (bytesRead === 0) throw cutOff();
      at += bytesRead;
    }
    return this.#values(column, cells, from);
  }

  /** Rows of a column by their numbers; `order` are those in ascending order, by place. */
  scattered(column: DiskColumn, numbers: Int32Array, order: Int32Array): Values {
    const { type } = column;
    const texts: (string | null)[] = [];
    const cells = cellsOf(type, type === 'text' ? 0 : numbers.length);
    for (let k = 0; k < order.length; ) {
      let last = k;
      const first = numbers[order[k]];
      while (
        last + 1 < order.length &&
        numbers[order[last + 1]] - numbers[order[last]] < nearRows &&
        numbers[order[last + 1]] - first < mostAtOnce
      ) {
        last++;
      }
      const end = numbers[order[last]] + 1;
      if (type === 'text') {
        const found = this.run(column, first, end) as TextValues;
        for (; k <= last; k++) texts[order[k]] = found.values[numbers[order[k]] - first];
      } else {
        const found = cellsOf(type, end - first, this.#scratch);
        this.#fill(this.#file(column.path), found, first);
        for (; k <= last; k++) cells[order[k]] = found[numbers[order[k]] - first];
      }
    }
    return type === 'text' ? { type, values: texts } : valuesOf(column, cells);
  }

  #file(path: string): number {
    const open = this.#files.get(path) ?? openSync(join(this.#folder, path), 'r');
    this.#files.set(path, open);
    return open;
  }

  #fill(file: number, cells: Fixed | Uint8Array, from: number): void {
    const bytes = new Uint8Array(cells.buffer, 0, cells.byteLength);
    const start = headerBytes + from * cells.BYTES_PER_ELEMENT;
    for (let at = 0; at < bytes.length; ) {
      const count = readSync(file, bytes, at, bytes.length - at, start + at);
      if (count === 0) throw cutOff();
      at += count;
    }
  }

  #values(column: DiskColumn, cells: Fixed, from: number): Values {
    if (column.type !== 'text') return valuesOf(column, cells);
    const before = new Float64Array(1);
    if (from > 0 && cells.length > 0) this.#fill(this.#file(column.path), before, from - 1);
    const start = endOf(before[0]);
    const bytes = new Uint8Array(cells.length === 0 ? 0 : endOf(cells[cells.length - 1]) - start);
    if (bytes.length > 0) this.#fill(this.#file(column.bytes!.path), bytes, start);
    const decoder = new TextDecoder();
    let begin = 0;
    const texts = Array.from(cells as Float64Array, (place) => {
      const end = endOf(place) - start;
      const text = place < 0 ? null : decoder.decode(bytes.subarray(begin, end));
      begin = end;
      return text;
    });
    return { type: 'text', values: texts };
  }
}

/** Where a text ends: the place itself, or for a hole −1 less it. */
function endOf(place: number): number {
  return place < 0 ? -1 - place : place;
}

function cellsOf(
  type: DiskType,
  count: number,
  room = new ArrayBuffer(formats[type].bytes * count),
): Fixed {
  if (type === 'category') return new Int32Array(room, 0, count);
  return type === 'boolean' ? new Int8Array(room, 0, count) : new Float64Array(room, 0, count);
}

function valuesOf({ type, levels = [] }: DiskColumn, cells: Fixed): Values {
  if (type === 'category') return { type, codes: cells as Int32Array, levels };
  if (type === 'boolean') return { type, values: cells as Int8Array };
  return { type: type === 'date' ? 'date' : 'number', values: cells as Float64Array };
}

const cutOff = (): Error =>
  new Error(
    'reading a table from disk: a file of its columns was cut off; open it again to rebuild it',
  );
