import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asTraining, category, defineSchema, number, parseCsv } from '@steepest/datasets';
import { openCsv } from '@steepest/datasets/node';
import { describe, expect, test } from 'vitest';
import {
  type Fitted,
  fit,
  fromBundle,
  linearRegression,
  logisticRegression,
  type Problem,
  poissonRegression,
  softmaxRegression,
  toBundle,
} from '../src/index.ts';
import {
  compareModels,
  diagnostics,
  marginalEffects,
  predictions,
  type Summary,
  type SummaryOptions,
  summary,
  summaryOf,
  varianceInflation,
} from '../src/inference.ts';
import { expectFigures } from './support/figures.ts';

const schema = defineSchema({
  x: number(),
  z: number(),
  site: category(['a', 'b']),
  count: number(),
  label: category(['no', 'yes']),
  group: number(),
  times: number(),
});
const rows = Array.from({ length: 24 }, (_, i) => {
  const wave = Math.sin(7 * i + 1);
  const count = Math.round(3 + 2 * wave + (i % 5));
  const label = (i * 5) % 7 > 3 + 2 * wave ? 'yes' : 'no';
  return [i % 9, (i * i) % 7, i % 3 === 0 ? 'b' : 'a', count, label, i % 5, 1 + (i % 3)];
});
const textOf = (lines: readonly (readonly (string | number)[])[]) =>
  ['x,z,site,count,label,group,times', ...lines.map((line) => line.join(',')), ''].join('\n');
const tableOf = (lines: typeof rows) => asTraining(parseCsv(textOf(lines), { schema }));
const weighted = tableOf(rows);
const repeated = tableOf(rows.flatMap((row) => Array.from({ length: Number(row[6]) }, () => row)));
const features = ['x', 'z', 'site'];
const figures = ({ estimates, logLikelihood, likelihoodRatio, f, wald }: Summary) => ({
  estimates: estimates.map((e) => [e.estimate, e.standardError, e.statistic, e.pValue]),
  intervals: estimates.map((e) => e.interval),
  ...(logLikelihood === undefined ? {} : { logLikelihood }),
  ...(likelihoodRatio && { p: likelihoodRatio.pValue }),
  ...(f && { f: f.statistic }),
  ...(wald && { wald: wald.statistic }),
});

const problems: readonly [Problem, string][] = [
  [linearRegression(), 'count'],
  [poissonRegression(), 'count'],
  [logisticRegression(), 'label'],
];
const choices: readonly SummaryOptions[] = [
  { errors: 'HC0' },
  { errors: 'HC1' },
  { errors: 'HC2' },
  { errors: 'HC3' },
  { clusters: 'group' },
  { errors: 'HC0', clusters: 'group' },
  { dispersion: 'estimated' },
  { dispersion: 2 },
];

describe.each(problems)('$name', (problem, target) => {
  test('a frequency of two is the row given twice, in every figure', async () => {
    const one = await fit(problem, weighted, { target, features, weights: 'times' });
    const other = await fit(problem, repeated, { target, features });
    for (const options of choices) {
      const expected = figures(summary(other, repeated, options));
      expectFigures(figures(summary(one, weighted, options)), expected);
    }
    const effects = (fitted: Fitted, table: typeof weighted) => ({
      effects: marginalEffects(fitted, table).effects.map((e) => [e.effect, e.standardError]),
      vif: varianceInflation(fitted, table, { of: 'columns' }).columns.map((c) => c.factor),
    });
    expectFigures(effects(one, weighted), effects(other, repeated));
    const first = (values: Float64Array) => {
      const starts = rows.map((_, i) =>
        rows.slice(0, i).reduce((sum, row) => sum + Number(row[6]), 0),
      );
      return starts.map((at) => values[at]);
    };
    const [a, b] = [diagnostics(one, weighted), diagnostics(other, repeated)];
    for (const name of ['studentized', 'leverage', 'cooksDistance', 'deviance'] as const) {
      expectFigures({ [name]: a[name] }, { [name]: first(b[name]) });
    }
  });
});

test('two classes of softmax regression are logistic regression, in every figure', async () => {
  const options = { target: 'label', features };
  const one = await fit(softmaxRegression(), weighted, options);
  const other = await fit(logisticRegression(), weighted, options);
  const all = [{}, { intervals: 'profile' }, { errors: 'HC1' }, { clusters: 'group' }] as const;
  for (const chosen of all) {
    const expected = figures(summary(other, weighted, chosen));
    expectFigures(figures(summary(one, weighted, chosen)), expected, 1e-8);
  }
  const effects = (fitted: Fitted) =>
    marginalEffects(fitted, weighted)
      .effects.filter(({ output }) => output !== 'no')
      .map((e) => [e.effect, e.standardError]);
  expectFigures({ effects: effects(one) }, { effects: effects(other) }, 1e-8);
  const at = (fitted: Fitted) =>
    predictions(summary(fitted, weighted), [{ x: 3, z: 2, site: 'b' }]);
  const [both, single] = [at(one).rows[0][1], at(other).rows[0][0]];
  expectFigures(
    { mean: both.mean, error: both.standardError, interval: both.interval },
    { mean: single.mean, error: single.standardError, interval: single.interval },
    1e-8,
  );
});

test('a model from a file has the summary of the one that was saved', async () => {
  const fitted = await fit(linearRegression(), weighted, { target: 'count', features });
  const loaded = fromBundle(JSON.parse(JSON.stringify(toBundle(fitted))));
  expect(String(summary(loaded, weighted))).toBe(String(summary(fitted, weighted)));
});

test('the facts of a fit are enough for its summary, wherever its rows are', async () => {
  const fitted = await fit(poissonRegression(), weighted, { target: 'count', features });
  const found = summary(fitted, weighted);
  const facts = {
    ...found,
    family: fitted.problem.family,
    names: found.estimates.map(({ name }) => name),
    estimates: found.estimates.map(({ estimate }) => estimate),
    profile: undefined,
  };
  expect(String(summaryOf(facts))).toBe(String(found));
  const small = summary(
    await fit(poissonRegression(), weighted, { target: 'count', features: ['x'] }),
    weighted,
  );
  const ofFacts = compareModels([small, summaryOf(facts)]).models[1].test;
  expect(ofFacts).toEqual(compareModels([small, found]).models[1].test);
  expect(() => summaryOf({ ...facts, estimates: [1] })).toThrow(/1 estimates of 4 names/);
});

test('rows on disk say what they say in memory', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'inference-')), 'rows.csv');
  writeFileSync(file, textOf(rows));
  const disk = asTraining(await openCsv(file, { schema }));
  const options = { target: 'label', features };
  const fitted = await fit(logisticRegression(), disk, options);
  const found = summary(fitted, disk, { clusters: 'group' });
  const memory = summary(await fit(logisticRegression(), weighted, options), weighted, {
    clusters: 'group',
  });
  expectFigures(figures(found), figures(memory));
  disk.close();
});

test('what has no meaning is refused by name', async () => {
  const fitted = await fit(logisticRegression(), weighted, { target: 'label', features });
  const found = summary(fitted, weighted);
  const row = [{ x: 1, z: 1, site: 'a' }];
  expect(() => predictions(found, row, { interval: 'prediction' })).toThrow(/least squares/);
  expect(() => predictions({ ...found }, row)).toThrow(/what summary\(fitted, table\) gave/);
  expect(() => summary(fitted, weighted, { errors: 'HC2', clusters: 'group' })).toThrow(
    /HC0 or HC1/,
  );
  expect(() => summary(fitted, weighted, { clusters: ['a'] })).toThrow(/1 labels for 24 rows/);
  expect(() => summary(fitted, weighted, { clusters: rows.map(() => 1) })).toThrow(/one cluster/);
  expect(() => summary(fitted, weighted, { intervals: 'profile', errors: 'HC0' })).toThrow(
    /profile intervals come from the likelihood/,
  );
  const classes = await fit(softmaxRegression(), weighted, { target: 'label', features });
  expect(() => diagnostics(classes, weighted)).toThrow(/softmax regression has several/);
  expect(() => summary(classes, weighted, { errors: 'HC3' })).toThrow(/use 'HC1'/);
});
