import { FlatMatrix } from '@steepest/autodiff';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  accuracy,
  areaUnderCurve,
  averagePrecision,
  balancedAccuracy,
  brierScore,
  classLogLoss,
  f1Score,
  logLoss,
  matthewsCorrelation,
  meanAbsoluteError,
  meanSquaredError,
  mostLikely,
  poissonDeviance,
  precisionRecallCurve,
  rocCurve,
  rSquared,
  topKAccuracy,
} from '../src/index.ts';
import cases from './cases/metrics.json' with { type: 'json' };

const { data } = cases;
const table = new FlatMatrix(data.kinds.length, 4, cases.table);

describe.each([
  ['every row once', {}, cases.plain],
  ['weighted', { weights: data.weight }, cases.weighted],
] as const)("scikit-learn's figures, %s", (_, weights, expected) => {
  const figures = {
    meanSquaredError: meanSquaredError(data.guess, data.real, weights),
    meanAbsoluteError: meanAbsoluteError(data.guess, data.real, weights),
    rSquared: rSquared(data.guess, data.real, weights),
    poissonDeviance: poissonDeviance(data.mean, data.count, weights),
    accuracy: accuracy(data.called, data.label, weights),
    logLoss: logLoss(data.probability, data.label, weights),
    brierScore: brierScore(data.probability, data.label, weights),
    areaUnderCurve: areaUnderCurve(data.score, data.label, weights),
    averagePrecision: averagePrecision(data.score, data.label, weights),
    f1: f1Score(data.called, data.label, weights),
    f2: f1Score(data.called, data.label, { beta: 2, ...weights }),
    f1Macro: f1Score(data.most, data.kinds, { average: 'macro', ...weights }),
    f1Prevalence: f1Score(data.most, data.kinds, { average: 'prevalence', ...weights }),
    f1Micro: f1Score(data.most, data.kinds, { average: 'micro', ...weights }),
    balancedAccuracy: balancedAccuracy(data.most, data.kinds, weights),
    matthews: matthewsCorrelation(data.called, data.label, weights),
    matthewsOfFour: matthewsCorrelation(data.most, data.kinds, weights),
    top2: topKAccuracy(table, data.kinds, 2, weights),
    top3: topKAccuracy(table, data.kinds, 3, weights),
  };

  test.each(Object.entries(figures))('%s', (name, figure) => {
    expect(figure).toBeCloseTo(expected[name as keyof typeof figures], 13);
  });

  test('the points of both curves', () => {
    const roc = rocCurve(data.score, data.label, weights);
    const kept = (x: readonly number[]) => Float64Array.from(x);
    close(roc.falsePositiveRate, unique(kept(expected.fpr), kept(expected.tpr))[0]);
    close(roc.truePositiveRate, unique(kept(expected.fpr), kept(expected.tpr))[1]);
    expect(roc.area).toBeCloseTo(expected.areaUnderCurve, 13);
    expect(roc.thresholds[0]).toBe(Infinity);
    const ours = precisionRecallCurve(data.score, data.label, weights);
    // theirs go from the lowest threshold up, and end in a point (1, 0) of their own
    const theirs = unique(
      kept(expected.precision).slice(0, -1).reverse(),
      kept(expected.recall).slice(0, -1).reverse(),
    );
    const points = unique(ours.precision, ours.recall);
    close(points[0], theirs[0]);
    close(points[1], theirs[1]);
  });
});

/** Points without those that repeat the one before: rows of weight 0 make such in scikit-learn. */
function unique(x: Float64Array, y: Float64Array): [Float64Array, Float64Array] {
  const kept = (_: number, k: number) => k === 0 || x[k] !== x[k - 1] || y[k] !== y[k - 1];
  return [x.filter(kept), y.filter(kept)];
}

function close(ours: Float64Array, theirs: Float64Array): void {
  expect(ours).toHaveLength(theirs.length);
  ours.forEach((value, k) => {
    expect(value).toBeCloseTo(theirs[k], 13);
  });
}

const rows = fc.array(
  fc.tuple(fc.integer({ min: -4, max: 4 }), fc.constantFrom(0, 1), fc.integer({ min: 0, max: 3 })),
  { minLength: 1, maxLength: 30 },
);

test('a weight of k is the row k times, for every metric', () => {
  const metrics = [
    accuracy,
    areaUnderCurve,
    averagePrecision,
    balancedAccuracy,
    f1Score,
    matthewsCorrelation,
    meanSquaredError,
    rSquared,
  ];
  fc.assert(
    fc.property(rows, (given) => {
      fc.pre(given.some(([, , weight]) => weight > 0));
      const repeated = given.flatMap(([s, y, w]) => Array.from({ length: w }, () => [s, y]));
      for (const metric of metrics) {
        const classes = metric.name !== 'areaUnderCurve' && metric.name !== 'averagePrecision';
        const p = (s: number) => (classes ? (s > 0 ? 1 : 0) : s);
        const once = metric(
          repeated.map(([s]) => p(s)),
          repeated.map(([, y]) => y),
        );
        const counted = metric(
          given.map(([s]) => p(s)),
          given.map(([, y]) => y),
          { weights: given.map(([, , w]) => w) },
        );
        if (Number.isNaN(once)) expect(counted, metric.name).toBeNaN();
        else expect(counted, metric.name).toBeCloseTo(once, 12);
      }
    }),
  );
});

test('the one most probable class is the accuracy of mostLikely, ties and all', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 3, maxLength: 3 }), {
        minLength: 1,
        maxLength: 20,
      }),
      (given) => {
        const p = new FlatMatrix(given.length, 3, given.flat());
        const y = given.map((_, i) => i % 3);
        expect(topKAccuracy(p, y, 1)).toBe(accuracy(mostLikely(p), y));
        expect(topKAccuracy(p, y, 3)).toBe(1);
      },
    ),
  );
});

test('what is not defined is NaN, as the doc comments say', () => {
  expect(f1Score([0, 0], [0, 0])).toBeNaN();
  expect(f1Score([0, 1], [0, 0])).toBe(0);
  expect(averagePrecision([1, 2], [0, 0])).toBeNaN();
  expect(matthewsCorrelation([1, 1], [0, 1])).toBeNaN();
  expect(rocCurve([1, 2], [1, 1]).falsePositiveRate).toEqual(Float64Array.of(NaN, NaN, NaN));
});

test('wrong rows are refused by number', () => {
  expect(() => accuracy([1, 0], [1, 0], { weights: [1] })).toThrow(
    'accuracy: there are 2 rows and 1 weights; give one per row',
  );
  expect(() => logLoss([0.5, 0.5], [1, 0], { weights: [1, -1] })).toThrow(/weight 1 is -1/);
  expect(() => rSquared([1, 2], [1, 2], { weights: [0, 0] })).toThrow(/every weight is 0/);
  expect(() => f1Score([0, 2], [1, 0])).toThrow(/label 2 is neither 0 nor 1.*average: 'macro'/);
  expect(() => rocCurve([0, NaN], [1, 0])).toThrow(/score 1 is not a number/);
  expect(() => balancedAccuracy([0, NaN], [1, 0])).toThrow(/label of row 1 is NaN/);
  expect(() => topKAccuracy(table, data.kinds, 5)).toThrow(/whole number from 1 to 4, got 5/);
  expect(() => f1Score([1], [1], { avarage: 'macro' } as object)).toThrow(/average/);
});

test('a row of weight 0 is not there, even where its loss is infinite', () => {
  expect(logLoss([0, 0.5], [1, 1], { weights: [0, 3] })).toBeCloseTo(Math.log(2), 14);
  expect(
    classLogLoss(new FlatMatrix(2, 2, [0, 1, 0.5, 0.5]), [0, 1], { weights: [0, 3] }),
  ).toBeCloseTo(Math.log(2), 14);
});
