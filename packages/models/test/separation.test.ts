import { FlatMatrix } from '@steepest/autodiff';
import { columnValues, numbers, type Table } from '@steepest/datasets';
import { bundled } from '@steepest/datasets/node';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { separatingColumn, separation } from '../src/index.ts';

function codesOf(table: Table, name: string): number[] {
  const column = columnValues(table, name);
  return column.type === 'category' ? [...column.codes] : [];
}

function matrixOf(table: Table, names: readonly string[], rows: readonly number[]): FlatMatrix {
  const columns = names.map((name) => numbers(table, name));
  return new FlatMatrix(
    rows.length,
    names.length,
    rows.flatMap((i) => columns.map((c) => c[i])),
  );
}

const iris = await bundled('iris').read();
const species = codesOf(iris, 'species');
const rowsWhere = (...kept: number[]) =>
  [...species.keys()].filter((i) => kept.includes(species[i]));

test('setosa and versicolor are separated, by one column alone', () => {
  const rows = rowsWhere(0, 1);
  const codes = rows.map((i) => species[i]);
  expect(separation(matrixOf(iris, ['petal_length', 'petal_width'], rows), codes)).toBe('complete');
  const values = numbers(iris, 'petal_length');
  const found = separatingColumn(
    [{ name: 'petal_length', values: rows.map((i) => values[i]) }],
    codes,
    ['setosa', 'versicolor'],
  );
  expect(found?.message).toBe(
    '"petal_length" alone separates them: it is at most 1.9 for "setosa" and at least 3 for "versicolor"',
  );
});

test('versicolor and virginica overlap', () => {
  const rows = rowsWhere(1, 2);
  const codes = rows.map((i) => species[i] - 1);
  expect(separation(matrixOf(iris, ['petal_length', 'petal_width'], rows), codes)).toBe('none');
});

test('of three species one is separated from the others: quasi-complete', () => {
  const rows = rowsWhere(0, 1, 2);
  expect(separation(matrixOf(iris, ['petal_length', 'petal_width'], rows), species)).toBe('quasi');
});

test('the raw breast cancer data is separated completely by all thirty columns', async () => {
  const table = await bundled('breast_cancer').read();
  const names = table.names.filter((name) => name !== 'target');
  const x = matrixOf(table, names, [...Array(table.rows).keys()]);
  expect(separation(x, codesOf(table, 'target'))).toBe('complete');
  expect(
    separation(
      matrixOf(table, names.slice(0, 5), [...Array(table.rows).keys()]),
      codesOf(table, 'target'),
    ),
  ).toBe('none');
});

test('a value shared by both classes at the threshold is quasi-complete separation', () => {
  const x = new FlatMatrix(6, 1, [1, 2, 3, 3, 4, 5]);
  expect(separation(x, [0, 0, 0, 1, 1, 1])).toBe('quasi');
  expect(separation(x, [0, 0, 1, 0, 1, 1])).toBe('quasi');
  expect(separation(x, [0, 1, 0, 1, 0, 1])).toBe('none');
  expect(separation(x, [0, 0, 0, 0, 1, 1])).toBe('complete');
});

test('dependent and constant columns do not hide separation, nor feign it', () => {
  const values = [1, 2, 3, 4, 5, 6];
  const x = new FlatMatrix(
    6,
    3,
    values.flatMap((v) => [v, 2 * v + 1, 7]),
  );
  expect(separation(x, [0, 0, 0, 1, 1, 1])).toBe('complete');
  expect(separation(x, [0, 0, 1, 0, 1, 1])).toBe('none');
});

test('labels drawn by a hyperplane are separated; flipping two inside rows ends that', () => {
  const entry = fc.integer({ min: -1000, max: 1000 });
  fc.assert(
    fc.property(fc.array(fc.tuple(entry, entry), { minLength: 30, maxLength: 30 }), (points) => {
      const score = (p: readonly [number, number]) => 3 * p[0] - 2 * p[1] + 0.5;
      const codes = points.map((p) => (score(p) > 0 ? 1 : 0));
      fc.pre(new Set(codes).size === 2);
      const x = new FlatMatrix(30, 2, points.flat());
      const gap = Math.min(...points.map((p) => Math.abs(score(p))));
      expect(gap > 30 ? ['complete'] : ['complete', 'quasi']).toContain(separation(x, codes));
      const mixed = [...points, points[0]];
      const both = [...codes, 1 - codes[0]];
      expect(separation(new FlatMatrix(31, 2, mixed.flat()), both)).not.toBe('complete');
    }),
    { numRuns: 60 },
  );
});

test('many rows are judged by some of them where these overlap, and by all where they do not', () => {
  const n = 20_000;
  const values = Array.from({ length: n }, (_, i) => (i * 7919) % n);
  const x = new FlatMatrix(n, 1, values);
  const codes = values.map((v) => (v < 5000 ? 0 : 1));
  expect(separation(x, codes)).toBe('complete');
  const overlapping = codes.slice();
  overlapping[values.indexOf(19_998)] = 0;
  expect(separation(x, overlapping)).toBe('none');
  const everywhere = values.map((v, i) => ((v < 5000 ? 0 : 1) + (i % 3 === 0 ? 1 : 0)) % 2);
  expect(separation(x, everywhere)).toBe('none');
  // A column of zeros, but for one row of class 1: no sample sees it.
  const rare = new FlatMatrix(
    n,
    2,
    values.flatMap((v, i) => [v, i === 13 ? 1 : 0]),
  );
  expect(
    separation(
      rare,
      everywhere.map((code, i) => (i === 13 ? 1 : code)),
    ),
  ).toBe('quasi');
});
