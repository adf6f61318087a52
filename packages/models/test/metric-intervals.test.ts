import { FlatMatrix } from '@steepest/autodiff';
import { expect, test } from 'vitest';
import {
  accuracy,
  areaUnderCurve,
  linearRegression,
  logisticRegression,
  meanSquaredError,
  rSquared,
  softmaxRegression,
} from '../src/index.ts';
import {
  areaInterval,
  bootstrapInterval,
  measureIntervals,
  wilsonInterval,
} from '../src/inference.ts';
import cases from './cases/metrics.json' with { type: 'json' };

const { data } = cases;
const column = (x: readonly number[]) => new FlatMatrix(x.length, 1, x);

test("Wilson's interval is R's: prop.test(x, n, correct = FALSE)", () => {
  const nine = wilsonInterval(9, 10);
  expect(nine.low).toBeCloseTo(0.5958499732047615, 14);
  expect(nine.high).toBeCloseTo(0.9821237869049271, 14);
  const none = wilsonInterval(0, 10);
  expect(none.low).toBe(0);
  expect(none.high).toBeCloseTo(0.2775327998628891, 14);
  expect(wilsonInterval(10, 10).high).toBe(1);
  const many = wilsonInterval(371, 1000, { level: 0.99 });
  expect(many.low).toBeCloseTo(0.3326223289834035, 13);
  expect(many.high).toBeCloseTo(0.4110781915616754, 13);
  expect(() => wilsonInterval(11, 10)).toThrow(/successes must be a whole number from 0 to 10/);
});

test("the interval of the area is pROC's: ci.auc(roc(label, score), method = 'delong')", () => {
  const area = areaInterval(data.score, data.label);
  expect(area.estimate).toBeCloseTo(areaUnderCurve(data.score, data.label), 14);
  expect(area.standardError).toBeCloseTo(0.05336349757161269, 13);
  expect(area.low).toBeCloseTo(0.7333724, 7);
  expect(area.high).toBeCloseTo(0.9425535, 7);
  const narrow = areaInterval(data.score, data.label, { level: 0.9 });
  expect(narrow.low).toBeCloseTo(0.7501878204354798, 13);
  expect(narrow.high).toBeCloseTo(0.9257381054904462, 13);
  expect(() => areaInterval([1, 2, 3], [0, 0, 1])).toThrow(/1 rows of 1 and 2 of 0/);
  expect(() => areaInterval([1, 2, NaN, 3], [0, 0, 1, 1])).toThrow(/not a number/);
});

test('a bootstrap of a mean has its normal interval, and the same seed the same bits', () => {
  const x = Float64Array.from({ length: 400 }, (_, i) => Math.sin(i * i));
  const mean = (own: Float64Array) => own.reduce((a, b) => a + b, 0) / own.length;
  const options = { resamples: 4000, seed: 3 };
  const interval = bootstrapInterval(mean, [x], options);
  const estimate = mean(x);
  const half = (1.959964 * Math.sqrt(mean(x.map((v) => (v - estimate) ** 2)))) / 20;
  expect(interval.estimate).toBe(estimate);
  expect(interval.low).toBeGreaterThan(estimate - 1.1 * half);
  expect(interval.low).toBeLessThan(estimate - 0.9 * half);
  expect(interval.high).toBeGreaterThan(estimate + 0.9 * half);
  expect(interval.high).toBeLessThan(estimate + 1.1 * half);
  expect(bootstrapInterval(mean, [x], options)).toEqual(interval);
  expect(bootstrapInterval(mean, [x], { ...options, seed: 4 })).not.toEqual(interval);
});

test('columns are drawn together, and a draw without a class is refused unless strata are given', () => {
  const same = (a: Float64Array, b: Float64Array) => a.every((value, i) => value === b[i]);
  const x = [1, 2, 3, 4, 5];
  const together = (a: Float64Array, b: FlatMatrix) => (same(a, b.data) ? 1 : NaN);
  bootstrapInterval(together, [x, column(x)]);
  const labels = [1, 0, 0, 0, 0, 0, 0, 0];
  const scores = [3, 1, 2, 3, 4, 5, 6, 7];
  expect(() => bootstrapInterval(areaUnderCurve, [scores, labels])).toThrow(/stratify: labels/);
  const { low, high } = bootstrapInterval(areaUnderCurve, [scores, labels], { stratify: labels });
  expect(low).toBeLessThan(high);
  expect(() => bootstrapInterval(accuracy, [x, [1]])).toThrow(/columns have 5 and 1 rows/);
});

test('each measure of a family has an interval around its figure', () => {
  const linear = measureIntervals(linearRegression(), column(data.guess), column(data.real));
  expect(linear.meanSquaredError.estimate).toBeCloseTo(meanSquaredError(data.guess, data.real), 13);
  // the standard error of the mean of squares, as R's t.test(...)$stderr
  const squares = data.guess.map((p, i) => (p - data.real[i]) ** 2);
  const mean = squares.reduce((a, b) => a + b) / squares.length;
  const error = Math.sqrt(
    squares.reduce((a, b) => a + (b - mean) ** 2, 0) / (squares.length - 1) / squares.length,
  );
  expect(linear.meanSquaredError.high - mean).toBeCloseTo(1.959963984540054 * error, 12);
  const logistic = measureIntervals(
    logisticRegression(),
    column(data.probability),
    column(data.label),
  );
  expect(Object.keys(logistic).sort()).toEqual(
    Object.keys(logisticRegression().family.measures).sort(),
  );
  expect(logistic.areaUnderCurve.method).toBe('DeLong');
  expect(logistic.accuracy.method).toBe('Wilson');
  const drawn = measureIntervals(
    logisticRegression(),
    column(data.probability),
    column(data.label),
    { resamples: 400 },
  );
  for (const [name, { low, high }] of Object.entries(drawn)) {
    expect(low, name).toBeGreaterThan(logistic[name].low - 0.1);
    expect(high, name).toBeLessThan(logistic[name].high + 0.1);
  }
  const softmax = measureIntervals(
    softmaxRegression({ classes: 4 }),
    new FlatMatrix(data.kinds.length, 4, cases.table),
    column(data.kinds),
    { resamples: 50 },
  );
  expect(softmax.accuracy.method).toBe('bootstrap');
  expect(softmax.accuracy.low).toBeLessThan(softmax.accuracy.estimate);
});

test('the error of R² is that of the jackknife', () => {
  const { guess, real } = data;
  const n = real.length;
  const without = real.map((_, k) =>
    rSquared(
      guess.filter((_, i) => i !== k),
      real.filter((_, i) => i !== k),
    ),
  );
  const mean = without.reduce((a, b) => a + b) / n;
  const jackknife = Math.sqrt((without.reduce((a, b) => a + (b - mean) ** 2, 0) * (n - 1)) / n);
  const { rSquared: ours } = measureIntervals(linearRegression(), column(guess), column(real));
  expect(ours.estimate).toBeCloseTo(rSquared(guess, real), 13);
  const own = (ours.high - ours.estimate) / 1.959963984540054;
  expect(Math.abs(own / jackknife - 1)).toBeLessThan(0.1);
});
