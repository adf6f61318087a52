import { readFileSync } from 'node:fs';
import { FlatMatrix } from '@steepest/autodiff';
import { asTraining, parseCsv } from '@steepest/datasets';
import { describe, expect, test } from 'vitest';
import {
  evaluate,
  fit,
  fitNegativeBinomial,
  fromBundle,
  gammaDeviance,
  gammaRegression,
  huberRegression,
  negativeBinomialRegression,
  type Problem,
  probitRegression,
  toBundle,
} from '../src/index.ts';
import { summary } from '../src/inference.ts';

// The figures are what cases/families/families.R prints, with MASS's own tolerances made small.
const text = readFileSync(new URL('./cases/families/families.csv', import.meta.url), 'utf8');
const table = asTraining(parseCsv(text));
const features = ['x', 'z'];

function close(ours: number, theirs: number): void {
  expect(Math.abs(ours / theirs - 1)).toBeLessThan(1e-8);
}

describe.each<{
  name: string;
  problem: Problem;
  target: string;
  estimates: number[];
  errors: number[];
  logLikelihood: number;
}>([
  {
    name: 'gamma: glm(cost ~ x + z, Gamma("log"))',
    problem: gammaRegression(),
    target: 'cost',
    estimates: [0.3932796109539627, 0.5668148884156891, 0.4071720627299079],
    errors: [0.1508382459151606, 0.1320295401785102, 0.2019301068960478],
    logLikelihood: -49.51713049705546,
  },
  {
    name: 'probit: glm(label ~ x + z, binomial("probit"))',
    problem: probitRegression(),
    target: 'label',
    estimates: [-0.06065198992340841, 1.0451413287773847, 0.04311320095356834],
    errors: [0.3378561126012119, 0.3462352052922991, 0.4506548894243053],
    logLikelihood: -20.77579715567941,
  },
])('$name', ({ problem, target, estimates, errors, logLikelihood }) => {
  test("estimates, standard errors and likelihood are R's", async () => {
    const fitted = await fit(problem, table, { target, features });
    expect(fitted.converged).toBe(true);
    const found = summary(fitted, table);
    found.estimates.forEach((each, k) => {
      close(each.estimate, estimates[k]);
      close(each.standardError, errors[k]);
    });
    close(found.logLikelihood!, logLikelihood);
  });
});

describe('negative binomial', () => {
  test("with θ given, estimates are R's: glm(count ~ x + z, negative.binomial(1.5))", async () => {
    const problem = negativeBinomialRegression({ theta: 1.5 });
    const fitted = await fit(problem, table, { target: 'count', features });
    const wanted = [0.08028732875656872, 0.3541242685258857, 1.119942751390645];
    const found = summary(fitted, table);
    found.estimates.forEach(({ estimate }, k) => {
      close(estimate, wanted[k]);
    });
    close(found.logLikelihood!, -71.45943941438546);
  });

  test("with θ estimated, all figures are glm.nb's", async () => {
    const { fitted, theta, standardError } = await fitNegativeBinomial(table, {
      target: 'count',
      features,
    });
    close(theta, 2.427726307403699);
    close(standardError, 1.382718165195295);
    const estimates = [0.07855948528899132, 0.3785309129473012, 1.1280060799470886];
    const errors = [0.2737330783194721, 0.1991501569418735, 0.332188375959913];
    const found = summary(fitted, table);
    found.estimates.forEach((each, k) => {
      close(each.estimate, estimates[k]);
      close(each.standardError, errors[k]);
    });
    close(found.logLikelihood!, -71.05624734636464);
    expect(String(fitted)).toContain('θ = 2.42772');
  });

  test('counts that vary less than Poisson ones have no θ', async () => {
    const even = asTraining(parseCsv('x,n\n1,3\n2,3\n3,4\n4,4\n5,5\n6,5\n'));
    await expect(fitNegativeBinomial(even, { target: 'n' })).rejects.toThrow(
      /vary no more than Poisson counts.*use poissonRegression/,
    );
  });

  test('for a great θ it is Poisson regression', async () => {
    const near = await fit(negativeBinomialRegression({ theta: 1e9 }), table, {
      target: 'count',
      features,
    });
    const [at0, at1] = near.predict([
      { x: 0, z: 0 },
      { x: 1, z: 0 },
    ]).data;
    expect(Math.log(at1 / at0)).toBeCloseTo(0.5287494751961398, 6);
  });

  test('θ must be positive', () => {
    expect(() => negativeBinomialRegression({ theta: 0 })).toThrow(
      /negativeBinomialRegression: theta must be a positive number, got 0/,
    );
    expect(() => negativeBinomialRegression({ theta: 1, l3: 2 } as never)).toThrow(/l3/);
  });
});

describe('Huber', () => {
  test('the minimum is that of reweighted least squares in R', async () => {
    const fitted = await fit(huberRegression({ delta: 1 }), table, { target: 'y', features });
    expect(fitted.converged).toBe(true);
    expect(fitted.certificate.objective).toBeCloseTo(0.7531035381897258, 12);
    const [b, x, z] = [0.9155956842006393, 1.847971386457253, -0.9145789718829002];
    const at = fitted.predict([
      { x: 0, z: 0 },
      { x: 1, z: 0 },
      { x: 0, z: 1 },
    ]).data;
    expect(at[0]).toBeCloseTo(b, 9);
    expect(at[1]).toBeCloseTo(b + x, 9);
    expect(at[2]).toBeCloseTo(b + z, 9);
  });

  test('a great δ is least squares, and an outlier pulls with no more than δ', async () => {
    const data = {
      x: new FlatMatrix(5, 1, [1, 2, 3, 4, 5]),
      y: new FlatMatrix(5, 1, [1, 2, 3, 4, 9]),
    };
    const wide = await fit(huberRegression({ delta: 1e6 }), data);
    expect(wide.params.w.data[0]).toBeCloseTo(1.8, 10);
    const narrow = await fit(huberRegression({ delta: 0.1 }), data);
    const far = { ...data, y: new FlatMatrix(5, 1, [1, 2, 3, 4, 9e6]) };
    expect((await fit(huberRegression({ delta: 0.1 }), far)).params.w.data[0]).toBeCloseTo(
      narrow.params.w.data[0],
      8,
    );
  });
});

test('settings are saved with the model, and checked when it is read', async () => {
  const fitted = await fit(negativeBinomialRegression({ theta: 1.5, l2: 0.1 }), table, {
    target: 'count',
    features,
  });
  const saved = JSON.parse(JSON.stringify(toBundle(fitted)));
  expect(saved.problem.settings).toEqual({ theta: 1.5 });
  const loaded = fromBundle(saved);
  expect(loaded.predict(table).data).toEqual(fitted.predict(table).data);
  expect(String(loaded)).toBe(String(fitted));
  expect(String(evaluate(loaded, table))).toBe(String(evaluate(fitted, table)));
  const broken = (settings: unknown) => ({ ...saved, problem: { ...saved.problem, settings } });
  expect(() => fromBundle(broken({ theta: -1 }))).toThrow(/problem.settings: .*theta must be/);
  expect(() => fromBundle(broken({ delta: 1 }))).toThrow(/a negativeBinomial problem has theta/);
  const { settings: _, ...without } = saved.problem;
  expect(() => fromBundle({ ...saved, problem: without })).toThrow(/has theta/);
});

test('targets that a family cannot have are refused by row', async () => {
  const zero = asTraining(parseCsv('x,y\n1,2\n2,0\n3,4\n'));
  await expect(fit(gammaRegression(), zero, { target: 'y' })).rejects.toThrow(
    /the target of row 2 is 0, expected above 0/,
  );
  expect(gammaDeviance([1, 2], [2, 2])).toBeCloseTo(1 - Math.log(2), 14);
  expect(() => gammaDeviance([0], [1])).toThrow(/must be above 0/);
});
