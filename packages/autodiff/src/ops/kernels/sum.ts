import { FlatMatrix } from '../../values/flat-matrix.ts';

const block = 128;

/**
 * Sum of `length` entries from `start`: pairwise in blocks, so that the rounding error grows with
 * the logarithm of the length (Higham, The accuracy of floating point summation, 1993).
 */
export function sumRange(data: Float64Array, start: number, length: number): number {
  if (length > block) {
    const half = Math.ceil(length / 2 / block) * block;
    return sumRange(data, start, half) + sumRange(data, start + half, length - half);
  }
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const end = start + length;
  let k = start;
  for (; k + 3 < end; k += 4) {
    a += data[k];
    b += data[k + 1];
    c += data[k + 2];
    d += data[k + 3];
  }
  for (; k < end; k++) a += data[k];
  return a + b + (c + d);
}

/** Row i of the result is the sum of row i: r×c → r×1. */
export function sumOfRows(x: FlatMatrix): FlatMatrix {
  const result = new FlatMatrix(x.rows, 1);
  for (let i = 0; i < x.rows; i++) result.data[i] = sumRange(x.data, i * x.columns, x.columns);
  return result;
}

/** The sum of all rows, pairwise: r×c → 1×c. */
export function sumOfColumns(x: FlatMatrix): FlatMatrix {
  const result = new FlatMatrix(1, x.columns);
  addRows(x, 0, x.rows, result.data);
  return result;
}

function addRows(x: FlatMatrix, start: number, end: number, to: Float64Array): void {
  const { columns, data } = x;
  if (end - start > block) {
    const middle = start + Math.ceil((end - start) / 2 / block) * block;
    const upper = new Float64Array(columns);
    addRows(x, start, middle, to);
    addRows(x, middle, end, upper);
    for (let j = 0; j < columns; j++) to[j] += upper[j];
    return;
  }
  for (let i = start, k = start * columns; i < end; i++) {
    for (let j = 0; j < columns; j++) to[j] += data[k++];
  }
}
