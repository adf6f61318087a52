import fc from 'fast-check';
import { Matrix } from 'ml-matrix';
import { expect, test } from 'vitest';
import { FlatMatrix, matmul, matmulLeft, matmulRight } from '../src/index.ts';

const sizes = fc.integer({ min: 0, max: 23 });
const entries = (n: number, seed: number) =>
  Float64Array.from({ length: n }, (_, i) => Math.sin(seed + 12.9898 * i));

test('the three matrix products agree with sums of products on every remainder of the tiles', () => {
  fc.assert(
    fc.property(sizes, fc.oneof(sizes, fc.integer({ min: 250, max: 520 })), sizes, (m, k, n) => {
      const a = new FlatMatrix(m, k, entries(m * k, 1));
      const b = new FlatMatrix(k, n, entries(k * n, 2));
      const expected = Matrix.zeros(m, n);
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          let total = 0;
          for (let p = 0; p < k; p++) total += a.get(i, p) * b.get(p, j);
          expected.set(i, j, total);
        }
      }
      const flip = (x: FlatMatrix) => {
        const result = new FlatMatrix(x.columns, x.rows);
        for (let i = 0; i < x.rows; i++) {
          for (let j = 0; j < x.columns; j++) result.set(j, i, x.get(i, j));
        }
        return result;
      };
      for (const product of [matmul(a, b), matmulLeft(flip(a), b), matmulRight(a, flip(b))]) {
        expect([product.rows, product.columns]).toEqual([m, n]);
        const scale = 1e-13 * Math.max(1, k);
        for (let i = 0; i < m; i++) {
          for (let j = 0; j < n; j++) {
            expect(Math.abs(product.get(i, j) - expected.get(i, j))).toBeLessThan(scale);
          }
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('a matrix product with ml-matrix matrices equals their own product', () => {
  const a = new Matrix([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const b = new Matrix([[1], [0.5], [-2]]);
  expect(matmul(a, b).to2DArray()).toEqual(a.mmul(b).to2DArray());
});
