import { FlatMatrix } from '../../values/flat-matrix.ts';
import { addProduct } from './product-tiles.ts';

/** A·B: m×k · k×n → m×n. */
export function multiply(a: FlatMatrix, b: FlatMatrix): FlatMatrix {
  const result = new FlatMatrix(a.rows, b.columns);
  if (b.columns === 1) timesColumn(a, b.data, result.data);
  else addProduct(a.data, b.data, result.data, a.rows, a.columns, b.columns);
  return result;
}

/** Aᵀ·B: k×m, k×n → m×n. */
export function multiplyTransposedLeft(a: FlatMatrix, b: FlatMatrix): FlatMatrix {
  const result = new FlatMatrix(a.columns, b.columns);
  if (b.columns === 1) transposedTimesColumn(a, b.data, result.data);
  else addProduct(transposed(a).data, b.data, result.data, a.columns, a.rows, b.columns);
  return result;
}

/** A·Bᵀ: m×k, n×k → m×n. */
export function multiplyTransposedRight(a: FlatMatrix, b: FlatMatrix): FlatMatrix {
  const result = new FlatMatrix(a.rows, b.rows);
  addProduct(a.data, transposed(b).data, result.data, a.rows, a.columns, b.rows);
  return result;
}

/** The transpose, in square tiles so that both sides stay in cache. */
export function transposed(x: FlatMatrix): FlatMatrix {
  const { rows, columns, data } = x;
  if (rows === 1 || columns === 1) return new FlatMatrix(columns, rows, data.slice());
  const result = new FlatMatrix(columns, rows);
  const to = result.data;
  const tile = 16;
  for (let i0 = 0; i0 < rows; i0 += tile) {
    const i1 = Math.min(i0 + tile, rows);
    for (let j0 = 0; j0 < columns; j0 += tile) {
      const j1 = Math.min(j0 + tile, columns);
      for (let i = i0; i < i1; i++) {
        for (let j = j0; j < j1; j++) to[j * rows + i] = data[i * columns + j];
      }
    }
  }
  return result;
}

// Four independent sums per row: a single one would wait for each addition.
function timesColumn(a: FlatMatrix, x: Float64Array, to: Float64Array): void {
  const { rows, columns, data } = a;
  const whole = columns - (columns % 4);
  for (let i = 0, k = 0; i < rows; i++) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let j = 0;
    for (; j < whole; j += 4, k += 4) {
      s0 += data[k] * x[j];
      s1 += data[k + 1] * x[j + 1];
      s2 += data[k + 2] * x[j + 2];
      s3 += data[k + 3] * x[j + 3];
    }
    for (; j < columns; j++, k++) s0 += data[k] * x[j];
    to[i] = s0 + s1 + (s2 + s3);
  }
}

// Four rows at a time: a quarter of the reads and writes of the result.
function transposedTimesColumn(a: FlatMatrix, x: Float64Array, to: Float64Array): void {
  const { rows, columns, data } = a;
  let i = 0;
  for (; i + 3 < rows; i += 4) {
    const r0 = i * columns;
    const r1 = r0 + columns;
    const r2 = r1 + columns;
    const r3 = r2 + columns;
    const x0 = x[i];
    const x1 = x[i + 1];
    const x2 = x[i + 2];
    const x3 = x[i + 3];
    for (let j = 0; j < columns; j++) {
      to[j] += data[r0 + j] * x0 + data[r1 + j] * x1 + (data[r2 + j] * x2 + data[r3 + j] * x3);
    }
  }
  for (; i < rows; i++) {
    const row = i * columns;
    for (let j = 0; j < columns; j++) to[j] += data[row + j] * x[i];
  }
}
