import { asTraining, category, defineSchema, number, parseCsv } from '@steepest/datasets';
import { expect, test } from 'vitest';
import {
  fit,
  linearRegression,
  logisticRegression,
  type Problem,
  poissonRegression,
  softmaxRegression,
} from '../src/index.ts';
import { type Summary, summary } from '../src/inference.ts';

const rows = [
  [0.5, 1, 0, 2],
  [1.5, 0, 1, 1],
  [2.5, 3, 0, 3],
  [3.5, 2, 1, 1],
  [4.5, 5, 1, 2],
  [5.5, 4, 0, 1],
  [6.5, 7, 1, 2],
];
const text = (lines: readonly (readonly number[])[]) =>
  asTraining(
    parseCsv(['x,count,label,times', ...lines.map((line) => line.join(',')), ''].join('\n')),
  );
const features = ['x'];
const figures = ({ estimates, logLikelihood, aic, bic, degreesOfFreedom }: Summary) => [
  ...estimates.flatMap((e) => [e.estimate, e.standardError, e.statistic]),
  logLikelihood!,
  aic!,
  bic!,
  degreesOfFreedom,
];

const problems: readonly [Problem, string][] = [
  [linearRegression(), 'count'],
  [poissonRegression(), 'count'],
  [logisticRegression(), 'label'],
];

test.each(problems)(
  '$name: a row of weight 2 is the row given twice, in every figure',
  async (problem, target) => {
    const weighted = text(rows);
    const repeated = text(rows.flatMap((row) => Array.from({ length: row[3] }, () => row)));
    const one = await fit(problem, weighted, { target, features, weights: 'times' });
    const other = await fit(problem, repeated, { target, features });
    const expected = figures(summary(other, repeated));
    figures(summary(one, weighted)).forEach((value, k) => {
      expect(value / expected[k]).toBeCloseTo(1, 9);
    });
  },
);

test.each(problems)('$name: a row of weight 0 counts nowhere', async (problem, target) => {
  // The last row would make labels overlap that the others separate, and count as a row.
  const parted = rows.map(([x, count, , times]) => [x, count, x > 3 ? 1 : 0, times]);
  const idle = text([...parted, [9, 1, 0, 0]]);
  const one = await fit(problem, idle, { target, features, weights: 'times' });
  const other = await fit(problem, text(parted), { target, features, weights: 'times' });
  expect(one.converged).toBe(other.converged);
  expect(one.warnings).toEqual(other.warnings);
  if (target === 'label') {
    expect(one.warnings.map(({ kind }) => kind)).toEqual(['separable']);
    return;
  }
  expect(figures(summary(one, idle))).toEqual(figures(summary(other, text(parted))));
});

test('analytic weights count rows, not their sum', async () => {
  const table = text(rows);
  const options = { target: 'count', features };
  const one = await fit(linearRegression(), table, { ...options, analyticWeights: 'times' });
  const often = await fit(linearRegression(), table, { ...options, weights: 'times' });
  expect(summary(one, table).degreesOfFreedom).toBe(5);
  expect(summary(often, table).degreesOfFreedom).toBe(10);
  await expect(
    fit(linearRegression(), table, { ...options, weights: 'times', analyticWeights: 'times' }),
  ).rejects.toThrow(/analyticWeights is instead of weights/);
});

test('an offset is a column that is added to the scores, for any family', async () => {
  const table = text(rows);
  const shifted = text(rows.map(([x, count, ...rest]) => [x, count + 10 * x, ...rest]));
  const options = { target: 'count', features };
  const plain = await fit(linearRegression(), table, options);
  const offset = asTraining(
    parseCsv(
      [
        'x,count,known',
        ...rows.map(([x, count]) => [x, count + 10 * x, 10 * x].join(',')),
        '',
      ].join('\n'),
    ),
  );
  const fitted = await fit(linearRegression(), offset, { ...options, offset: 'known' });
  expect(fitted.coefficients[0].values[0]).toBeCloseTo(plain.coefficients[0].values[0], 8);
  expect(fitted.predict([{ x: 2, known: 20 }]).data[0]).toBeCloseTo(
    (await fit(linearRegression(), shifted, options)).predict([{ x: 2 }]).data[0],
    8,
  );
  expect(summary(fitted, offset).estimates[1].standardError).toBeCloseTo(
    summary(plain, table).estimates[1].standardError,
    10,
  );
  const hole = asTraining(
    parseCsv('x,y,known\n1,2,3\n2,3,\n4,4,5\n', {
      schema: defineSchema({
        x: number(),
        y: number(),
        known: number({ missing: { policy: 'keep' } }),
      }),
    }),
  );
  await expect(
    fit(linearRegression(), hole, { target: 'y', features, offset: 'known' }),
  ).rejects.toThrow(/column "known": row 2 .* no value/);
});

test('softmax regression takes its classes from the table', async () => {
  const schema = defineSchema({ x: number(), kind: category() }, { target: 'kind' });
  const table = asTraining(parseCsv('x,kind\n1,c\n2,a\n3,b\n2,c\n3,a\n1,b\n4,b\n', { schema }));
  const fitted = await fit(softmaxRegression({ l2: 0.1 }), table);
  expect(fitted.classes).toEqual(['a', 'b', 'c']);
  expect(fitted.params.w.columns).toBe(3);
  const named = await fit(softmaxRegression({ classes: ['a', 'b', 'c'], l2: 0.1 }), table);
  expect(fitted.params).toEqual(named.params);
  expect(() => softmaxRegression().init(2)).toThrow(/classes are not known yet/);
});
