import { readFileSync } from 'node:fs';
import { add, div, exp } from '@steepest/autodiff';
import { asTraining, category, defineSchema, number, parseCsv } from '@steepest/datasets';
import { describe, expect, test } from 'vitest';
import {
  type Family,
  type FitOptions,
  fit,
  linearRegression,
  logisticRegression,
  meanAbsoluteError,
  numberTarget,
  type Problem,
  poissonRegression,
  regression,
  softmaxRegression,
} from '../src/index.ts';
import {
  type Correction,
  compareModels,
  diagnostics,
  marginalEffects,
  predictions,
  type Summary,
  type SummaryOptions,
  summary,
  varianceInflation,
} from '../src/inference.ts';
import { expectFigures } from './support/figures.ts';

// figures.R there made the data and says what R makes of it.
const folder = new URL('../../../test/cases/inference-in-r/', import.meta.url);
const r = JSON.parse(readFileSync(new URL('figures.json', folder), 'utf8'));
const schema = defineSchema({
  age: number(),
  dose: number(),
  site: category(['a', 'b', 'c', 'd']),
  clinic: category(),
  weight: number(),
  time: number(),
  y: number(),
  event: category(['no', 'yes']),
  visits: number(),
  cost: number(),
  grade: category(['low', 'mid', 'high']),
});
const table = asTraining(parseCsv(readFileSync(new URL('clinic.csv', folder), 'utf8'), { schema }));
const features = ['age', 'dose', 'site'];
const newRows = [
  { age: 30, dose: 2, site: 'b', time: 1 },
  { age: 61, dose: 11.5, site: 'd', time: 2.5 },
];

const gamma: Family = {
  kind: 'gamma',
  name: 'gamma regression',
  risk: '(1/n) Σ [y e⁻ᵗ + t]',
  loss: (t, y) => add(div(y, exp(t)), t),
  mean: (t) => exp(t),
  least: (y) => 1 + Math.log(y),
  target: numberTarget(),
  measures: { meanAbsoluteError },
  dispersion: true,
};

const model = (problem: Problem, target: string, options: FitOptions = {}) =>
  fit(problem, table, { target, ...(options.features === undefined && { features }), ...options });
const tableOf = ({ estimates }: Summary) => ({
  estimate: estimates.map((e) => e.estimate),
  error: estimates.map((e) => e.standardError),
  statistic: estimates.map((e) => e.statistic),
  p: estimates.map((e) => e.pValue),
});
const errorsBy = (fitted: Awaited<ReturnType<typeof model>>, options: SummaryOptions) =>
  summary(fitted, table, options).estimates.map((e) => e.standardError);
const kinds: readonly Correction[] = ['HC0', 'HC1', 'HC2', 'HC3'];
const robust = (fitted: Awaited<ReturnType<typeof model>>) =>
  Object.fromEntries(kinds.map((errors) => [errors, errorsBy(fitted, { errors })]));
const clustered = (fitted: Awaited<ReturnType<typeof model>>) => ({
  HC0: errorsBy(fitted, { errors: 'HC0', clusters: 'clinic' }),
  HC1: errorsBy(fitted, { errors: 'HC1', clusters: 'clinic' }),
});
const influence = (fitted: Awaited<ReturnType<typeof model>>) => {
  const found = diagnostics(fitted, table);
  return Object.fromEntries(
    Object.keys(r.linear.influence).map((name) => [
      name,
      Array.from(found[name as 'pearson']).slice(0, 15),
    ]),
  );
};
const inflation = (fitted: Awaited<ReturnType<typeof model>>) =>
  varianceInflation(fitted, table).columns.map(({ factor }) => factor);
const anova = (...models: Summary[]) => {
  const { statistic, pValue } = compareModels(models).models[1].test!;
  return { statistic, p: pValue };
};

describe('as R says', () => {
  test('least squares', async () => {
    const fitted = await model(linearRegression(), 'y');
    const whole = summary(fitted, table);
    const small = summary(await model(linearRegression(), 'y', { features: ['age'] }), table);
    const errors = { errors: 'HC1' } as const;
    expectFigures(tableOf(whole), r.linear.table);
    expectFigures(robust(fitted), r.linear.robust);
    expectFigures(clustered(fitted), r.linear.clustered);
    expectFigures(influence(fitted), r.linear.influence);
    expectFigures({ vif: inflation(fitted) }, r.linear);
    expectFigures(anova(whole, small), r.linear.anova);
    const wald = compareModels([small, summary(fitted, table, errors)], { test: 'Wald' });
    expectFigures(
      { statistic: wald.models[1].test?.statistic, p: wald.models[1].test?.pValue },
      r.linear.wald,
    );
    for (const interval of ['confidence', 'prediction'] as const) {
      const found = predictions(whole, newRows, { interval, level: 0.9 }).rows.map(([p]) => [
        p.mean,
        ...p.interval,
      ]);
      expectFigures({ [interval]: found }, r.linear);
    }
  });

  test('weighted least squares', async () => {
    const fitted = await model(linearRegression(), 'y', { analyticWeights: 'weight' });
    expectFigures(tableOf(summary(fitted, table)), r.weighted.table);
    expectFigures(robust(fitted), r.weighted.robust);
    expectFigures(clustered(fitted), r.weighted.clustered);
    expectFigures({ vif: inflation(fitted) }, r.weighted);
    expectFigures(influence(fitted), r.weighted.influence);
  });

  test('logistic regression', async () => {
    const fitted = await model(logisticRegression(), 'event');
    const whole = summary(fitted, table, { intervals: 'profile' });
    const small = summary(await model(logisticRegression(), 'event', { features: ['age'] }), table);
    expectFigures(tableOf(whole), r.logistic.table);
    expectFigures(robust(fitted), r.logistic.robust);
    expectFigures(clustered(fitted), r.logistic.clustered);
    expectFigures({ vif: inflation(fitted) }, r.logistic);
    expectFigures({ profile: whole.estimates.map((e) => e.interval) }, r.logistic, 1e-8);
    expectFigures({ tjur: whole.pseudoRSquared?.tjur }, r.logistic);
    expectFigures(anova(small, whole), r.logistic.anova);
    expectFigures(influence(fitted), r.logistic.influence);
    for (const at of ['average', 'means'] as const) {
      const { effects } = marginalEffects(fitted, table, { at });
      const found = {
        effect: effects.map((e) => e.effect),
        error: effects.map((e) => e.standardError),
      };
      expectFigures(found, at === 'means' ? r.logistic.marginsAtMeans : r.logistic.margins, 1e-9);
    }
    const at = predictions(whole, newRows).rows.map(([p]) => p);
    expectFigures(
      {
        score: at.map((p) => p.score),
        scoreError: at.map((p) => p.scoreError),
        mean: at.map((p) => p.mean),
        meanError: at.map((p) => p.standardError),
      },
      r.logistic,
    );
  });

  test('Poisson regression with an exposure, and its quasi likelihood', async () => {
    const fitted = await model(poissonRegression(), 'visits', { exposure: 'time' });
    const age = { features: ['age'], exposure: 'time' };
    const small = await model(poissonRegression(), 'visits', age);
    const whole = summary(fitted, table, { intervals: 'profile', level: 0.9 });
    expectFigures(tableOf(whole), r.poisson.table);
    expectFigures(robust(fitted), r.poisson.robust);
    expectFigures(clustered(fitted), r.poisson.clustered);
    expectFigures({ profile: whole.estimates.map((e) => e.interval) }, r.poisson, 1e-8);
    expectFigures(anova(summary(small, table), whole), r.poisson.anova);
    expectFigures(influence(fitted), r.poisson.influence);
    const { effects } = marginalEffects(fitted, table);
    expectFigures(
      { effect: effects.map((e) => e.effect), error: effects.map((e) => e.standardError) },
      r.poisson.margins,
    );
    const quasi = summary(fitted, table, { dispersion: 'estimated' });
    expectFigures(tableOf(quasi), r.quasi.table);
    expectFigures({ dispersion: quasi.dispersion.value }, r.quasi);
    expectFigures(anova(summary(small, table, { dispersion: 'estimated' }), quasi), r.quasi.anova);
    expect([quasi.logLikelihood, quasi.aic, quasi.likelihoodRatio]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('a family of one’s own, with a scale', async () => {
    const fitted = await model(regression(gamma), 'cost', { features: ['age', 'dose'] });
    const found = summary(fitted, table);
    expectFigures(tableOf(found), r.gamma.table);
    expectFigures(
      { dispersion: found.dispersion.value, deviance: [found.nullDeviance, found.deviance] },
      r.gamma,
    );
    expectFigures(influence(fitted), r.gamma.influence);
  });

  test('softmax regression', async () => {
    const fitted = await model(softmaxRegression(), 'grade', { features: ['age', 'dose'] });
    expectFigures(
      {
        estimate: summary(fitted, table).estimates.map((e) => e.estimate),
        error: errorsBy(fitted, {}),
        HC0: errorsBy(fitted, { errors: 'HC0' }),
        clustered: errorsBy(fitted, { clusters: 'clinic' }),
        margins: [0, 1, 2].map((k) =>
          marginalEffects(fitted, table)
            .effects.filter(({ output }) => output === ['low', 'mid', 'high'][k])
            .map((e) => [e.effect, e.standardError]),
        ),
      },
      r.softmax,
    );
  });
});
