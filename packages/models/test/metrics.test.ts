import { FlatMatrix } from '@steepest/autodiff';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  accuracy,
  areaUnderCurve,
  brierScore,
  calibration,
  classLogLoss,
  confusionMatrix,
  logLoss,
  meanAbsoluteError,
  meanSquaredError,
  poissonDeviance,
  rSquared,
} from '../src/index.ts';

// Expected figures without a formula beside them were computed with NumPy.
const p = [
  0.9, 0.8, 0.7, 0.6, 0.55, 0.54, 0.53, 0.52, 0.51, 0.505, 0.4, 0.39, 0.38, 0.37, 0.36, 0.35, 0.34,
  0.33, 0.3, 0.1,
];
const y = [1, 1, 0, 1, 1, 1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 1, 0, 1, 0];

test('errors of regression are those computed by hand', () => {
  const actual = [3, -0.5, 2, 7];
  const predicted = [2.5, 0, 2, 8];
  expect(meanSquaredError(predicted, actual)).toBe(0.375);
  expect(meanAbsoluteError(predicted, actual)).toBe(0.5);
  expect(rSquared(predicted, actual)).toBeCloseTo(1 - 1.5 / 29.1875, 14);
  expect(rSquared(actual, actual)).toBe(1);
  expect(rSquared([3, 3, 3, 3], [1, 2, 4, 5])).toBe(0);
  expect(rSquared([1, 2], [0.1, 0.1])).toBeNaN();
});

test('columns may be arrays, matrices or typed arrays, of one length', () => {
  expect(meanSquaredError(new FlatMatrix(2, 1, [1, 2]), Float64Array.of(1, 4))).toBe(2);
  expect(() => meanSquaredError([1], [1, 2])).toThrow(/1 predictions and 2 targets/);
  expect(() => meanSquaredError([], [])).toThrow(/no rows/);
  expect(() => meanSquaredError(new FlatMatrix(1, 2, [1, 2]), [1, 2])).toThrow(/one column/);
});

test('the Poisson deviance takes 0 log 0 as 0', () => {
  expect(poissonDeviance([1, 2, 3], [0, 2, 4])).toBeCloseTo(
    (2 / 3) * (1 + 4 * Math.log(4 / 3) - 1),
    14,
  );
  expect(poissonDeviance([0, 1], [1, 1])).toBe(Infinity);
  expect(() => poissonDeviance([1], [-1])).toThrow(/count -1/);
});

test("the area under the curve of Fawcett's twenty instances is 0.68", () => {
  expect(areaUnderCurve(p, y)).toBeCloseTo(0.68, 14);
});

test('the area counts a tie as one half, and is not defined for one class', () => {
  expect(areaUnderCurve([0.5, 0.5, 0.5, 0.5], [0, 1, 0, 1])).toBe(0.5);
  expect(areaUnderCurve([1, 2, 2, 3], [0, 0, 1, 1])).toBe((1 + 1 + 0.5 + 1) / 4);
  expect(areaUnderCurve([-Infinity, 0, Infinity], [0, 0, 1])).toBe(1);
  expect(areaUnderCurve([1, 2], [1, 1])).toBeNaN();
  expect(() => areaUnderCurve([Number.NaN], [1])).toThrow(/not a number/);
});

const scored = fc.array(fc.tuple(fc.integer({ min: -5, max: 5 }), fc.constantFrom(0, 1)), {
  minLength: 2,
  maxLength: 40,
});

test('the area is the share of rightly ordered pairs, in any order of rows and on any scale', () => {
  fc.assert(
    fc.property(scored, fc.integer(), (rows, seed) => {
      let won = 0;
      let pairs = 0;
      for (const [s, label] of rows) {
        for (const [t, other] of rows) {
          if (label !== 1 || other !== 0) continue;
          pairs++;
          won += s > t ? 1 : s === t ? 0.5 : 0;
        }
      }
      fc.pre(pairs > 0);
      const scores = rows.map(([s]) => s);
      const labels = rows.map(([, label]) => label);
      const area = areaUnderCurve(scores, labels);
      expect(area).toBeCloseTo(won / pairs, 12);
      const order = rows
        .map((_, i) => i)
        .sort((a, b) => ((a * 7919 + seed) % 101) - ((b * 7919 + seed) % 101));
      expect(
        areaUnderCurve(
          order.map((i) => scores[i]),
          order.map((i) => labels[i]),
        ),
      ).toBe(area);
      expect(
        areaUnderCurve(
          scores.map((s) => Math.exp(3 * s)),
          labels,
        ),
      ).toBe(area);
      expect(
        areaUnderCurve(
          scores.map((s) => -s),
          labels,
        ),
      ).toBeCloseTo(1 - area, 12);
    }),
  );
});

test('log loss and Brier score of known probabilities', () => {
  expect(logLoss(p, y)).toBeCloseTo(0.6314378285249868, 12);
  expect(brierScore(p, y)).toBeCloseTo(0.22452624999999998, 12);
  expect(logLoss([0.5, 0.5], [0, 1])).toBeCloseTo(Math.LN2, 15);
});

test('log loss clamps nothing: what was called impossible costs infinitely much', () => {
  expect(logLoss([0, 1], [0, 1])).toBe(0);
  expect(logLoss([0, 1], [1, 1])).toBe(Infinity);
  expect(logLoss([1, 1], [0, 1])).toBe(Infinity);
  expect(classLogLoss(new FlatMatrix(1, 2, [0, 1]), [0])).toBe(Infinity);
  expect(classLogLoss(new FlatMatrix(2, 3, [0.2, 0.5, 0.3, 0.1, 0.1, 0.8]), [1, 2])).toBeCloseTo(
    -(Math.log(0.5) + Math.log(0.8)) / 2,
    15,
  );
  expect(() => logLoss([1.5], [1])).toThrow(/no probability/);
  expect(() => logLoss([0.5], [2])).toThrow(/must be 0 or 1/);
  expect(() => classLogLoss(new FlatMatrix(1, 2, [0, 1]), [2])).toThrow(/class 2/);
});

test('a confusion matrix counts by true and predicted class, and prints', () => {
  const matrix = confusionMatrix([0, 1, 1, 2, 1], [0, 1, 2, 2, 1], ['a', 'bee', 'c']);
  expect(matrix.counts).toEqual([
    [1, 0, 0],
    [0, 2, 0],
    [0, 1, 1],
  ]);
  expect(matrix.recall).toEqual([1, 1, 0.5]);
  expect(matrix.precision).toEqual([1, 2 / 3, 1]);
  expect(matrix.accuracy).toBe(accuracy([0, 1, 1, 2, 1], [0, 1, 2, 2, 1]));
  expect(String(matrix)).toMatchInlineSnapshot(`
    "true \\ predicted  a  bee  c
    a                 1    0  0
    bee               0    2  0
    c                 0    1  1"
  `);
  expect(() => confusionMatrix([3], [0], ['a', 'b'])).toThrow(/codes 0 and 3/);
});

test('a calibration table sets predictions beside frequencies', () => {
  const { bins, error } = calibration([0.05, 0.15, 0.1, 1, 0.95], [0, 1, 0, 1, 1]);
  expect(bins.map(({ count }) => count)).toEqual([1, 2, 0, 0, 0, 0, 0, 0, 0, 2]);
  expect(bins[1].predicted).toBeCloseTo(0.125, 15);
  expect(bins[1].observed).toBe(0.5);
  expect(bins[2].observed).toBeNaN();
  expect(error).toBeCloseTo((0.05 + 0.75 + 0.05) / 5, 15);
  expect(String(calibration([0.05, 0.95], [0, 1], { bins: 2 }))).toMatchInlineSnapshot(`
    "probability   rows  predicted  observed
    0.00–0.50      1      0.050     0.000
    0.50–1.00      1      0.950     1.000
    expected calibration error 0.0500"
  `);
  expect(() => calibration([0.5], [1], { bins: 0 })).toThrow(/bins/);
});
