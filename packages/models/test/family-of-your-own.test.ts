import { add, div, exp, FlatMatrix } from '@steepest/autodiff';
import { asTraining, parseCsv } from '@steepest/datasets';
import { expect, test } from 'vitest';
import {
  constantTarget,
  evaluate,
  type Family,
  fit,
  fromBundle,
  meanAbsoluteError,
  numberTarget,
  regression,
  toBundle,
} from '../src/index.ts';
import { summary } from '../src/inference.ts';

/** Positive numbers whose deviation grows with their mean; t is the logarithm of the mean. */
const gamma: Family = {
  kind: 'my-gamma',
  name: 'gamma regression',
  risk: '(1/n) Σ [y e⁻ᵗ + t]',
  where: 't = x·w + b',
  loss: (t, y) => add(div(y, exp(t)), t),
  mean: (t) => exp(t),
  target: numberTarget((y) => {
    const wrong = y.findIndex((value) => !(value > 0));
    if (wrong < 0) return [];
    throw new RangeError(`gamma regression: row ${wrong + 1} is ${y[wrong]}, expected above 0`);
  }, constantTarget),
  measures: { meanAbsoluteError, meanGammaDeviance },
  rate: true,
  dispersion: true,
  least: (y) => 1 + Math.log(y),
};

function meanGammaDeviance(mu: FlatMatrix, y: FlatMatrix): number {
  const terms = Array.from(
    y.data,
    (v, i) => -Math.log(v / mu.data[i]) + (v - mu.data[i]) / mu.data[i],
  );
  return (2 * terms.reduce((a, b) => a + b)) / terms.length;
}

// Hurn et al. (1945), clotting times; McCullagh and Nelder, Generalized Linear Models, 8.4.2. Figures:
// R 4.2.2, glm(lot1 ~ log(u), family = Gamma(link = "log")).
const times = [118, 58, 42, 35, 27, 25, 21, 19, 18];
const u = [5, 10, 15, 20, 30, 40, 60, 80, 100];
const rows = u.map((v, i) => `${Math.log(v)},${times[i]}`);
const table = asTraining(parseCsv(['logU,time', ...rows, ''].join('\n')));

test('a family is one record: gamma regression has the figures of R', async () => {
  const fitted = await fit(regression(gamma), table, { target: 'time' });
  expect(fitted.converged).toBe(true);
  const { estimates, statistic, degreesOfFreedom, residualDeviation } = summary(fitted, table);
  const figures = estimates.flatMap((e) => [e.estimate, e.standardError, e.statistic]);
  const intercept = [5.50323022611988, 0.1903009249597069, 28.9185679327891];
  const slope = [-0.60191767132055, 0.0553078030449399, -10.883051543947];
  const wanted = [...intercept, ...slope];
  figures.forEach((value, k) => {
    expect(Math.abs(value / wanted[k] - 1)).toBeLessThan(1e-9);
  });
  expect([statistic, degreesOfFreedom]).toEqual(['t', 7]);
  expect(residualDeviation! ** 2).toBeCloseTo(0.0243543845760272, 9);
});

test('checks, metrics, reports and saved models follow from the record', async () => {
  const problem = regression(gamma, { l2: 0.1 });
  expect(problem.objective).toBe('(1/n) Σ [y e⁻ᵗ + t] + (l2/2) Σ w², t = x·w + b, l2 = 0.1');
  const fitted = await fit(problem, table, { target: 'time' });
  expect(fitted.certificate.gap).toBeLessThan(1e-12);
  expect(String(fitted)).toMatch(/^gamma regression\n {2}minimizes {6}\(1\/n\) Σ \[y e⁻ᵗ \+ t\]/);
  expect(String(evaluate(fitted, table))).toMatch(/mean absolute error .*\nmean gamma deviance/);

  const saved = JSON.parse(JSON.stringify(toBundle(fitted)));
  expect(() => fromBundle(saved)).toThrow(/problem\.kind: expected .*"linear".*, got "my-gamma"/);
  const loaded = fromBundle(saved, { families: [gamma] });
  expect(loaded.predict(table).data).toEqual(fitted.predict(table).data);
  expect(String(loaded)).toBe(String(fitted));

  const negative = asTraining(parseCsv('a,y\n1,2\n2,-1\n5,2\n'));
  await expect(fit(problem, negative, { target: 'y' })).rejects.toThrow(
    /gamma regression: row 2 is -1, expected above 0/,
  );
  await expect(
    fit(problem, { x: new FlatMatrix(3, 1, [1, 2, 4]), y: new FlatMatrix(3, 1, [2, 2, 2]) }),
  ).rejects.toThrow(/every target in "y" is 2/);
});
