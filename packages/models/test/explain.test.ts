import { asTraining, category, defineSchema, number, parseCsv } from '@steepest/datasets';
import { expect, test } from 'vitest';
import { explain, fit, linearRegression, softmaxRegression } from '../src/index.ts';

const schema = defineSchema({ x: number(), known: number(), kind: category(), y: number() });
const rows = [
  [1, 2, 'a', 3],
  [2, 1, 'b', 7],
  [4, 0, 'a', 8],
  [5, 3, 'c', 4],
  [6, 1, 'b', 15],
  [9, 2, 'c', 11],
  [3, 2, 'a', 7],
];
const table = asTraining(
  parseCsv(`x,known,kind,y\n${rows.map((row) => row.join(',')).join('\n')}\n`, { schema }),
);

test('contributions are those of raw columns and add up to the score', async () => {
  const features = ['x', 'kind'];
  const fitted = await fit(linearRegression(), table, { target: 'y', features, offset: 'known' });
  const row = { x: 7, known: 2, kind: 'c' };
  const [{ base, offset, score, prediction, contributions }] = explain(fitted, row).scores;
  const { names, values } = fitted.coefficients[0];
  const of = (name: string) => values[names.indexOf(name)];
  const by = (column: string) => contributions.find((c) => c.column === column)?.contribution;
  expect(offset).toBe(2);
  expect(by('x')).toBeCloseTo(of('x') * (7 - 30 / 7), 12);
  expect(by('kind')).toBeCloseTo(of('kind=c'), 12);
  expect(base + offset + by('x')! + by('kind')!).toBeCloseTo(score, 12);
  expect(score).toBeCloseTo(fitted.predict([row]).data[0], 12);
  expect(prediction).toBe(fitted.predict([row]).data[0]);
  expect(String(explain(fitted, row))).toMatch(/kind +c +-?\d/);
});

test('each class has a score, and what moved it', async () => {
  const problem = softmaxRegression({ l2: 0.1 });
  const fitted = await fit(problem, table, { target: 'kind', features: ['x', 'y'] });
  const row = { x: 5, y: 4 };
  const { scores } = explain(fitted, row);
  expect(scores.map(({ output }) => output)).toEqual(['a', 'b', 'c']);
  const total = scores.reduce((sum, { score }) => sum + Math.exp(score), 0);
  scores.forEach(({ score, prediction }) => {
    expect(Math.exp(score) / total).toBeCloseTo(prediction, 12);
  });
  expect(() => explain(fitted, { x: 5 } as never)).toThrow(/column "y"/);
});
