import { readFileSync } from 'node:fs';
import { FlatMatrix } from '@steepest/autodiff';
import { expect, test } from 'vitest';
import {
  fit,
  glmnet,
  linearRegression,
  logisticRegression,
  path,
  poissonRegression,
} from '../src/index.ts';

interface Answers {
  x: number[][];
  gaussian: number[];
  binomial: number[];
  poisson: number[];
  weights: number[];
  offset: number[];
  cases: {
    family: 'gaussian' | 'binomial' | 'poisson';
    alpha: number;
    kind: string;
    points: { lambda: number; intercept: number; w: number[]; explained: number }[];
  }[];
}

// Made by siblings.R beside it: columns that are equal but for their units, sums of others, and constant.
const file = new URL('../../../test/cases/glmnet/siblings.json', import.meta.url);
const answers: Answers = JSON.parse(readFileSync(file, 'utf8'));
const column = (values: number[]) => new FlatMatrix(values.length, 1, values);
const x = new FlatMatrix(answers.x.length, answers.x[0].length, answers.x.flat());
const families = {
  gaussian: linearRegression,
  binomial: logisticRegression,
  poisson: poissonRegression,
};

/** x w + b, what does not depend on which of equal columns has the coefficient. */
function scoresOf(w: ArrayLike<number>, b: number): number[] {
  return answers.x.map((row) => row.reduce((sum, value, j) => sum + value * w[j], b));
}

test.each(
  answers.cases.map((one) => [`${one.family}, alpha ${one.alpha}, ${one.kind}`, one] as const),
)("glmnet's own numbers: %s", async (_, { family, alpha, kind, points }) => {
  const data = {
    x,
    y: column(answers[family]),
    ...(kind === 'weights' && { weights: column(answers.weights) }),
    ...(kind === 'offset' && { offset: column(answers.offset) }),
  };
  const settings = {
    alpha,
    standardize: kind !== 'not standardized',
    ...(kind === 'factors' && { penaltyFactor: [1, 0, 2, 1, 1, 0.5, 1, 1] }),
  };
  const problem = families[family]({ intercept: kind !== 'no intercept' });
  const lambdas = points.map(({ lambda }) => lambda);
  const found = await path(problem, data, { penalty: glmnet(settings), lambdas });
  expect(found.largestLambda * 0.6).toBeCloseTo(lambdas[0], 6);
  for (const [k, wanted] of points.entries()) {
    const { params, converged, devianceExplained } = found.points[k];
    expect(converged).toBe(true);
    const scores = scoresOf(params.w.data, params.b as number);
    scoresOf(wanted.w, wanted.intercept).forEach((score, i) => {
      expect(Math.abs(scores[i] - score)).toBeLessThan(2e-5 * (1 + Math.abs(score)));
    });
    if (kind !== 'no intercept' && kind !== 'offset') {
      expect(devianceExplained).toBeCloseTo(wanted.explained, 6);
    }
  }
  const penalty = glmnet({ ...settings, lambda: lambdas[1] });
  const alone = await fit(families[family]({ intercept: problem.intercept, penalty }), data);
  expect(alone.certificate.objective).toBeCloseTo(found.points[1].objective, 10);
});
