import { expect, it } from 'vitest';
import { arena, numbers } from './kernels-arena.ts';

const sizes = [0, 1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 33];

function rowsOf(x: Float64Array, rows: number, columns: number): number[][] {
  return Array.from({ length: rows }, (_, i) => [...x.slice(i * columns, (i + 1) * columns)]);
}

const sumOf = (row: readonly number[]): number => row.reduce((a, b) => a + b, 0);

/** The relative distance of the farthest entries; equal infinities and NaN are at distance 0. */
function distance(actual: Float64Array, expected: readonly number[]): number {
  return Math.max(
    0,
    ...expected.map((e, k) => {
      const a = actual[k];
      return Object.is(a, e) ? 0 : Math.abs(a - e) / Math.max(Math.abs(e), 1);
    }),
  );
}

it('sums of rows, of columns and of everything are the plain ones', () => {
  for (const rows of sizes) {
    for (const columns of sizes) {
      const { kernels, put, take } = arena();
      const x = numbers(rows * columns, rows + 50 * columns);
      const at = put(x);
      expect(Math.abs(kernels.sum(at, x.length) - sumOf([...x]))).toBeLessThan(1e-13);
      const byRow = put(new Float64Array(rows).fill(9));
      kernels.sumOfRows(at, byRow, rows, columns);
      const lists = rowsOf(x, rows, columns);
      expect(distance(take(byRow, rows), lists.map(sumOf))).toBeLessThan(1e-14);
      const start = numbers(columns, 3);
      const byColumn = put(start);
      kernels.addColumnSums(at, byColumn, rows, columns);
      const expected = [...start].map((s, j) => s + sumOf(lists.map((row) => row[j])));
      expect(distance(take(byColumn, columns), expected)).toBeLessThan(1e-14);
    }
  }
});

it('the extremes of rows are those of Math.max and Math.min, NaN and −0 included', () => {
  const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0];
  for (const columns of sizes) {
    const { kernels, put, take } = arena();
    const rows = 40;
    const x = numbers(rows * columns, columns);
    for (let k = 0; k < x.length; k += 7) x[k] = special[(k / 7) % special.length];
    for (let k = 0; k < Math.min(2 * columns, x.length); k++) x[k] = k % 3 === 0 ? 0 : -0;
    const at = put(x);
    const out = put(new Float64Array(rows));
    kernels.maxOfRows(at, out, rows, columns);
    const lists = rowsOf(x, rows, columns);
    expect([...take(out, rows)]).toEqual(lists.map((row) => Math.max(...row)));
    kernels.minOfRows(at, out, rows, columns);
    expect([...take(out, rows)]).toEqual(lists.map((row) => Math.min(...row)));
  }
});

function logSumExp(row: readonly number[]): number {
  const top = Math.max(...row);
  if (!Number.isFinite(top)) return top;
  return top + Math.log(sumOf(row.map((x) => Math.exp(x - top))));
}

function softmax(row: readonly number[]): number[] {
  const powers = row.map((x) => Math.exp(x - Math.max(...row)));
  return powers.map((p) => p / sumOf(powers));
}

it('logSumExp and softmax are the plain ones at every remainder, without overflow', () => {
  for (const rows of [0, 1, 5]) {
    for (const columns of sizes) {
      const { kernels, put, take } = arena();
      const x = numbers(rows * columns, columns).map((v) => 800 * v);
      const at = put(x);
      const out = put(new Float64Array(rows));
      kernels.logSumExpOfRows(at, out, rows, columns);
      const lists = rowsOf(x, rows, columns);
      expect(distance(take(out, rows), lists.map(logSumExp))).toBeLessThan(1e-14);
      const shares = put(new Float64Array(x.length));
      kernels.softmaxOfRows(at, shares, rows, columns);
      expect(distance(take(shares, x.length), lists.flatMap(softmax))).toBeLessThan(1e-14);
      kernels.softmaxOfRows(at, at, rows, columns);
      expect(take(at, x.length)).toEqual(take(shares, x.length));
    }
  }
});

it('infinities and NaN give what the plain sums give', () => {
  const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
  const lists = [
    [1, infinity, 2],
    [-infinity, -infinity, -infinity],
    [0, nan, 1],
    [-infinity, 3, -infinity],
  ];
  const { kernels, put, take } = arena();
  const at = put(Float64Array.from(lists.flat()));
  const out = put(new Float64Array(12));
  kernels.logSumExpOfRows(at, out, 4, 3);
  expect([...take(out, 4)]).toEqual([infinity, -infinity, nan, 3]);
  kernels.softmaxOfRows(at, out, 4, 3);
  expect([...take(out, 12)]).toEqual(lists.flatMap(softmax));
});
