import { asTraining, parseCsv } from '@steepest/datasets';
import { expect, test } from 'vitest';
import { fit, linearRegression, poissonRegression } from '../src/index.ts';
import { compareModels, sideBySide, summary } from '../src/inference.ts';

const lines = [
  [1, 5, 2, 3],
  [2, 3, 1, 4],
  [3, 8, 4, 8],
  [4, 1, 3, 7],
  [5, 4, 5, 12],
  [6, 7, 2, 11],
  [7, 2, 6, 13],
  [8, 6, 1, 18],
];
const tableOf = (rows: readonly (readonly number[])[]) =>
  asTraining(parseCsv(`a,b,c,y\n${rows.map((row) => row.join(',')).join('\n')}\n`));
const table = tableOf(lines);
const of = async (features: string[], rows = table, problem = linearRegression()) =>
  summary(await fit(problem, rows, { target: 'y', features }), rows);

test('what R compares all the same is refused', async () => {
  const [a, ab, bc] = [await of(['a']), await of(['a', 'b']), await of(['b', 'c'])];
  expect(() => compareModels([a, bc])).toThrow(/not nested/);
  expect(() => compareModels([ab, bc])).toThrow(/as many coefficients/);
  const fewer = await of(['a'], tableOf(lines.slice(1)));
  expect(() => compareModels([fewer, ab])).toThrow(/other rows \(7 and 8\)/);
  const others = await of(['a'], tableOf(lines.map(([a, b, c, y]) => [a, b, c, y + a])));
  expect(() => compareModels([others, ab])).toThrow(/other rows/);
  const counts = await of(['a'], table, poissonRegression());
  expect(() => compareModels([counts, ab])).toThrow(/other likelihoods/);
  const robust = summary(
    await fit(linearRegression(), table, { target: 'y', features: ['a', 'b'] }),
    table,
    { errors: 'HC1' },
  );
  expect(() => compareModels([a, robust], { test: 'F' })).toThrow(/robust/);
  expect(compareModels([a, robust]).test).toBe('Wald');
  expect(() => compareModels([a, ab], { test: 'F ' as never })).toThrow(/test must be/);
  expect(() => compareModels([a])).toThrow(/two summaries/);
});

test('models are nested by what their columns span, not by their names', async () => {
  const renamed = asTraining(
    parseCsv(
      `a,b,half,y\n${lines.map(([a, b, , y]) => [a, b, a / 2 + 1, y].join(',')).join('\n')}\n`,
    ),
  );
  const [small, large] = [await of(['half'], renamed), await of(['a', 'b'], renamed)];
  const byName = compareModels([await of(['a']), await of(['a', 'b'])]);
  const found = compareModels([large, small]);
  expect(found.models[1].test!.statistic).toBeCloseTo(byName.models[1].test!.statistic, 9);
});

test('a comparison and models side by side print in four forms', async () => {
  const models = [await of(['a']), await of(['a', 'b'])];
  const compared = compareModels(models);
  expect(String(compared)).toMatch(/2\. \+ b +5 +9\.84912 +1 +2\.059 +0\.211/);
  const table = sideBySide(models, { headings: ['small', 'large'], stars: true });
  expect(String(table)).toMatch(/a +\d\.\d+\*\*\* +\d\.\d+\*\*\*/);
  expect(table.toMarkdown()).toContain('| b |  |');
  expect(table.toLatex()).toContain('\\begin{tabular}{lrr}\n\\toprule\n & small & large \\\\');
  expect(table.toHTML()).toContain('<th scope="row">adjusted R²</th>');
  expect(() => sideBySide(models, { headings: ['one'] })).toThrow(/1 headings for 2 models/);
  const shown = (table as unknown as Record<symbol, () => Record<string, string>>)[
    Symbol.for('Jupyter.display')
  ]();
  expect(Object.keys(shown)).toEqual(['text/plain', 'text/markdown', 'text/html']);
});
