import { readFileSync } from 'node:fs';
import { FlatMatrix } from '@steepest/autodiff';
import { numbers, parseCsv } from '@steepest/datasets';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { leastSquares, linearRegression, RankDeficientError } from '../src/index.ts';

interface Case {
  terms: string[];
  intercept: boolean;
  n: number;
  certified: { coefficients: number[]; residual_sd: number; r_squared: number };
  df_residual: number;
  expected_min_lre: number;
}

const folder = new URL('./cases/nist-linear/', import.meta.url);

function logRelativeError(found: number, certified: number): number {
  const error = Math.abs(found - certified) / (certified === 0 ? 1 : Math.abs(certified));
  return error === 0 ? 15 : Math.min(15, -Math.log10(error));
}

function powers(x: Float64Array, degrees: readonly number[]): FlatMatrix {
  const matrix = new FlatMatrix(x.length, degrees.length);
  x.forEach((v, i) => {
    degrees.forEach((k, j) => {
      matrix.data[i * degrees.length + j] = v ** k;
    });
  });
  return matrix;
}

describe('least squares reaches the certified digits of NIST', () => {
  test.each(['NoInt1', 'Pontius', 'Wampler1', 'Filip'])('%s', (name) => {
    const found: Case = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'));
    const table = parseCsv(readFileSync(new URL(`${name}.csv`, folder), 'utf8'));
    const terms = found.terms.filter((term) => term !== '1');
    const degrees = terms.map((term) => (term === 'x' ? 1 : Number(term.slice(2))));
    const x = powers(numbers(table, 'x'), degrees);
    const y = new FlatMatrix(found.n, 1, numbers(table, 'y'));
    const { w, b, residualSumOfSquares } = leastSquares(x, y, { intercept: found.intercept });
    const coefficients = [...(found.intercept ? [b] : []), ...w.data];
    const digits = coefficients.map((c, j) => logRelativeError(c, found.certified.coefficients[j]));
    expect(Math.min(...digits)).toBeGreaterThanOrEqual(found.expected_min_lre);
    const deviation = Math.sqrt(residualSumOfSquares / found.df_residual);
    expect(deviation).toBeCloseTo(found.certified.residual_sd, 6);
  });
});

test("Wampler's quintic comes out exactly, however large the residuals", () => {
  const up = [759, -2048, 2048, -2048, 2523, -2048, 2048, -2048, 1838, -2048];
  const noise = [...up, 2048, ...up.toReversed()];
  const x = powers(
    Float64Array.from(noise, (_, i) => i),
    [1, 2, 3, 4, 5],
  );
  for (const scale of [0, 1, 100, 10_000]) {
    const quintic = noise.map((v, i) => 1 + i + i ** 2 + i ** 3 + i ** 4 + i ** 5 + scale * v);
    const { w, b } = leastSquares(x, new FlatMatrix(21, 1, quintic));
    expect([b, ...w.data]).toEqual([1, 1, 1, 1, 1, 1]);
  }
});

test('columns that depend on each other are refused, and a penalty settles them', () => {
  const x = new FlatMatrix(4, 2, [1, 2, 2, 4, 3, 6, 4, 8]);
  const y = new FlatMatrix(4, 1, [1, 2, 3, 5]);
  expect(() => leastSquares(x, y)).toThrow(RankDeficientError);
  expect(() => leastSquares(x, y)).toThrow(/3 columns, the intercept included, have rank 2; leave/);
  const { w } = leastSquares(x, y, { l2: 0.1 });
  expect(w.data[1]).toBeCloseTo(2 * w.data[0], 12);
});

test('no other parameters have a lower objective than the solution, weighted and penalized too', () => {
  const entry = fc.double({ min: -10, max: 10, noNaN: true });
  const column = (size: number) => fc.array(entry, { minLength: size, maxLength: size });
  fc.assert(
    fc.property(
      column(24),
      column(8),
      fc.array(fc.double({ min: 0.1, max: 5, noNaN: true }), { minLength: 8, maxLength: 8 }),
      column(4),
      fc.constantFrom(0.01, 1),
      (entries, targets, counts, move, l2) => {
        const x = new FlatMatrix(8, 3, entries);
        const y = new FlatMatrix(8, 1, targets);
        const weights = new FlatMatrix(8, 1, counts);
        const problem = linearRegression({ l2 });
        const { w, b, objective } = leastSquares(x, y, { l2, weights });
        const at = (params: { w: FlatMatrix; b: number }) =>
          (problem.loss(params, { x, y, weights }) as FlatMatrix).data[0];
        expect(at({ w, b })).toBeCloseTo(objective, 8);
        const elsewhere = {
          w: new FlatMatrix(
            3,
            1,
            w.data.map((c, j) => c + move[j]),
          ),
          b: b + move[3],
        };
        expect(at(elsewhere)).toBeGreaterThanOrEqual(objective * (1 - 1e-12) - 1e-12);
      },
    ),
    { numRuns: 100 },
  );
});
