import { FlatMatrix } from '@steepest/autodiff';
import { pin } from '@steepest/compile';
import type { Family } from '../families/family.ts';
import { rowSums } from './row-sums.ts';

/** Where each column lies and how far it spreads: x = shift + scale · (a column of mean 0 and deviation 1). */
export interface Moments {
  /** The means; 0 where columns must not be shifted. */
  readonly shift: Float64Array;
  /** The deviations about the shift; 1 for a column of one value. */
  readonly scale: Float64Array;
  /** Whether every entry is a finite number. */
  readonly finite: boolean;
}

/** From so many entries on, sums are compiled: below, that costs more than it saves. */
export const many = 1e5;

/**
 * Means and deviations in one pass, about the first row, so that a column far from 0 keeps its digits.
 * Without `centred`, root mean squares about 0. Pins x: it must not change while it is in use.
 */
export function momentsOf(family: Family, x: FlatMatrix, centred: boolean): Moments {
  const { rows, columns, data } = pin(x);
  const first = new FlatMatrix(1, columns);
  if (centred && rows > 0) first.data.set(data.subarray(0, columns));
  const { total, squares } = rowSums(family, data.length > many).moments({ shift: first }, { x });
  const shift = new Float64Array(columns);
  const scale = new Float64Array(columns).fill(1);
  let finite = true;
  for (let j = 0; j < columns; j++) {
    if (!Number.isFinite(total.data[j])) finite &&= allFinite(x, j);
    const mean = centred ? total.data[j] / rows : 0;
    const square = squares.data[j] / rows - mean * mean;
    // Where squares leave the range of numbers, or differences that of the sum, once more and slower.
    const spread =
      Number.isFinite(square) && square > 1e-6 * mean * mean && square > 1e-280
        ? Math.sqrt(square)
        : carefulDeviation(x, j, first.data[j] + mean);
    shift[j] = spread > 0 ? first.data[j] + mean : first.data[j];
    if (spread > 0) scale[j] = spread;
  }
  return { shift, scale, finite };
}

function allFinite({ columns, data }: FlatMatrix, j: number): boolean {
  for (let i = j; i < data.length; i += columns) if (data[i] - data[i] !== 0) return false;
  return true;
}

/** The deviation of column j about a number, by scaled squares; 0 where rounding alone is left. */
function carefulDeviation({ rows, columns, data }: FlatMatrix, j: number, about: number): number {
  let largest = 0;
  for (let i = j; i < data.length; i += columns) {
    largest = Math.max(largest, Math.abs(data[i] - about));
  }
  if (!(largest > 4 * Number.EPSILON * Math.abs(about))) return 0;
  let square = 0;
  for (let i = j; i < data.length; i += columns) square += ((data[i] - about) / largest) ** 2;
  return largest * Math.sqrt(square / rows);
}
