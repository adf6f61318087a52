import { checkGrad, FlatMatrix, item, valueAndGrad } from '@steepest/autodiff';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  linearRegression,
  logisticRegression,
  type Params,
  type Problem,
  poissonRegression,
  softmaxRegression,
} from '../src/index.ts';

const x = new FlatMatrix(5, 2, [0.5, -1.2, 1.5, 0.3, -0.7, 2.1, 0.1, 0.4, -1.9, -0.6]);
const weights = new FlatMatrix(5, 1, [1, 2, 0.5, 1.5, 0]);
const offset = new FlatMatrix(5, 1, [0.1, -0.3, 0, 0.7, 0.2]);
const targets = {
  linear: [1.5, -0.3, 2, 0, 4],
  logistic: [1, 0, 0, 1, 1],
  softmax: [2, 0, 1, 1, 0],
  poisson: [0, 3, 1, 2, 7],
};
const problems: [string, (l2: number, intercept: boolean) => Problem][] = [
  ['linear', (l2, intercept) => linearRegression({ l2, intercept })],
  ['logistic', (l2, intercept) => logisticRegression({ l2, intercept })],
  ['softmax', (l2, intercept) => softmaxRegression({ classes: 3, l2, intercept })],
  ['poisson', (l2, intercept) => poissonRegression({ l2, intercept })],
];

function someParams(problem: Problem): Params {
  const k = problem.outputs;
  const w = new FlatMatrix(
    2,
    k,
    Array.from({ length: 2 * k }, (_, i) => Math.sin(3 * i + 1)),
  );
  return { w, b: k === 1 ? 0.3 : new FlatMatrix(1, k, [0.3, -0.2, 0.9]) };
}

describe.each(problems)('%s regression', (kind, make) => {
  const y = new FlatMatrix(5, 1, targets[kind as keyof typeof targets]);

  test('has the gradient that difference quotients find', () => {
    for (const batch of [
      { x, y },
      { x, y, weights },
      { x, y, weights, offset },
    ]) {
      for (const intercept of [true, false]) {
        const problem = make(0.37, intercept);
        const check = checkGrad(problem.loss)(someParams(problem), batch);
        expect(check.passed, String(check)).toBe(true);
      }
    }
  });

  test('counts a row of weight 2 as the row given twice', () => {
    const problem = make(0, true);
    const params = someParams(problem);
    const rows = [0, 1, 1, 2, 3, 4];
    const twice = {
      x: new FlatMatrix(
        6,
        2,
        rows.flatMap((i) => [x.get(i, 0), x.get(i, 1)]),
      ),
      y: new FlatMatrix(
        6,
        1,
        rows.map((i) => y.data[i]),
      ),
    };
    const weighted = problem.loss(params, { x, y, weights: new FlatMatrix(5, 1, [1, 2, 1, 1, 1]) });
    expect(5 * item(weighted)).toBeCloseTo(6 * item(problem.loss(params, twice)), 12);
  });

  test('adds (l2/2) Σ w² and leaves the intercept out of it', () => {
    const problem = make(0.5, true);
    const params = someParams(problem);
    const squares = params.w.data.reduce((sum, v) => sum + v * v, 0);
    const penalty = item(problem.loss(params, { x, y })) - item(problem.risk(params, { x, y }));
    expect(penalty).toBeCloseTo(0.25 * squares, 12);
  });

  test('refuses columns whose rows are not those of x', () => {
    const problem = make(0, true);
    const short = new FlatMatrix(1, 1, [1]);
    expect(() => problem.loss(problem.init(2), { x, y: short })).toThrow(/y is 1×1, expected 5×1/);
    expect(() => problem.loss(problem.init(2), { x, y, weights: short })).toThrow(/weights is 1×1/);
  });

  test('without an intercept b has no effect, and its gradient is zero', () => {
    const problem = make(0, false);
    const { gradient } = valueAndGrad(problem.loss)(someParams(problem), { x, y });
    expect(Array.from(typeof gradient.b === 'number' ? [gradient.b] : gradient.b.data)).toEqual(
      new Array(problem.outputs).fill(0),
    );
    expect(problem.predict({ ...someParams(problem), b: problem.init(2).b }, x).data).toEqual(
      problem.predict(someParams(problem), x).data,
    );
  });
});

test('losses stay finite where scores are large', () => {
  const far = { w: new FlatMatrix(2, 1, [800, 800]), b: 0 };
  const y = new FlatMatrix(5, 1, targets.logistic);
  expect(item(logisticRegression().loss(far, { x, y }))).toBeGreaterThan(100);
  const wide = { w: new FlatMatrix(2, 3, [800, 0, -800, 0, 800, 0]), b: new FlatMatrix(1, 3) };
  expect(Number.isFinite(item(softmaxRegression({ classes: 3 }).loss(wide, { x, y })))).toBe(true);
});

test('class probabilities are at least 0 and sum to 1 in every row', () => {
  const entry = fc.double({ min: -50, max: 50, noNaN: true });
  const entries = (size: number) => fc.array(entry, { minLength: size, maxLength: size });
  const problem = softmaxRegression({ classes: 4 });
  fc.assert(
    fc.property(entries(12), entries(4), entries(6), (w, b, rows) => {
      const p = problem.predict(
        { w: new FlatMatrix(3, 4, w), b: new FlatMatrix(1, 4, b) },
        new FlatMatrix(2, 3, rows),
      );
      for (let i = 0; i < 2; i++) {
        const row = [...p.data.subarray(4 * i, 4 * i + 4)];
        expect(Math.min(...row)).toBeGreaterThanOrEqual(0);
        expect(row.reduce((a, c) => a + c, 0)).toBeCloseTo(1, 12);
      }
    }),
  );
});

test('the objective is said in words, and impossible options are refused', () => {
  expect(linearRegression().objective).toBe('(1/(2n)) Σ (x·w + b − y)²');
  expect(linearRegression({ l2: 0.1 }).name).toBe('ridge regression');
  expect(logisticRegression().objective).toBe('(1/n) Σ [log(1 + eᵗ) − y t], t = x·w + b');
  expect(logisticRegression({ l2: 0.1 }).objective).toBe(
    '(1/n) Σ [log(1 + eᵗ) − y t] + (l2/2) Σ w², t = x·w + b, l2 = 0.1', // the penalty is no part of t
  );
  expect(linearRegression({ l2: 0.1 }).objective).toBe(
    '(1/(2n)) Σ (x·w + b − y)² + (l2/2) Σ w², l2 = 0.1',
  );
  expect(() => logisticRegression({ l2: '0.1' as never })).toThrow(/at least 0, got "0.1"/);
  expect(linearRegression({ l1: 1, l2: 0.5 }).objective).toBe(
    '(1/(2n)) Σ (x·w + b − y)² + l1 Σ |w| + (l2/2) Σ w², l1 = 1, l2 = 0.5',
  );
  expect(linearRegression({ group: 1 }).name).toBe('linear regression with a group lasso');
  expect(() => linearRegression({ l1: 1, group: 1 })).toThrow(/group and l1 together/);
  // @ts-expect-error there is no l3
  expect(() => linearRegression({ l3: 1 })).toThrow(/unknown option l3; did you mean l/);
  expect(() => softmaxRegression().init(2)).toThrow(/the classes are not known yet; name them/);
  expect(() => softmaxRegression({ classes: 3 }).init(2)).not.toThrow();
  expect(() => linearRegression({ l2: -1 })).toThrow(/l2 must be a number of at least 0, got -1/);
  expect(() => softmaxRegression({ classes: 1 })).toThrow(/two at least, got 1/);
  expect(() => softmaxRegression({ classes: ['a', 'a'] })).toThrow(/named twice/);
});
