import { FlatMatrix, matmul, solve, transpose } from '@steepest/autodiff';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { solveModified } from '../src/linear-algebra/modified-cholesky.ts';

const n = 5;
const entries = (length: number) =>
  fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: length, maxLength: length });

it('solves a positive definite system as it is', () => {
  fc.assert(
    fc.property(entries(n * n), entries(n), (a, b) => {
      const m = new FlatMatrix(n, n, a);
      const gram = matmul(m, transpose(m)) as FlatMatrix;
      for (let i = 0; i < n; i++) gram.data[i * n + i] += 0.5;
      const x = solveModified(gram.data, Float64Array.from(b));
      const exact = solve(gram, new FlatMatrix(n, 1, b)) as FlatMatrix;
      x.forEach((v, i) => {
        expect(v).toBeCloseTo(exact.data[i], 9);
      });
    }),
    { seed: 1 },
  );
});

it('turns every symmetric matrix into one that makes −x a descent direction, without blowing up', () => {
  fc.assert(
    fc.property(entries(n * n), entries(n), (a, g) => {
      const m = new FlatMatrix(n, n, a);
      const symmetric = m.data.map((v, k) => v + m.data[(k % n) * n + Math.floor(k / n)]);
      if (g.every((v) => Math.abs(v) < 1e-3) || symmetric.every((v) => Math.abs(v) < 1e-3)) return;
      const x = solveModified(symmetric, Float64Array.from(g));
      expect(x.reduce((t, v, i) => t + v * g[i], 0)).toBeGreaterThan(0);
    }),
    { seed: 1, numRuns: 500 },
  );
});

it("keeps the step short at Beale's start, where the Hessian is indefinite", () => {
  const x = solveModified(Float64Array.of(0, 27.75, 27.75, 68.5), Float64Array.of(0, 27.75));
  expect(Math.hypot(...x)).toBeLessThan(10);
});
