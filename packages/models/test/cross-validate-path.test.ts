import { readFileSync } from 'node:fs';
import { asTraining, parseCsv, prepare, standardize } from '@steepest/datasets';
import { expect, test } from 'vitest';
import {
  crossValidatePath,
  glmnet,
  linearRegression,
  logisticRegression,
  softmaxRegression,
} from '../src/index.ts';

interface Case {
  readonly alpha: number;
  readonly lambdas: readonly number[];
  readonly lambdaMin: number;
  readonly lambda1se: number;
  readonly mean: readonly number[];
  readonly standardError: readonly number[];
}
const cases = JSON.parse(
  readFileSync(new URL('cases/cross-validated-path.json', import.meta.url), 'utf8'),
) as {
  readonly columns: Readonly<Record<string, readonly number[]>>;
  readonly linear: Case;
  readonly logistic: Case;
};
const names = Object.keys(cases.columns);
const lines = cases.columns.x0.map((_, i) => names.map((n) => cases.columns[n][i]).join(','));
const table = asTraining(parseCsv(`${names.join(',')}\n${lines.join('\n')}\n`));
const features = names.filter((name) => name.startsWith('x'));
const folds = { k: 4, group: 'fold' };

test.each([
  ['linear', linearRegression(), 'real', 1],
  ['logistic', logisticRegression(), 'label', 2], // glmnet's deviance is twice the log loss
] as const)(
  'the figures and the two choices are those of cv.glmnet: %s',
  async (kind, problem, target, unit) => {
    const { alpha, lambdas, lambdaMin, lambda1se, mean, standardError } = cases[kind];
    const penalty = glmnet({ alpha });
    const judged = await crossValidatePath(problem, table, {
      target,
      features,
      folds,
      lambdas,
      penalty,
    });
    judged.points.forEach((point, k) => {
      expect(point.lambda).toBe(lambdas[k]);
      expect(unit * point.mean).toBeCloseTo(mean[k], 7);
      expect(unit * point.standardError).toBeCloseTo(standardError[k], 7);
    });
    expect(judged.lambdaMin).toBeCloseTo(lambdaMin, 12);
    expect(judged.lambda1se).toBeCloseTo(lambda1se, 12);
    expect(judged.lambda1se).toBeGreaterThan(judged.lambdaMin);
    expect(judged.path.at(judged.lambda1se).converged).toBe(true);
    expect(String(judged)).toMatch(/\n1se /);
  },
);

test('takes the values of λ from all rows where none are given, and another measure', async () => {
  const judged = await crossValidatePath(logisticRegression(), table, {
    target: 'label',
    features,
    folds: 3,
    count: 8,
    ratio: 0.01,
    by: 'areaUnderCurve',
  });
  expect(judged.points).toHaveLength(8);
  expect(judged.by.best).toBe('highest');
  const means = judged.points.map(({ mean }) => mean);
  const at = judged.points.findIndex(({ lambda }) => lambda === judged.lambdaMin);
  expect(means[at]).toBe(Math.max(...means));
});

test('refuses what would leak, and measures of other families', async () => {
  const fitted = prepare([standardize()], { features }).fit(table);
  const target = 'real';
  const refused = (options: object) =>
    crossValidatePath(linearRegression(), table, options as never);
  await expect(refused({ target, preparation: fitted })).rejects.toThrow(/fitted already/);
  await expect(refused({ target, features, by: 'logLoss' })).rejects.toThrow(
    /by must be a measure/,
  );
  await expect(refused({ target, folds: { k: 4, group: 'fold' } })).rejects.toThrow(
    /"fold" tells groups of rows apart/,
  );
  await expect(
    crossValidatePath(softmaxRegression(), table, { target: 'label', features, l1: 1 } as never),
  ).rejects.toThrow(/l1/);
});
