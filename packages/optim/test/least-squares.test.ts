import { add, exp, FlatMatrix, mul, neg, sub, type Value } from '@steepest/autodiff';
import { describe, expect, it } from 'vitest';
import { leastSquaresOf } from '../src/index.ts';
import { gradeOf, mghCases, residualsOf as mghResiduals } from './support/mgh.ts';
import { moreMgh, nearness } from './support/more-mgh.ts';
import { digitsOf, nistCases, residualsOf } from './support/nist.ts';

const column = (entries: readonly number[]) => new FlatMatrix(entries.length, 1, entries);

describe("NIST's certified parameters and their standard deviations, from both starts, to 10 digits:", () => {
  for (const problem of nistCases) {
    for (const start of ['start1', 'start2'] as const) {
      it(`${problem.name}, ${start}`, async () => {
        const found = await leastSquaresOf(residualsOf(problem), column(problem[start]));
        expect(found.converged, String(found)).toBe(true);
        expect(digitsOf(problem, found.params.to1DArray())).toBeGreaterThanOrEqual(10);
        const { std_devs: certified } = problem.certified;
        const errors = digitsOf(
          { ...problem, certified: { ...problem.certified, parameters: certified } },
          found.standardErrors!.to1DArray(),
        );
        expect(errors).toBeGreaterThanOrEqual(9.5);
      });
    }
  }
});

it('solves the problems of Moré, Garbow and Hillstrom from their standard starts', async () => {
  for (const problem of mghCases) {
    const found = await leastSquaresOf(mghResiduals(problem), column(problem.x0));
    expect(gradeOf(problem, found.residualSumOfSquares), `${problem.id}\n${found}`).toMatch(
      /^tight/,
    );
  }
});

it('closes in beside large residuals too, and says converged where the parameters are determined', async () => {
  const ends: Record<string, string> = {};
  const all = [
    ...moreMgh,
    ...mghCases.map((problem) => ({
      name: problem.id.slice(4),
      residuals: mghResiduals(problem),
      start: problem.x0,
      minima: problem.minima.map(({ f }) => f),
    })),
  ];
  for (const problem of all) {
    const found = await leastSquaresOf(problem.residuals, column(problem.start));
    const solved = nearness(problem, found.residualSumOfSquares) < 5e-6;
    if (!solved || !found.converged) ends[problem.name] = `${found.reason}, ${solved}`;
    // Jennrich & Sampson, Brown & Dennis and the like need the Hessian, and then few steps.
    expect(found.steps, problem.name).toBeLessThan(200);
  }
  // Its Jacobian has a condition of 1e13: the last bits of Math decide what it ends by.
  const { 'watson 12': watson = 'converged, true', ...others } = ends;
  expect(watson).toMatch(/, true$/);
  expect(others).toEqual({
    'trigonometric 100': 'noProgress, false',
    'linear rank 1 10': 'rankDeficient, true',
    'linear rank 1 with zeros 10': 'rankDeficient, true',
    'linear rank 1 5': 'rankDeficient, true',
    'linear rank 1 with zeros 5': 'rankDeficient, true',
    '33-linear-rank-1': 'rankDeficient, true',
  });
}, 30_000);

const t = column([0, 1, 2, 3, 4, 5]);
const decay = (p: { a: number | Value; k: number | Value }) => mul(p.a, exp(mul(neg(p.k), t)));

it('takes parameters of any structure and gives errors in the same', async () => {
  const y = add(decay({ a: 3, k: 0.5 }), column([0.01, -0.02, 0.015, -0.01, 0.02, -0.015]));
  const found = await leastSquaresOf((p: { a: number; k: number }) => sub(decay(p), y), {
    a: 1,
    k: 1,
  });
  expect(found.params.a).toBeCloseTo(3, 1);
  expect(Object.keys(found.standardErrors!)).toEqual(['a', 'k']);
  expect(found.degreesOfFreedom).toBe(4);
  expect(String(found)).toContain('converged: converged, ');
});

it('does not depend on units: a column scaled by 1e6 gives a parameter divided by it, in as many steps', async () => {
  const y = decay({ a: 3, k: 0.5 });
  const one = await leastSquaresOf((p: { a: number; k: number }) => sub(decay(p), y), {
    a: 1,
    k: 1,
  });
  const other = await leastSquaresOf(
    (p: { a: number; k: number }) => sub(decay({ a: mul(p.a, 1e6), k: p.k }), y),
    { a: 1e-6, k: 1 },
  );
  expect(other.steps).toBe(one.steps);
  expect(other.params.a * 1e6).toBeCloseTo(one.params.a, 8);
});

it('never says converged where the residuals do not determine the parameters', async () => {
  const twice = (p: { a: number; b: number }) =>
    sub(mul(add(p.a, p.b), t), column([0, 1, 2, 3, 4, 6]));
  const found = await leastSquaresOf(twice, { a: 1, b: 2 });
  expect(found.converged).toBe(false);
  expect(found.reason).toBe('rankDeficient');
  expect(found.standardErrors).toBeUndefined();
});

it('never says converged where the parameters run away: exp(−x) → 0', async () => {
  const found = await leastSquaresOf(
    (x: Value) => exp(neg(mul(x, column([1, 1])))),
    new FlatMatrix(1, 1),
    {
      maxSteps: 50,
    },
  );
  expect(found.converged).toBe(false);
});

it('refuses what are no residuals', async () => {
  await expect(leastSquaresOf((x: Value) => x, column([]))).resolves.toBeDefined();
  await expect(
    leastSquaresOf((p: { a: number; b: number }) => mul(p.a, p.b), { a: 1, b: 2 }),
  ).rejects.toThrow('there must be at least as many residuals as the 2 parameters, got 1');
  await expect(leastSquaresOf(3 as never, 1)).rejects.toThrow('leastSquaresOf: residuals must be');
  await expect(
    leastSquaresOf(decay as never, { a: 1, k: 1 }, { tolerance: 1 } as never),
  ).rejects.toThrow('leastSquaresOf: unknown option tolerance');
  await expect(leastSquaresOf(() => column([Number.NaN, 1]), 1)).rejects.toThrow(
    'the residuals at the start are not finite',
  );
});
