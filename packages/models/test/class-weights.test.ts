import { readFileSync } from 'node:fs';
import { asTraining, parseCsv } from '@steepest/datasets';
import { expect, test } from 'vitest';
import {
  type ClassWeights,
  fit,
  fromBundle,
  linearRegression,
  logisticRegression,
  softmaxRegression,
  toBundle,
} from '../src/index.ts';
import { summary } from '../src/inference.ts';

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`cases/${name}.json`, import.meta.url), 'utf8'));
const figures = read('class-weights') as Readonly<Record<string, readonly number[]>>;
const { columns } = read('cross-validation') as {
  readonly columns: Readonly<Record<string, readonly number[]>>;
};
const given = { ...columns, weight: columns.group.map((g) => 1 + g) };
const names = Object.keys(given) as (keyof typeof given)[];
const lines = columns.a.map((_, i) => names.map((name) => given[name][i]).join(','));
const table = asTraining(parseCsv(`${names.join(',')}\n${lines.join('\n')}\n`));
const roles = { target: 'label', features: ['a', 'b', 'c'] };
const record = { '0': 1, '1': 5 };

test.each([
  ['balanced', { classWeights: 'balanced' as ClassWeights }],
  ['record', { classWeights: record }],
  ['weighted', { classWeights: record, weights: 'weight' }],
  ['balancedWeighted', { classWeights: 'balanced' as ClassWeights, weights: 'weight' }],
])("coefficients are scikit-learn's: %s", async (name, options) => {
  const { coefficients, converged } = await fit(logisticRegression(), table, {
    ...roles,
    ...options,
  });
  expect(converged).toBe(true);
  const found = [coefficients[0].intercept, ...coefficients[0].values];
  found.forEach((value, i) => {
    expect(value / figures[name][i]).toBeCloseTo(1, 8);
  });
});

test('labels that are not named count once, and softmax is weighted alike', async () => {
  const two = await fit(logisticRegression(), table, { ...roles, classWeights: { '1': 5 } });
  const many = await fit(softmaxRegression(), table, { ...roles, classWeights: record });
  expect(two.coefficients[0].intercept).toBeCloseTo(figures.record[0], 7);
  const p = many.predict(table);
  two.predict(table).data.forEach((value, i) => {
    expect(p.get(i, 1)).toBeCloseTo(value, 6);
  });
});

test('a saved model remembers, and its errors are refused', async () => {
  const fitted = await fit(logisticRegression(), table, { ...roles, classWeights: 'balanced' });
  const loaded = fromBundle(JSON.parse(JSON.stringify(toBundle(fitted))));
  expect(loaded.reading.classWeights).toEqual(fitted.reading.classWeights);
  expect(() => summary(loaded, table)).toThrow(/classes were weighted/);
  const bundle = { ...toBundle(fitted), classWeights: [1] };
  expect(() => fromBundle(bundle)).toThrow(/classWeights.*one for each class/);
});

test.each([
  [
    logisticRegression(),
    { ...roles, classWeights: { yes: 2 } },
    /classWeights has "yes", and the classes/,
  ],
  [logisticRegression(), { ...roles, classWeights: { '1': 0 } }, /positive weight for each label/],
  [logisticRegression(), { ...roles, classWeights: 'even' }, /'balanced' or a positive weight/],
  [
    linearRegression(),
    { target: 'real', features: ['a'], classWeights: 'balanced' },
    /is for targets of labels/,
  ],
])('refuses what says nothing: %#', async (problem, options, message) => {
  await expect(fit(problem, table, options as never)).rejects.toThrow(message);
});
