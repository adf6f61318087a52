import { describe, expect, test } from 'vitest';
import {
  type Correction,
  compareModels,
  diagnostics,
  predictions,
  summary,
  varianceInflation,
} from '../src/inference.ts';
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
  let kept: ReturnType<typeof fitted> | undefined;
  const once = () => {
    kept ??= fitted(found, folder);
    return kept;
  };

  test('estimates, errors, tests and criteria', async () => {
    const { table, model } = await once();
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

  if (found.robust !== undefined)
    test('robust errors', async () => {
      const { table, model } = await once();
      const errorsBy = (errors: Correction) =>
        summary(model, table, { errors }).estimates.map((e) => e.standardError);
      const kinds = Object.keys(found.robust) as Correction[];
      expectFigures(Object.fromEntries(kinds.map((kind) => [kind, errorsBy(kind)])), found.robust);
    });

  test('predictions of new rows', async () => {
    const { table, model } = await once();
    const expected = found.predictions;
    const by = (interval: 'confidence' | 'prediction') =>
      predictions(summary(model, table), expected.new_rows, { interval }).rows;
    const at = by('confidence');
    if (family === 'softmax') {
      expectFigures({ probability: at.map((row) => row.map((p) => p.mean)) }, expected);
      return;
    }
    const one = at.map(([p]) => p);
    expectFigures(
      family === 'linear'
        ? {
            fit: one.map((p) => p.mean),
            se_fit: one.map((p) => p.standardError),
            conf_int_95: one.map((p) => p.interval),
            prediction_int_95: by('prediction').map(([p]) => p.interval),
          }
        : {
            link: one.map((p) => p.score),
            se_link: one.map((p) => p.scoreError),
            response: one.map((p) => p.mean),
            response_conf_int_95: one.map((p) => p.interval),
          },
      expected,
    );
  });

  if (found.influence !== undefined)
    test('residuals, leverage, influence', async () => {
      const { table, model } = await once();
      const all = diagnostics(model, table);
      const { influence } = found;
      const of = (values: Float64Array) => influence.row.map((row: number) => values[row - 1]);
      const { leverage, cooksDistance } = all;
      const byDistance = [...cooksDistance.keys()].sort(
        (i, j) => cooksDistance[j] - cooksDistance[i],
      );
      expect(byDistance.slice(0, 3).map((i) => all.row[i] + 1)).toEqual(influence.row);
      expectFigures(
        {
          leverage: of(leverage),
          cooks_distance: of(cooksDistance),
          sum_of_leverages: leverage.reduce((sum, h) => sum + h, 0),
          ...(family === 'linear'
            ? {
                residual: of(all.response),
                standardized_residual: of(all.standardized),
                studentized_residual: of(all.studentized),
              }
            : { pearson_residual: of(all.pearson), deviance_residual: of(all.deviance) }),
        },
        influence,
      );
      expectFigures(
        { leverage: Math.max(...leverage) },
        { leverage: influence.max_leverage.leverage },
      );
    });

  if (found.vif !== undefined)
    test('variance inflation', async () => {
      const { table, model } = await once();
      const factors = (of: 'estimates' | 'columns') =>
        varianceInflation(model, table, { of }).columns.map(({ factor }) => factor);
      expectFigures({ vif: factors('columns') }, found);
      const { vif, vif_from_covariance = vif } = found;
      expectFigures({ estimates: factors('estimates') }, { estimates: vif_from_covariance });
    });

  if (found.nested !== undefined)
    test('a smaller model', async () => {
      const { table, model } = await once();
      const smaller = await fitted(found, folder, found.nested.smaller_features);
      const { models } = compareModels([
        summary(smaller.model, smaller.table),
        summary(model, table),
      ]);
      const { statistic, degreesOfFreedom, pValue } = models[1].test!;
      expectFigures(
        family === 'linear'
          ? {
              smaller_rss: models[0].deviance,
              f_statistic: statistic,
              f_df: degreesOfFreedom,
              f_p_value: pValue,
            }
          : {
              smaller_deviance: models[0].deviance,
              lr_chi2: statistic,
              lr_df: degreesOfFreedom[0],
              lr_p_value: pValue,
            },
        found.nested,
      );
    });
});
