import { FlatMatrix } from '@steepest/autodiff';
import { asTraining } from '@steepest/datasets';
import { bundled } from '@steepest/datasets/node';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { certify, glmnet, linearRegression, logisticRegression, path } from '../src/index.ts';

function rowsOf(seed: number, n: number, d: number) {
  let state = seed;
  const draw = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
  const x = new FlatMatrix(
    n,
    d,
    Array.from({ length: n * d }, () => draw() + draw()),
  );
  const number = new FlatMatrix(n, 1);
  for (let i = 0; i < n; i++) {
    number.data[i] = x.data[i * d] - 0.5 * x.data[i * d + 1] + draw();
  }
  const label = new FlatMatrix(
    n,
    1,
    number.data.map((v) => Number(v > 0)),
  );
  return { x, number, label };
}

describe('a path', () => {
  test('gaps are proven at every point, explained deviance grows, coefficients move steadily', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1e6 }), fc.boolean(), async (seed, labelled) => {
        const { x, number, label } = rowsOf(seed, 80, 5);
        const [problem, y] = labelled
          ? [logisticRegression(), label]
          : [linearRegression(), number];
        const found = await path(problem, { x, y }, { count: 25, ratio: 1e-2 });
        const largest = Math.max(...found.points[24].params.w.data.map(Math.abs));
        for (const [k, { gap, converged, devianceExplained, params }] of found.points.entries()) {
          expect(converged).toBe(true);
          expect(gap).toBeGreaterThanOrEqual(0);
          if (k === 0) expect(params.w.data.every((w) => w === 0)).toBe(true);
          const before = found.points[Math.max(0, k - 1)];
          expect(devianceExplained).toBeGreaterThanOrEqual(before.devianceExplained - 1e-12);
          params.w.data.forEach((w, j) => {
            expect(Math.abs(w - before.params.w.data[j])).toBeLessThan(0.3 * largest);
          });
        }
      }),
      { numRuns: 15 },
    );
  });

  test('other units change nothing where coefficients count times deviations', async () => {
    const { x, label } = rowsOf(4, 70, 4);
    const units = [1000, 1e-3, 1, 42];
    const other = new FlatMatrix(
      70,
      4,
      x.data.map((v, i) => units[i % 4] * v + (i % 4)),
    );
    const options = { standardize: true, count: 12, ratio: 0.01 };
    const a = await path(logisticRegression(), { x, y: label }, options);
    const b = await path(logisticRegression(), { x: other, y: label }, options);
    expect(b.largestLambda / a.largestLambda).toBeCloseTo(1, 12);
    a.points.forEach(({ params, df }, k) => {
      expect(b.points[k].df).toBe(df);
      params.w.data.forEach((w, j) => {
        expect(b.points[k].params.w.data[j] * units[j]).toBeCloseTo(w, 8);
      });
    });
  });

  test.each([linearRegression, logisticRegression])(
    'more columns than rows, screened: every column keeps its bound: %s',
    { timeout: 30_000 },
    async (family) => {
      const { x, number, label } = rowsOf(9, 60, 400);
      const y = family === linearRegression ? number : label;
      const problem = family();
      const found = await path(problem, { x, y }, { count: 8, ratio: 0.1 });
      for (const { lambda, params, converged } of found.points) {
        expect(converged).toBe(true);
        const p = problem.predict(params, x).data;
        for (let j = 0; j < 400; j++) {
          let g = 0;
          for (let i = 0; i < 60; i++) g += ((p[i] - y.data[i]) * x.data[i * 400 + j]) / 60;
          const w = params.w.data[j];
          if (w === 0) expect(Math.abs(g)).toBeLessThan(lambda * (1 + 1e-7));
          else expect(g / lambda).toBeCloseTo(-Math.sign(w), 6);
        }
      }
    },
  );

  test('prints as a table, draws itself, and gives its points as models', async () => {
    const table = asTraining(await bundled('breast_cancer').read());
    const found = await path(logisticRegression(), table, { count: 30, ratio: 1e-3 });
    expect(String(found)).toMatch(
      /path of logistic regression, lasso of coefficients\n {2}30 points, all converged/,
    );
    expect(String(found)).toMatch(/ {2}1 +0\.\d+ +0 +0\.00 % /);
    expect(found.plot({ width: 40, height: 9 }).split('\n').length).toBeGreaterThan(15);
    const model = found.at(found.points[12].lambda);
    expect(model.converged).toBe(true);
    expect(model.problem.objective).toContain(`l1 = ${found.points[12].lambda}`);
    expect(model.classify(table).length).toBe(569);
    expect(String(model)).toContain('proximal Newton');
    expect(() => found.at(7)).toThrow(/7 is none of the path's values; the nearest is/);
  });

  test("glmnet's rules end it where glmnet would, and a gap is told for any parameters", async () => {
    const { x, number } = rowsOf(2, 90, 6);
    const data = { x, y: number };
    const found = await path(linearRegression(), data, { penalty: glmnet(), stop: 'glmnet' });
    expect(found.points.length).toBeLessThan(100);
    const { lambda, params, gap } = found.points[20];
    const problem = linearRegression({ penalty: glmnet({ lambda }) });
    expect(certify(problem, params, data).gap).toBeCloseTo(gap, 12);
    const off = { w: params.w, b: (params.b as number) + 0.1 };
    const worse = certify(problem, off, data);
    expect(worse.gap).toBeGreaterThan(0.0049);
    expect(worse.objective).toBeGreaterThan(found.points[20].objective + 0.0049);
  });

  test('what has no effect is refused', async () => {
    const { x, label } = rowsOf(2, 30, 2);
    const data = { x, y: label };
    const refused = (problem: ReturnType<typeof logisticRegression>, options: object) =>
      expect(path(problem, data, options)).rejects;
    await refused(logisticRegression({ l2: 1 }), {}).toThrow(/has a penalty already/);
    await refused(logisticRegression(), { l1: 1 }).toThrow(/unknown option l1/);
    await refused(logisticRegression(), { penalty: glmnet({ lambda: 1 }) }).toThrow(
      /a path has many/,
    );
    await refused(logisticRegression(), { penalty: glmnet(), alpha: 1 }).toThrow(
      /no effect beside/,
    );
    await refused(logisticRegression(), { lambdas: [] }).toThrow(/lambdas is empty/);
    await refused(logisticRegression(), { lambdas: [1], ratio: 0.1 }).toThrow(
      /ratio has no effect/,
    );
  });
});
