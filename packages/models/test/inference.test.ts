import { readFileSync } from 'node:fs';
import { FlatMatrix } from '@steepest/autodiff';
import {
  asTraining,
  category,
  columnValues,
  defineSchema,
  number,
  numbers,
  parseCsv,
  select,
  type Table,
  takeRows,
} from '@steepest/datasets';
import { type BundledName, bundled } from '@steepest/datasets/node';
import { describe, expect, test } from 'vitest';
import { fit, linearRegression, logisticRegression, poissonRegression } from '../src/index.ts';
import { summary } from '../src/inference.ts';

interface Case {
  csv: string;
  target: string;
  features: string[];
  weights?: number[];
  optimum: {
    estimate: number[];
    std_error: number[];
    t?: number[];
    z?: number[];
    covariance?: number[][];
    log_likelihood: number;
    aic: number;
    bic?: number;
    residual_sd?: number;
  };
}

function caseNamed(name: string): Case {
  const folder = new URL('../../../test/cases/classic/', import.meta.url);
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'));
}

async function tableOf({ csv, features, target }: Case): Promise<Table> {
  const table: Table = await bundled(csv.replace('.csv', '') as BundledName).read();
  return select(table, [...features, target]);
}

function expectClose(
  found: readonly number[],
  expected: readonly number[],
  relative: number,
): void {
  expect(found.length).toBe(expected.length);
  found.forEach((value, j) => {
    expect(Math.abs(value / expected[j] - 1)).toBeLessThan(relative);
  });
}

function expectCase(found: ReturnType<typeof summary>, { optimum }: Case, relative: number): void {
  expectClose(
    found.estimates.map((e) => e.estimate),
    optimum.estimate,
    relative,
  );
  expectClose(
    found.estimates.map((e) => e.standardError),
    optimum.std_error,
    relative,
  );
  expectClose(
    found.estimates.map((e) => e.statistic),
    optimum.t ?? optimum.z ?? [],
    relative,
  );
  expect(found.logLikelihood).toBeCloseTo(optimum.log_likelihood, 8);
  expect(found.aic).toBeCloseTo(optimum.aic, 8);
  if (optimum.bic !== undefined) expect(found.bic).toBeCloseTo(optimum.bic, 8);
  if (optimum.residual_sd !== undefined)
    expectClose([found.residualDeviation!], [optimum.residual_sd], relative);
  if (optimum.covariance !== undefined)
    expectClose([...found.covariance.data], optimum.covariance.flat(), 100 * relative);
}

describe('standard errors are those of the reference', () => {
  test('least squares of diabetes', async () => {
    const found = caseNamed('ols-diabetes-all');
    const table = asTraining(await tableOf(found));
    expectCase(
      summary(await fit(linearRegression(), table, { target: found.target }), table),
      found,
      1e-9,
    );
  });

  test('weighted least squares of stackloss', async () => {
    const found = caseNamed('ols-stackloss-weighted');
    const table = await tableOf(found);
    const x = new FlatMatrix(21, 3);
    found.features.forEach((name, j) => {
      numbers(table, name).forEach((value, i) => {
        x.set(i, j, value);
      });
    });
    const examples = {
      x,
      y: new FlatMatrix(21, 1, numbers(table, found.target)),
      analyticWeights: new FlatMatrix(21, 1, found.weights!),
      names: found.features,
    };
    const fitted = await fit(linearRegression(), examples, { stop: { gradientNorm: 1e-5 } });
    expectCase(summary(fitted, examples), found, 1e-9);
  });

  test('logistic regression of two iris species', async () => {
    const found = caseNamed('logit-mle-iris-versicolor-virginica');
    const table = await tableOf(found);
    const species = columnValues(table, 'species');
    const codes = species.type === 'category' ? [...species.codes] : [];
    const rows = asTraining(
      takeRows(
        table,
        [...codes.keys()].filter((i) => codes[i] > 0),
      ),
    );
    expectCase(
      summary(await fit(logisticRegression(), rows, { target: 'species' }), rows),
      found,
      1e-9,
    );
  });

  // Dobson, An Introduction to Generalized Linear Models (1990), page 93; figures to 40 digits by mpmath.
  test("Poisson regression of Dobson's trial", async () => {
    const counts = [18, 17, 15, 20, 10, 20, 25, 13, 12];
    const rows = counts.map((count, i) => `o${i % 3},t${Math.floor(i / 3)},${count}`);
    const schema = defineSchema(
      { outcome: category(), treatment: category(), counts: number() },
      { target: 'counts' },
    );
    const table = asTraining(
      parseCsv(['outcome,treatment,counts', ...rows, ''].join('\n'), { schema }),
    );
    const fitted = await fit(poissonRegression(), table);
    expect(fitted.converged).toBe(true);
    expect(9 * fitted.metrics.poissonDeviance!).toBeCloseTo(5.129141077001148, 12);
    const found = summary(fitted, table);
    const [first, ...others] = found.estimates;
    expectClose(
      [first.estimate, others[0].estimate, others[1].estimate],
      [3.044522437723423, -0.4542552722775964, -0.2929871246814741],
      1e-12,
    );
    expect(others[2].estimate).toBeCloseTo(0, 12);
    expectClose(
      found.estimates.map((e) => e.standardError),
      [0.17089865185644154, 0.20217075919384553, 0.19274234515979285, 0.2, 0.2],
      1e-12,
    );
    expect(found.logLikelihood).toBeCloseTo(-23.380659200978837, 11);
    expect(found.aic).toBeCloseTo(56.76131840195767, 11);
    expect(found.bic).toBeCloseTo(57.74744128863877, 11);
    expect(String(found)).toMatch(/outcome=o1 +-0.454255 +0.202171 +-2.247 +0.0246/);
  });
});

test('figures that would mislead are refused', async () => {
  const table = asTraining(parseCsv('x,y\n1,2\n2,3\n3,5\n4,4\n'));
  const other = asTraining(parseCsv('x,y\n1,2\n2,3\n3,5\n4,9\n'));
  const options = { target: 'y' };
  const fitted = await fit(linearRegression(), table, options);
  expect(() => summary(fitted, other)).toThrow(/not the rows that the model was fitted to/);
  const penalized = await fit(linearRegression({ l2: 0.1 }), table, options);
  expect(() => summary(penalized, table)).toThrow(/the penalty l2 = 0.1/);
  const early = await fit(linearRegression(), table, { ...options, stop: { steps: 1 } });
  expect(() => summary(early, table)).toThrow(/did not converge/);
  const parted = asTraining(parseCsv('x,y\n1,0\n2,0\n3,1\n4,1\n'));
  const separable = await fit(logisticRegression(), parted, options);
  expect(() => summary(separable, parted)).toThrow(/separable/);
});
