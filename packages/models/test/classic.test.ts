import { readFileSync } from 'node:fs';
import { FlatMatrix, valueAndGrad } from '@steepest/autodiff';
import {
  asTraining,
  columnValues,
  defineSchema,
  number,
  numbers,
  prepare,
  select,
  standardize,
  type Table,
  takeRows,
} from '@steepest/datasets';
import { type BundledName, bundled } from '@steepest/datasets/node';
import { describe, expect, test } from 'vitest';
import {
  type FitOptions,
  type Fitted,
  fit,
  leastSquares,
  linearRegression,
  logisticRegression,
  type Problem,
  softmaxRegression,
} from '../src/index.ts';

interface Case {
  id: string;
  csv: string;
  target: string;
  features: string[];
  preprocess: { type: string } | null;
  lambda?: number;
  l2?: number;
  weights?: number[] | null;
  classes?: string[];
  optimum: {
    intercept: number;
    coefficients: number[];
    intercept_on_raw_columns: number;
    coefficients_on_raw_columns: number[];
    objective: number;
    estimate: number[];
    rss: number;
    r_squared: number;
    log_likelihood: number;
  };
  gradient_check?: { objective: number; gradient: number[] };
  fitted: Record<string, number & number[]>;
}

interface SoftmaxOptimum {
  intercepts: number[];
  coefficients: number[][];
  objective: number;
}

function caseNamed(name: string): Case {
  const folder = new URL('../../../test/cases/classic/', import.meta.url);
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'));
}

async function tableOf({ csv, features, target }: Case): Promise<Table> {
  const table: Table = await bundled(csv.replace('.csv', '') as BundledName).read();
  return select(table, [...features, target]);
}

async function fitted(
  problem: Problem,
  found: Case,
  options: FitOptions = {},
  table?: Table,
): Promise<Fitted> {
  const steps = found.preprocess?.type === 'standardize' ? [standardize()] : [];
  const preparation = prepare(steps, { target: found.target, features: found.features });
  return fit(problem, asTraining(table ?? (await tableOf(found))), { preparation, ...options });
}

/** How far the objective is above the reference minimum, relative to it. */
function excess(objective: number, minimum: number): number {
  return (objective - minimum) / Math.abs(minimum);
}

function largestDifference(found: ArrayLike<number>, expected: readonly number[]): number {
  expect(found.length).toBe(expected.length);
  return Math.max(...expected.map((value, j) => Math.abs(found[j] - value)));
}

function largestRelativeDifference(found: ArrayLike<number>, expected: readonly number[]): number {
  expect(found.length).toBe(expected.length);
  return Math.max(...expected.map((value, j) => Math.abs(found[j] / value - 1)));
}

describe('gradient methods reach the reference optimum', () => {
  test('ridge regression of diabetes, l2 = 10', async () => {
    const found = caseNamed('ridge-diabetes-10');
    const model = await fitted(linearRegression({ l2: found.l2! }), found);
    const { optimum } = found;
    expect(model.converged).toBe(true);
    expect(excess(model.certificate.objective, optimum.objective)).toBeLessThan(1e-14);
    expect(model.certificate.gap).toBeLessThan(1e-10 * optimum.objective);
    expect(largestDifference(model.params.w.data, optimum.coefficients)).toBeLessThan(1e-6);
    expect(model.params.b).toBeCloseTo(optimum.intercept, 6);
    const [raw] = model.coefficients;
    expect(largestDifference(raw.values, optimum.coefficients_on_raw_columns)).toBeLessThan(1e-6);
    expect(raw.intercept).toBeCloseTo(optimum.intercept_on_raw_columns, 6);
    expect(model.metrics.rSquared).toBeCloseTo(found.fitted.r_squared, 10);
  });

  test('least squares of diabetes, no penalty', async () => {
    const found = caseNamed('ols-diabetes-all');
    const model = await fitted(linearRegression(), {
      ...found,
      preprocess: { type: 'standardize' },
    });
    const [{ intercept, values }] = model.coefficients;
    const minimum = found.optimum.rss / (2 * 442);
    expect(excess(model.certificate.objective, minimum)).toBeLessThan(1e-13);
    expect(largestRelativeDifference([intercept, ...values], found.optimum.estimate)).toBeLessThan(
      1e-6,
    );
    expect(model.metrics.rSquared).toBeCloseTo(found.optimum.r_squared, 12);
  });

  test('weighted least squares of stackloss', async () => {
    const found = caseNamed('ols-stackloss-weighted');
    const weights = new FlatMatrix(21, 1, found.weights!);
    const table = await tableOf(found);
    const y = new FlatMatrix(21, 1, numbers(table, found.target));
    const x = new FlatMatrix(21, 3);
    found.features.forEach((name, j) => {
      numbers(table, name).forEach((value, i) => {
        x.set(i, j, value);
      });
    });
    const exact = leastSquares(x, y, { weights });
    expect(
      largestRelativeDifference([exact.b, ...exact.w.data], found.optimum.estimate),
    ).toBeLessThan(1e-12);
    expect(exact.residualSumOfSquares).toBeCloseTo(found.optimum.rss, 9);

    const columns = {
      ...Object.fromEntries(table.names.map((name) => [name, number()])),
      weight: number(),
    };
    const weighted: Table = {
      ...table,
      schema: defineSchema(columns),
      names: [...table.names, 'weight'],
      columns: new Map([...table.columns, ['weight', { type: 'number', values: weights.data }]]),
    };
    const model = await fit(linearRegression(), asTraining(weighted), {
      target: found.target,
      weights: 'weight',
    });
    const [{ intercept, values, names }] = model.coefficients;
    expect(names).toEqual(found.features);
    expect(largestRelativeDifference([intercept, ...values], found.optimum.estimate)).toBeLessThan(
      1e-7,
    );
  });

  test('logistic regression of breast cancer, standardized, l2 = 0.01', async () => {
    const found = caseNamed('logistic-l2-bc-1e-2');
    const model = await fitted(logisticRegression({ l2: found.lambda! }), found, { positive: '1' });
    const { optimum } = found;
    expect(model.converged).toBe(true);
    expect(model.warnings).toEqual([]);
    expect(Math.abs(excess(model.certificate.objective, optimum.objective))).toBeLessThan(1e-13);
    expect(largestDifference(model.params.w.data, optimum.coefficients)).toBeLessThan(1e-6);
    const [raw] = model.coefficients;
    expect(largestRelativeDifference(raw.values, optimum.coefficients_on_raw_columns)).toBeLessThan(
      1e-5,
    );
    expect(model.metrics.logLoss).toBeCloseTo(found.fitted.log_loss, 9);
  });

  test('logistic regression of breast cancer, raw units, l2 = 0.01', async () => {
    const found = caseNamed('logistic-l2-bc-unscaled4-1e-2');
    const problem = logisticRegression({ l2: found.lambda! });
    const model = await fitted(problem, found);
    const { optimum } = found;
    expect(model.converged).toBe(true);
    expect(Math.abs(excess(model.certificate.objective, optimum.objective))).toBeLessThan(1e-12);
    expect(model.certificate.gap).toBeLessThan(1e-12);
    expect(largestDifference(model.coefficients[0].values, optimum.coefficients)).toBeLessThan(
      1e-6,
    );
    expect(model.coefficients[0].intercept).toBeCloseTo(optimum.intercept, 5);
    expect(model.metrics.accuracy).toBe(found.fitted.correct_count / 569);
    expect(model.metrics.logLoss).toBeCloseTo(found.fitted.log_loss, 9);

    const table = await tableOf(found);
    const { x, y } = prepare([], { features: found.features, target: 'target' })
      .fit(asTraining(table))
      .apply(table);
    const { value, gradient } = valueAndGrad(problem.loss)(problem.init(4), { x, y });
    expect(value).toBeCloseTo(found.gradient_check!.objective, 14);
    expect(
      largestDifference([gradient.b as number, ...gradient.w.data], found.gradient_check!.gradient),
    ).toBeLessThan(1e-13);
  });

  test('softmax regression of iris, l2 = 0.001', async () => {
    const found = caseNamed('softmax-iris-1e-3');
    const optimum = found.optimum as unknown as SoftmaxOptimum;
    const model = await fitted(
      softmaxRegression({ classes: found.classes!, l2: found.lambda! }),
      found,
    );
    expect(model.converged).toBe(true);
    expect(Math.abs(excess(model.certificate.objective, optimum.objective))).toBeLessThan(1e-12);
    const w = optimum.coefficients[0].flatMap((_, j) => optimum.coefficients.map((row) => row[j]));
    expect(largestDifference(model.params.w.data, w)).toBeLessThan(1e-5);
    expect(largestDifference((model.params.b as FlatMatrix).data, optimum.intercepts)).toBeLessThan(
      1e-5,
    );
    expect(model.metrics.accuracy).toBe(found.fitted.accuracy);
    expect(model.metrics.logLoss).toBeCloseTo(found.fitted.log_loss, 7);
  });

  test('softmax regression of digits, l2 = 0.01', async () => {
    const found = caseNamed('softmax-digits-1e-2');
    const optimum = found.optimum as unknown as SoftmaxOptimum;
    const table = await tableOf(found);
    const scaled = new Map(table.columns);
    for (const name of found.features) {
      scaled.set(name, { type: 'number', values: numbers(table, name).map((v) => v / 16) });
    }
    const model = await fitted(
      softmaxRegression({ classes: found.classes!, l2: found.lambda! }),
      found,
      {},
      { ...table, columns: scaled },
    );
    expect(model.converged).toBe(true);
    expect(Math.abs(excess(model.certificate.objective, optimum.objective))).toBeLessThan(1e-12);
    const w = optimum.coefficients[0].flatMap((_, j) => optimum.coefficients.map((row) => row[j]));
    expect(largestDifference(model.params.w.data, w)).toBeLessThan(1e-5);
    expect(model.warnings.map(({ kind }) => kind)).toContain('constant-column');
  }, 30_000);

  test('unpenalized logistic regression of two iris species', async () => {
    const found = caseNamed('logit-mle-iris-versicolor-virginica');
    const model = await fitted(
      logisticRegression(),
      { ...found, preprocess: { type: 'standardize' } },
      {},
      await twoSpecies(found, [1, 2]),
    );
    const [{ intercept, values }] = model.coefficients;
    expect(model.converged).toBe(true);
    expect(model.warnings).toEqual([]);
    expect(largestRelativeDifference([intercept, ...values], found.optimum.estimate)).toBeLessThan(
      1e-6,
    );
    expect(100 * model.certificate.objective).toBeCloseTo(-found.optimum.log_likelihood, 9);
    expect(model.metrics.accuracy).toBe(found.fitted.correct_count / 100);
  });
});

async function twoSpecies(found: Case, kept: readonly number[]): Promise<Table> {
  const table = await tableOf(found);
  const species = columnValues(table, 'species');
  const codes = species.type === 'category' ? [...species.codes] : [];
  return takeRows(
    table,
    [...codes.keys()].filter((i) => kept.includes(codes[i])),
  );
}

test('separable species: said so, by column and threshold, and never called converged', async () => {
  const found = caseNamed('behaviour-separable-iris');
  const preparation = prepare([], { target: 'species', features: found.features });
  const rows = asTraining(await twoSpecies(found, [0, 1]));
  for (const stop of [{ steps: 3 }, { gradientNorm: 1e-3 }, {}]) {
    const model = await fit(logisticRegression(), rows, { preparation, stop });
    expect(model.converged).toBe(false);
    expect(model.warnings[0].kind).toBe('separable');
    expect(model.warnings[0].message).toMatch(/no finite maximum-likelihood estimate/);
    expect(model.warnings[0].message).toMatch(
      /"petal_length" alone separates them: it is at most 1.9 for "setosa" and at least 3/,
    );
    expect(String(model)).toMatch(/NOT converged/);
  }
  const penalized = await fit(logisticRegression({ l2: 0.01 }), rows, { preparation });
  expect(penalized.converged).toBe(true);
  expect(penalized.warnings).toEqual([]);
});

test('raw breast cancer data: a run that is cut short says so, a full one reaches the minimum', async () => {
  const table = asTraining(await bundled('breast_cancer').read());
  const problem = logisticRegression({ l2: 1 / 569 });
  const preparation = prepare([]);
  // A hundred steps are what other libraries stop at in silence, at 70.4 instead of 53.8.
  const short = await fit(problem, table, { preparation, stop: { steps: 100 } });
  expect(569 * short.certificate.objective).toBeGreaterThan(60);
  expect(short.converged).toBe(false);
  expect(short.warnings[0].message).toMatch(
    /stepLimit .*; the objective is at most .* above its minimum/,
  );
  const full = await fit(problem, table, { preparation });
  expect(569 * full.certificate.objective).toBeCloseTo(53.7946, 4);
  expect(full.converged).toBe(true);
}, 30_000);
