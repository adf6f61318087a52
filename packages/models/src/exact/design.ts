import { type FlatMatrix, toFlatMatrix } from '@steepest/autodiff';
import type { ColumnMajor } from '@steepest/optim/linear-algebra';
import type { Column } from '../families/batch.ts';

/** A least-squares task as A c ≈ target, the columns of A scaled to about unit length. */
export interface Design {
  readonly matrix: ColumnMajor;
  readonly target: Float64Array;
  /** By what each column was divided: powers of two, so that scaling does not round. */
  readonly lengths: Float64Array;
  readonly y: Float64Array;
  readonly weights: Float64Array | undefined;
}

interface DesignOptions {
  readonly l2: number;
  readonly intercept: boolean;
  readonly weights?: Column | undefined;
}

/** √weight · [1 x] over √(n l2) [0 I], against √weight · y over 0. */
export function designOf(x: FlatMatrix, y: Column, options: DesignOptions): Design {
  const { l2, intercept } = options;
  const { rows: n, columns: d } = x;
  const target = columnOf('y', y, n);
  const weights =
    options.weights === undefined ? undefined : columnOf('weights', options.weights, n);
  if (!(l2 >= 0 && l2 < Infinity)) {
    throw new RangeError(`leastSquares: l2 must be a number of at least 0, got ${l2}`);
  }
  const wrong = x.data.findIndex((v) => v - v !== 0);
  if (wrong >= 0) {
    throw new RangeError(
      `leastSquares: x: row ${Math.floor(wrong / d) + 1}, column ${(wrong % d) + 1} is ${x.data[wrong]}; leave the row out`,
    );
  }
  const first = intercept ? 1 : 0;
  const rows = n + (l2 > 0 ? d : 0);
  const data = new Float64Array(rows * (d + first));
  const roots = weights?.map(Math.sqrt);
  if (intercept) data.fill(1, 0, n);
  for (let j = 0; j < d; j++) {
    const start = (j + first) * rows;
    for (let i = 0; i < n; i++) data[start + i] = x.data[i * d + j];
    if (l2 > 0) data[start + n + j] = Math.sqrt(n * l2);
  }
  const right = new Float64Array(rows);
  right.set(target);
  if (roots !== undefined) {
    for (let j = 0; j < d + first; j++) {
      for (let i = 0; i < n; i++) data[j * rows + i] *= roots[i];
    }
    for (let i = 0; i < n; i++) right[i] *= roots[i];
  }
  const matrix = { data, rows, columns: d + first };
  return { matrix, target: right, lengths: scaleColumns(matrix), y: target, weights };
}

/** The column's entries, each of them finite. */
function columnOf(name: string, column: Column, rows: number): Float64Array {
  const { data, columns, rows: found } = toFlatMatrix(column, 'leastSquares');
  if (found !== rows || columns !== 1) {
    throw new RangeError(`leastSquares: ${name} is ${found}×${columns}, expected ${rows}×1`);
  }
  const wrong = data.findIndex((v) => !Number.isFinite(v) || (name === 'weights' && v < 0));
  if (wrong >= 0)
    throw new RangeError(`leastSquares: ${name} of row ${wrong + 1} is ${data[wrong]}`);
  return data;
}

/** Divides each column by a power of two near its length; a column of zeros stays. */
export function scaleColumns({ data, rows, columns }: ColumnMajor): Float64Array {
  const lengths = new Float64Array(columns).fill(1);
  for (let j = 0; j < columns; j++) {
    let largest = 0;
    for (let i = j * rows; i < (j + 1) * rows; i++) largest = Math.max(largest, Math.abs(data[i]));
    if (largest === 0 || !Number.isFinite(largest)) continue;
    let square = 0;
    for (let i = j * rows; i < (j + 1) * rows; i++) square += (data[i] / largest) ** 2;
    const length = 2 ** Math.round(Math.log2(largest * Math.sqrt(square)));
    lengths[j] = length;
    for (let i = j * rows; i < (j + 1) * rows; i++) data[i] /= length;
  }
  return lengths;
}
