import type { FlatMatrix } from '@steepest/autodiff';

/** Where each column lies and how far it spreads: x = shift + scale · (a column of mean 0 and deviation 1). */
export interface Moments {
  /** The means; 0 where columns must not be shifted. */
  readonly shift: Float64Array;
  /** The deviations about the shift; 1 for a column of one value. */
  readonly scale: Float64Array;
}

/**
 * Means and deviations in one pass, about the first row, so that a column far from 0 keeps its digits.
 * Without `centred`, root mean squares about 0.
 */
export function momentsOf(x: FlatMatrix, centred: boolean): Moments {
  const { rows, columns, data } = x;
  const first = centred ? data.slice(0, columns) : new Float64Array(columns);
  const sums = new Float64Array(columns);
  const squares = new Float64Array(columns);
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, at++) {
      const value = data[at] - first[j];
      sums[j] += value;
      squares[j] += value * value;
    }
  }
  const shift = new Float64Array(columns);
  const scale = new Float64Array(columns).fill(1);
  for (let j = 0; j < columns; j++) {
    const mean = centred ? sums[j] / rows : 0;
    const square = squares[j] / rows - mean * mean;
    // Where squares leave the range of numbers, or differences that of the sum, once more and slower.
    const spread =
      Number.isFinite(square) && square > 1e-6 * mean * mean && square > 1e-280
        ? Math.sqrt(square)
        : carefulDeviation(x, j, first[j] + mean);
    shift[j] = spread > 0 ? first[j] + mean : first[j];
    if (spread > 0) scale[j] = spread;
  }
  return { shift, scale };
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
