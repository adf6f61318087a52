import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  type Calibrator,
  calibrated,
  costThreshold,
  isotonic,
  leastCost,
  platt,
} from '../src/index.ts';

interface Figures {
  readonly isotonic: readonly number[];
  readonly platt: { readonly intercept: number; readonly slope: number };
  readonly least: readonly {
    readonly falsePositive: number;
    readonly falseNegative: number;
    readonly cost: number;
    readonly threshold: number | null;
  }[];
}
const cases = JSON.parse(
  readFileSync(new URL('cases/calibrators.json', import.meta.url), 'utf8'),
) as {
  readonly score: readonly number[];
  readonly label: readonly number[];
  readonly weight: readonly number[];
  readonly at: readonly number[];
  readonly plain: Figures;
  readonly weighted: Figures;
};
const { score, label, weight, at } = cases;

describe.each([
  ['all alike', cases.plain, {}],
  ['weighted', cases.weighted, { weights: weight }],
] as const)('rows %s', (_, figures, options) => {
  test('isotonic calibration is that of scikit-learn', () => {
    const found = calibrated(isotonic(score, label, options), at);
    found.forEach((p, i) => {
      expect(p).toBeCloseTo(figures.isotonic[i], 12);
    });
  });

  test("Platt's sigmoid is R's fit of his targets", () => {
    const { slope, intercept } = platt(score, label, options);
    expect(slope).toBeCloseTo(figures.platt.slope, 10);
    expect(intercept).toBeCloseTo(figures.platt.intercept, 10);
  });

  test('the least cost and its threshold are the best of all, counted', () => {
    for (const { falsePositive, falseNegative, cost, threshold } of figures.least) {
      const found = leastCost(score, label, { falsePositive, falseNegative, ...options });
      expect(found.cost).toBeCloseTo(cost, 12);
      expect(found.threshold).toBe(threshold ?? Infinity);
    }
  });
});

test('units and shifts of scores change nothing', () => {
  const moved = score.map((s) => 1e6 + s / 1e3);
  const before = calibrated(platt(score, label), score);
  const after = calibrated(platt(moved, label), moved);
  after.forEach((p, i) => {
    expect(p).toBeCloseTo(before[i], 7);
  });
});

test('separated labels have a sigmoid all the same: that is what his targets are for', () => {
  const calibrator = platt([1, 2, 3, 4], [0, 0, 1, 1]);
  const [low, , , high] = calibrated(calibrator, [1, 2, 3, 4]);
  expect(low).toBeGreaterThan(0.1);
  expect(high).toBeLessThan(0.9);
});

test('a calibrator is plain JSON, and never falls', () => {
  for (const calibrator of [platt(score, label), isotonic(score, label)]) {
    const loaded = JSON.parse(JSON.stringify(calibrator)) as Calibrator;
    const p = calibrated(loaded, at);
    expect(p).toEqual(calibrated(calibrator, at));
    expect(p.every((value, i) => value >= 0 && value <= 1 && (i === 0 || value >= p[i - 1]))).toBe(
      true,
    );
  }
});

test('calibrated probabilities are cut at the share of costs', () => {
  expect(costThreshold({ falsePositive: 1, falseNegative: 4 })).toBe(0.2);
  const p = calibrated(isotonic(score, label), score);
  // On the rows that it was fitted to an isotonic probability is a share, so that the cut is exact.
  const { cost } = leastCost(p, label, { falsePositive: 1, falseNegative: 4 });
  const called = p.map((value) => (value >= 0.2 ? 1 : 0));
  const paid = called.reduce((sum, c, i) => sum + (c === label[i] ? 0 : c === 1 ? 1 : 4), 0);
  expect(paid / p.length).toBeCloseTo(cost, 12);
});

describe('refuses', () => {
  test.each([
    ['one label', () => platt([1, 2], [1, 1]), /all labels are 1; there must be both/],
    ['scores that are all alike', () => platt([2, 2], [0, 1]), /all scores are 2/],
    ['infinite scores', () => platt([Infinity, 2], [0, 1]), /score 0 is Infinity/],
    ['other labels', () => isotonic([1, 2], [0, 2]), /label 1 is 2/],
    ['scores that are no numbers', () => isotonic([1, Number.NaN], [0, 1]), /score 1 is NaN/],
    [
      'a negative cost',
      () => costThreshold({ falsePositive: -1, falseNegative: 1 }),
      /falsePositive must be/,
    ],
    [
      'no cost at all',
      () => costThreshold({ falsePositive: 0, falseNegative: 0 }),
      /both costs are 0/,
    ],
    [
      'a missing cost',
      () => leastCost([1], [1], { falsePositive: 1 } as never),
      /falseNegative must be/,
    ],
    [
      'a damaged calibrator',
      () => calibrated({ kind: 'isotonic', scores: [2, 1], probabilities: [0, 1] }, [1]),
      /expected a calibrator/,
    ],
    [
      'a score of NaN',
      () => calibrated({ kind: 'platt', slope: 1, intercept: 0 }, [Number.NaN]),
      /score 0 is NaN/,
    ],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(message);
  });
});
