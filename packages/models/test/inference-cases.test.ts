import { describe, expect, test } from 'vitest';
import { type Correction, summary } from '../src/inference.ts';
import { expectFigures } from './support/figures.ts';
import { caseFolder, casesIn, fitted, type InferenceCase } from './support/inference-case.ts';

const folder = caseFolder;
const cases = casesIn(folder);

/** Of K − 1 scores the reference has a list for each. */
function shaped<T>(list: readonly T[], { family, terms }: InferenceCase): unknown {
  if (family !== 'softmax') return list;
  const size = terms.length;
  return Array.from({ length: list.length / size }, (_, f) => list.slice(f * size, (f + 1) * size));
}

describe.each(cases)('$id', (found) => {
  const { optimum, family } = found;

  test('estimates, errors, tests and criteria', async () => {
    const { table, model } = await fitted(found, folder);
    const s = summary(model, table);
    const names = s.estimates.map(({ name }) => name.replace('(intercept)', 'intercept'));
    const of = <T>(pick: (e: (typeof s.estimates)[number]) => T) =>
      shaped(s.estimates.map(pick), found);
    expectFigures(
      {
        estimate: of((e) => e.estimate),
        std_error: of((e) => e.standardError),
        [s.statistic]: of((e) => e.statistic),
        p_value: of((e) => e.pValue),
        conf_int_95: of((e) => e.interval),
        log_likelihood: s.logLikelihood,
        aic: s.aic,
        bic: s.bic,
        ...(optimum.lr_chi2 === undefined
          ? {}
          : {
              lr_chi2: s.likelihoodRatio?.statistic,
              lr_df: s.likelihoodRatio?.degreesOfFreedom[0],
              lr_p_value: s.likelihoodRatio?.pValue,
            }),
        ...(family === 'softmax' ? {} : { df_residual: s.degreesOfFreedom }),
        ...(family === 'linear'
          ? {
              rss: s.deviance,
              tss: s.nullDeviance,
              residual_sd: s.residualDeviation,
              r_squared: s.rSquared,
              adj_r_squared: s.adjustedRSquared,
              f_statistic: s.f?.statistic,
              f_df: s.f?.degreesOfFreedom,
              f_p_value: s.f?.pValue,
              aic_R: s.withScale?.aic,
              bic_R: s.withScale?.bic,
            }
          : {}),
        ...(family === 'logistic' || family === 'poisson'
          ? {
              null_deviance: s.nullDeviance,
              df_null: s.nullDegreesOfFreedom,
              deviance: s.deviance,
              null_log_likelihood: s.nullLogLikelihood,
              pearson_chi2: s.pearson,
              dispersion: s.pearson / s.degreesOfFreedom,
            }
          : {}),
      },
      optimum,
    );
    expect(names).toEqual(names.map((_, j) => found.terms[j % found.terms.length]));
    const size = s.covariance.rows;
    const scaled = (get: (i: number, j: number) => number) =>
      Array.from({ length: size }, (_, i) =>
        Array.from(
          { length: size },
          (_, j) => get(i, j) / Math.sqrt(optimum.covariance[i][i] * optimum.covariance[j][j]) + 2,
        ),
      );
    expectFigures(
      { covariance: scaled((i, j) => s.covariance.get(i, j)) },
      { covariance: scaled((i, j) => optimum.covariance[i][j]) },
    );
    if (found.ratios !== undefined) {
      expectFigures(
        { estimate: of((e) => e.ratio?.estimate), conf_int_95: of((e) => e.ratio?.interval) },
        found.ratios,
      );
    }
  });

  test.runIf(found.robust !== undefined)('robust errors', async () => {
    const { table, model } = await fitted(found, folder);
    const errorsBy = (errors: Correction) =>
      summary(model, table, { errors }).estimates.map((e) => e.standardError);
    const kinds = Object.keys(found.robust) as Correction[];
    expectFigures(Object.fromEntries(kinds.map((kind) => [kind, errorsBy(kind)])), found.robust);
  });
});
