import type { NumericColumn } from '../steps/frame.ts';
import { RescaledColumn } from '../steps/rescaling.ts';

/** Numbers that are written so many at a time stay in a processor's cache until their rows are whole. */
const tileNumbers = 8192;

/** What (source − shift) / scale says for four columns side by side. */
interface Four {
  readonly sources: readonly Float64Array[];
  readonly shifts: Float64Array;
  readonly scales: Float64Array;
}

/** Rows from … to, written to every `stride`-th number from the j-th of a row on. */
interface Tile {
  readonly data: Float64Array;
  readonly from: number;
  readonly to: number;
  readonly stride: number;
}

/**
 * Writes columns row by row. Returns where an entry is no finite number, the first of its column among some
 * rows; undefined where all are.
 */
export function writeRows(
  columns: readonly NumericColumn[],
  rows: number,
  data: Float64Array,
): { readonly column: number; readonly row: number } | undefined {
  const stride = columns.length;
  const fours = Array.from({ length: Math.ceil(stride / 4) }, (_, k) =>
    fourOf(columns.slice(4 * k, 4 * k + 4)),
  );
  const height = Math.max(16, Math.floor(tileNumbers / stride));
  for (let from = 0; from < rows; from += height) {
    const tile = { data, from, to: Math.min(rows, from + height), stride };
    for (let k = 0; k < fours.length; k++) {
      const fits = fours[k].sources.length === 4;
      if (fits && writeFour(tile, 4 * k, fours[k])) continue;
      const wrong = writeEach(tile, 4 * k, fours[k]);
      if (wrong !== undefined) return wrong;
    }
  }
  return undefined;
}

function fourOf(columns: readonly NumericColumn[]): Four {
  const lazy = columns.map((column) =>
    column instanceof RescaledColumn ? column : { source: column.values, shift: 0, scale: 1 },
  );
  return {
    sources: lazy.map(({ source }) => source),
    shifts: Float64Array.from(lazy, ({ shift }) => shift),
    scales: Float64Array.from(lazy, ({ scale }) => scale),
  };
}

/** Whether all entries are finite. Four at once: a read of each column, one write beside another. */
function writeFour(
  { data, from, to, stride }: Tile,
  j: number,
  { sources, shifts, scales }: Four,
): boolean {
  const [a, b, c, d] = sources;
  const [shiftA, shiftB, shiftC, shiftD] = [shifts[0], shifts[1], shifts[2], shifts[3]];
  const [scaleA, scaleB, scaleC, scaleD] = [scales[0], scales[1], scales[2], scales[3]];
  let rest = 0;
  for (let i = from, at = from * stride + j; i < to; i++, at += stride) {
    const x = (a[i] - shiftA) / scaleA;
    const y = (b[i] - shiftB) / scaleB;
    const z = (c[i] - shiftC) / scaleC;
    const w = (d[i] - shiftD) / scaleD;
    data[at] = x;
    data[at + 1] = y;
    data[at + 2] = z;
    data[at + 3] = w;
    // v − v is 0 for finite v alone
    rest += x - x + (y - y) + (z - z + (w - w));
  }
  return rest === 0;
}

/** Column by column; the first entry that is not finite. */
function writeEach(
  { data, from, to, stride }: Tile,
  j: number,
  { sources, shifts, scales }: Four,
): { readonly column: number; readonly row: number } | undefined {
  for (let k = 0; k < sources.length; k++) {
    const source = sources[k];
    const [shift, scale] = [shifts[k], scales[k]];
    for (let i = from, at = from * stride + j + k; i < to; i++, at += stride) {
      const value = (source[i] - shift) / scale;
      if (value - value !== 0) return { column: j + k, row: i };
      data[at] = value;
    }
  }
  return undefined;
}
