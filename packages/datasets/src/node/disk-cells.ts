import { writeSync } from 'node:fs';
import type { CellContext, Cells } from '../csv/cells.ts';
import { cellsFor } from '../csv/cells-for.ts';
import type { Values } from '../table/table.ts';
import { headerBytes } from './npy.ts';

/** Collects a column into a file: rows that are settled are written, and forgotten. */
export interface DiskCells extends Cells {
  /** Writes all rows before this one that were not written yet. */
  flush(rows: number): void;
  /** After `finish`: what was collected, without its cells. */
  readonly levels: readonly string[] | undefined;
  /** Codes as they were written, to those that they are now that the levels are sorted. */
  readonly ranks: Int32Array | undefined;
  /** How many bytes the texts take. */
  readonly length: number;
}

/** Cells that go to a file; the bytes of texts go to another one. */
export function diskCells(context: CellContext, file: number, bytesFile?: number): DiskCells {
  const cells = cellsFor(context);
  const { sharing } = cells;
  const texts = bytesFile === undefined ? undefined : new TextFile(bytesFile);
  const out = new Appended(file);
  let written = 0;
  let hollow = true;
  let levels: readonly string[] | undefined;
  let ranks: Int32Array | undefined;
  const settled = (rows: number): Float64Array | Int32Array | Int8Array => {
    if (sharing !== undefined) return sharing.stored(rows);
    const { type, ...found } = cells.finish(rows) as Extract<Values, { readonly values: unknown }>;
    if (type === 'text') return texts!.put(found.values as readonly (string | null)[]);
    return found.values as Float64Array;
  };
  return {
    lane: cells.lane,
    read: cells.read,
    explain: cells.explain,
    reserve() {},
    put: (row, raw) => cells.put(row - written, raw),
    append: (row, staged) => cells.append(row - written, staged),
    flush(rows) {
      if (rows === written) return;
      const values = settled(rows - written);
      if (values instanceof Float64Array) hollow &&= values.every(Number.isNaN);
      out.write(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
      written = rows;
    },
    finish(rows): Values {
      this.flush(rows);
      const found = sharing?.labels?.();
      const end = cells.finish(0);
      if (end.type === 'category') {
        levels = end.levels;
        if (found !== undefined)
          ranks = Int32Array.from(found, (label) => end.levels.indexOf(label));
      }
      // The reader looks whether there was any number.
      if (end.type === 'number' && hollow) return { ...end, values: Float64Array.of(Number.NaN) };
      return end;
    },
    get levels() {
      return levels;
    },
    get ranks() {
      return ranks;
    },
    get length() {
      return texts?.length ?? 0;
    },
  };
}

/** A file that grows, after the room for its header. */
class Appended {
  readonly #file: number;
  #position = headerBytes;

  constructor(file: number) {
    this.#file = file;
  }

  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      at += writeSync(this.#file, bytes, at, bytes.length - at, this.#position + at);
    }
    this.#position += bytes.length;
  }
}

/** The bytes of texts in a file. */
class TextFile {
  readonly #out: Appended;
  length = 0;

  constructor(file: number) {
    this.#out = new Appended(file);
  }

  /** Where each text ends; for a hole −1 less that. */
  put(texts: readonly (string | null)[]): Float64Array {
    const ends = Float64Array.from(texts, (text) => {
      if (text === null) return -1 - this.length;
      this.length += Buffer.byteLength(text);
      return this.length;
    });
    this.#out.write(Buffer.from(texts.map((text) => text ?? '').join('')));
    return ends;
  }
}
