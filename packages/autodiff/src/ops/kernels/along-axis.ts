import { FlatMatrix } from '../../values/flat-matrix.ts';

/**
 * One number from each column (axis 0: → 1×c), each row (axis 1: → r×1), or all entries (→ 1×1).
 * `reduce` sees the entries at start, start + step, … (count of them).
 */
export function alongAxis(
  x: FlatMatrix,
  axis: 0 | 1 | undefined,
  reduce: (entries: Float64Array, start: number, count: number, step: number) => number,
): FlatMatrix {
  const { rows, columns, data } = x;
  if (axis === undefined) return new FlatMatrix(1, 1, [reduce(data, 0, data.length, 1)]);
  const result = axis === 0 ? new FlatMatrix(1, columns) : new FlatMatrix(rows, 1);
  for (let k = 0; k < result.data.length; k++) {
    result.data[k] =
      axis === 0 ? reduce(data, k, rows, columns) : reduce(data, k * columns, columns, 1);
  }
  return result;
}
