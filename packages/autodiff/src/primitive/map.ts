import { FlatMatrix } from '../values/flat-matrix.ts';

/** f of every entry. */
export function mapUnary(f: (x: number) => number, x: FlatMatrix): FlatMatrix {
  const result = new FlatMatrix(x.rows, x.columns);
  const from = x.data;
  const to = result.data;
  for (let k = 0; k < to.length; k++) to[k] = f(from[k]);
  return result;
}

/** f of every pair of entries; a dimension of 1 stretches to the other operand's. */
export function mapBinary(
  f: (a: number, b: number) => number,
  a: FlatMatrix,
  b: FlatMatrix,
): FlatMatrix {
  if (a.rows === b.rows && a.columns === b.columns) {
    const result = new FlatMatrix(a.rows, a.columns);
    const left = a.data;
    const right = b.data;
    const to = result.data;
    for (let k = 0; k < to.length; k++) to[k] = f(left[k], right[k]);
    return result;
  }
  if (b.rows === 1 && b.columns === 1) {
    const y = b.data[0];
    return mapUnary((x) => f(x, y), a);
  }
  if (a.rows === 1 && a.columns === 1) {
    const x = a.data[0];
    return mapUnary((y) => f(x, y), b);
  }
  return mapStretched(f, a, b);
}

// Steps of 0 keep reading the same row or column.
function mapStretched(
  f: (a: number, b: number) => number,
  a: FlatMatrix,
  b: FlatMatrix,
): FlatMatrix {
  const rows = a.rows === 1 ? b.rows : a.rows;
  const columns = a.columns === 1 ? b.columns : a.columns;
  const result = new FlatMatrix(rows, columns);
  const aDown = a.rows === 1 ? 0 : a.columns;
  const bDown = b.rows === 1 ? 0 : b.columns;
  const aRight = a.columns === 1 ? 0 : 1;
  const bRight = b.columns === 1 ? 0 : 1;
  for (let i = 0, k = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      result.data[k++] = f(a.data[i * aDown + j * aRight], b.data[i * bDown + j * bRight]);
    }
  }
  return result;
}
