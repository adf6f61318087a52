import fc from 'fast-check';
import ndarray from 'ndarray';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { featuresOf, minibatches, permutation } from '../src/index.ts';

/** Row i of x holds 10 i, 10 i + 1, …; y holds i. */
function examples(rows: number, columns = 3) {
  const data = Float64Array.from(
    { length: rows * columns },
    (_, k) => 10 * Math.floor(k / columns) + (k % columns),
  );
  const y = Float64Array.from({ length: rows }, (_, i) => i);
  return { x: ndarray(data, [rows, columns]), y: ndarray(y, [rows, 1]) };
}

describe('minibatches', () => {
  test('an epoch holds every row once, and x, y and indices agree', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 50 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 12 }),
        (rows, size, shuffle, columns) => {
          const source = minibatches(examples(rows, columns), { size, shuffle });
          const seen: number[] = [];
          let batches = 0;
          for (const { x, y, indices } of source.epoch(xoroshiro128plus(1))) {
            batches++;
            expect([x.shape[0], y.shape[0], y.shape[1]]).toEqual([
              indices.length,
              indices.length,
              1,
            ]);
            indices.forEach((row, i) => {
              expect(y.get(i, 0)).toBe(row);
              for (let j = 0; j < columns; j++) expect(x.get(i, j)).toBe(10 * row + j);
            });
            seen.push(...indices);
          }
          expect(batches).toBe(source.batchesPerEpoch);
          expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, i) => i));
        },
      ),
    );
  });

  test('the last batch is kept or dropped', () => {
    const sizes = (last: 'keep' | 'drop'): number[] =>
      [...minibatches(examples(10), { size: 4, last }).epoch(xoroshiro128plus(1))].map(
        (b) => b.indices.length,
      );
    expect(sizes('keep')).toEqual([4, 4, 2]);
    expect(sizes('drop')).toEqual([4, 4]);
  });

  test('the order of an epoch and all rows give what its batches give', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 40 }),
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        fc.constantFrom('keep' as const, 'drop' as const),
        (rows, size, shuffle, last) => {
          const source = minibatches(examples(rows), { size, shuffle, last });
          const [one, two] = [xoroshiro128plus(3), xoroshiro128plus(3)];
          const order = source.order(one);
          let at = 0;
          for (const { x, y, indices } of source.epoch(two)) {
            const drawn = order.subarray(at, at + source.batchRows);
            expect(indices).toEqual(drawn.slice());
            drawn.forEach((row, i) => {
              expect(source.data.indices[row]).toBe(row);
              expect(source.data.y.get(row, 0)).toBe(y.get(i, 0));
              expect(source.data.x.get(row, 2)).toBe(x.get(i, 2));
            });
            at += indices.length;
          }
          expect(at).toBe(order.length);
          expect(one.getState()).toEqual(two.getState());
        },
      ),
    );
  });

  test('in order, batches are views; shuffled, each has its own numbers', () => {
    const data = examples(10);
    const [, second] = minibatches(data, { size: 4, shuffle: false }).epoch(xoroshiro128plus(1));
    expect(second.x.data).toBe(data.x.data);
    expect([second.x.offset, second.y.offset]).toEqual([12, 4]);
    const [a, b] = minibatches(data, { size: 4 }).epoch(xoroshiro128plus(1));
    expect(a.x.data).not.toBe(b.x.data);
  });

  test('the same generator state gives the same batches, and epochs differ', () => {
    const source = minibatches(examples(50), { size: 7 });
    const order = (random: ReturnType<typeof xoroshiro128plus>): number[] =>
      [...source.epoch(random)].flatMap(({ indices }) => [...indices]);
    const random = xoroshiro128plus(5);
    const first = order(random);
    expect(order(xoroshiro128plus(5))).toEqual(first);
    expect(order(random)).not.toEqual(first);
  });

  test('the order is drawn when epoch is called, however much of it is used', () => {
    const source = minibatches(examples(9), { size: 2 });
    const random = xoroshiro128plus(1);
    const [first] = source.epoch(random);
    expect(first.indices.length).toBe(2);
    const other = xoroshiro128plus(1);
    for (const batch of source.epoch(other)) expect(batch.indices.length).toBeGreaterThan(0);
    expect(uniformInt(random, 0, 1e9)).toBe(uniformInt(other, 0, 1e9));
  });

  test('strided views are read right', () => {
    const { x } = examples(6, 4);
    const [batch] = minibatches({ x: x.step(2, 2) }, { size: 3 }).epoch(xoroshiro128plus(2));
    expectTypeOf(batch).not.toHaveProperty('y');
    batch.indices.forEach((row, i) => {
      expect([batch.x.get(i, 0), batch.x.get(i, 1)]).toEqual([20 * row, 20 * row + 2]);
    });
  });

  test('features are examples', () => {
    const features = featuresOf({
      data: Float64Array.of(1, 2),
      names: ['a'],
      rows: 2,
      y: Float64Array.of(3, 4),
    });
    const source = minibatches(features, { size: 1, shuffle: false });
    expect([source.rows, source.columns]).toEqual([2, 1]);
    expect([...source.epoch(xoroshiro128plus(1))].map(({ y }) => y.get(0, 0))).toEqual([3, 4]);
  });

  test('wrong sizes are refused', () => {
    expect(() => minibatches(examples(3), { size: 0 })).toThrow(/whole number from 1/);
    expect(() => minibatches(examples(3), { size: 4, last: 'drop' })).toThrow(/leaves none/);
    expect(() => minibatches({ x: examples(3).x, y: examples(4).y }, { size: 1 })).toThrow(
      /y is 4 × 1, expected 3 rows/,
    );
  });
});

describe('permutation', () => {
  test('is a permutation, and every order of three is about equally frequent', () => {
    const random = xoroshiro128plus(1);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = permutation(3, random).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(['012', '021', '102', '120', '201', '210']);
    // Chi-squared with 5 degrees of freedom exceeds 20.5 once in a thousand fair runs.
    expect([...counts.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0)).toBeLessThan(
      20.5,
    );
  });

  test('has known first values, so that seeds keep their meaning', () => {
    expect([...permutation(8, xoroshiro128plus(42))]).toMatchInlineSnapshot(`
      [
        1,
        3,
        4,
        2,
        0,
        7,
        6,
        5,
      ]
    `);
  });
});

test('epoch says what it needs', () => {
  const features = featuresOf({ data: Float64Array.of(1, 2), names: ['a'], rows: 2 });
  const batches = minibatches(features, { size: 1 });
  expect(() => batches.epoch(1 as never)).toThrow(/pass for example xoroshiro128plus\(1\)/);
  expect(() => batches.epoch(undefined as never)).toThrow(/needs a generator/);
});

test('minibatches says what it was given instead of arrays and a size', () => {
  const cut = (...given: unknown[]) => minibatches(...(given as Parameters<typeof minibatches>));
  const matrix = { rows: 2, columns: 1, data: Float64Array.of(1, 2) };
  expect(() => cut({ x: matrix, y: matrix }, { size: 1 })).toThrow(
    /x must be an ndarray .* make one of a matrix: ndarray\(matrix.data, \[rows, columns\]\)/,
  );
  expect(() => cut(undefined, { size: 1 })).toThrow(/expected \{ x, y \}, got undefined;/);
  expect(() => cut({ y: 1 }, { size: 1 })).toThrow(/expected \{ x, y \}, got an object with y/);
  expect(() => cut(examples(4))).toThrow(/write minibatches\(features, \{ size: 32 \}\)/);
});
