import { expect, it } from 'vitest';
import { arena, numbers } from './kernels-arena.ts';

/** Row i has i % 9 entries, so that empty rows and every remainder of a pair occur. */
function sparseMatrix(rows: number, columns: number) {
  const starts = new Int32Array(rows + 1);
  for (let i = 0; i < rows; i++) starts[i + 1] = starts[i] + (i % 9);
  const values = numbers(starts[rows], 5);
  const places = Int32Array.from(numbers(starts[rows], 6), (v) =>
    Math.floor(((v + 1) / 2) * columns),
  );
  return { starts, values, places };
}

it('the sparse products are the plain sums over the entries that are there', () => {
  for (const rows of [0, 1, 2, 30]) {
    const columns = 13;
    const { kernels, put, putIndices, take } = arena();
    const { starts, values, places } = sparseMatrix(rows, columns);
    const [w, r, start] = [numbers(columns, 1), numbers(rows, 2), numbers(columns, 3)];
    const expected = new Float64Array(rows);
    const sum = start.slice();
    for (let i = 0; i < rows; i++) {
      for (let k = starts[i]; k < starts[i + 1]; k++) {
        expected[i] += values[k] * w[places[k]];
        sum[places[k]] += values[k] * r[i];
      }
    }
    const x = [put(values), putIndices(places), putIndices(starts)] as const;
    const [out, sumAt] = [put(new Float64Array(rows).fill(9)), put(start)];
    kernels.csrTimesColumn(...x, put(w), out, rows);
    kernels.addCsrTransposedTimesColumn(...x, put(r), sumAt, rows);
    for (const [i, value] of take(out, rows).entries()) expect(value).toBeCloseTo(expected[i], 14);
    expect(take(sumAt, columns)).toEqual(sum);
  }
});

it('a range of rows of a sparse matrix starts in the middle of its entries', () => {
  const { kernels, put, putIndices, take } = arena();
  const { starts, values, places } = sparseMatrix(30, 13);
  const x = [put(values), putIndices(places), putIndices(starts)] as const;
  const w = put(numbers(13, 1));
  const [whole, part] = [put(new Float64Array(30)), put(new Float64Array(12))];
  kernels.csrTimesColumn(...x, w, whole, 30);
  kernels.csrTimesColumn(x[0], x[1], x[2] + 4 * 7, w, part, 12);
  expect(take(part, 12)).toEqual(take(whole + 8 * 7, 12));
});

it('the sparse products with a matrix are those with each of its columns', () => {
  const [rows, columns] = [30, 13];
  for (const width of [1, 2, 3, 8, 9]) {
    const { kernels, put, putIndices, take } = arena();
    const { starts, values, places } = sparseMatrix(rows, columns);
    const x = [put(values), putIndices(places), putIndices(starts)] as const;
    const [W, R, start] = [columns, rows, columns].map((n, k) => numbers(n * width, k));
    const [out, total] = [put(new Float64Array(rows * width + 1).fill(9)), put(start)];
    kernels.csrTimesMatrix(...x, put(W), out, rows, width);
    kernels.addCsrTransposedTimesMatrix(...x, put(R), total, rows, width);
    const expected = new Float64Array(rows * width);
    for (let i = 0; i < rows; i++) {
      for (let k = starts[i]; k < starts[i + 1]; k++) {
        for (let j = 0; j < width; j++) {
          expected[i * width + j] += values[k] * W[places[k] * width + j];
          start[places[k] * width + j] += values[k] * R[i * width + j];
        }
      }
    }
    expect([...take(out, rows * width + 1)]).toEqual([...expected, 9]);
    expect(take(total, columns * width)).toEqual(start);
  }
});
