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
}

export function diskCells(context: CellContext, file: number): DiskCells {
  const cells = cellsFor(context);
  const { sharing } = cells;
  if (sharing === undefined)
    throw new TypeError('openCsv: a column of text cannot be kept on disk');
  let written = 0;
  let position = headerBytes;
  let hollow = true;
  let levels: readonly string[] | undefined;
  let ranks: Int32Array | undefined;
  return {
    lane: cells.lane,
    read: cells.read,
    explain: cells.explain,
    reserve() {},
    put: (row, raw) => cells.put(row - written, raw),
    append: (row, staged) => cells.append(row - written, staged),
    flush(rows) {
      const values = sharing.stored(rows - written);
      if (values instanceof Float64Array) hollow &&= values.every(Number.isNaN);
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      for (let at = 0; at < bytes.length; ) {
        at += writeSync(file, bytes, at, bytes.length - at, position + at);
      }
      position += bytes.length;
      written = rows;
    },
    finish(rows): Values {
      this.flush(rows);
      const found = sharing.labels?.();
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
  };
}
