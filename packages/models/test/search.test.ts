import { readFileSync } from 'node:fs';
import {
  asTraining,
  category,
  defineSchema,
  hashing,
  interactions,
  number,
  parseCsv,
  polynomial,
  prepare,
  randomFourier,
  splines,
  standardize,
} from '@steepest/datasets';
import { describe, expect, test } from 'vitest';
import {
  crossValidate,
  fit,
  fromBundle,
  linearRegression,
  logisticRegression,
  type SearchState,
  search,
  toBundle,
} from '../src/index.ts';

const { columns, grid } = JSON.parse(
  readFileSync(new URL('cases/cross-validation.json', import.meta.url), 'utf8'),
) as {
  readonly columns: Readonly<Record<string, readonly number[]>>;
  readonly grid: { readonly l2: number[]; readonly logLoss: number[]; readonly best: number };
};
const names = Object.keys(columns);
const lines = columns.a.map((_, i) => names.map((name) => columns[name][i]).join(','));
const table = asTraining(parseCsv(`${names.join(',')}\n${lines.join('\n')}\n`));
const roles = { target: 'label', features: ['a', 'b', 'c'] };
const folds = { k: 5, group: 'fold' };
const logistic = ({ l2 }: { readonly l2: number }) => ({
  problem: logisticRegression({ l2 }),
  ...roles,
});

test('a grid has the figures and the choice of GridSearchCV', async () => {
  const found = await search(logistic, table, { over: { l2: grid.l2 }, folds });
  expect(found.trials.map(({ candidate }) => candidate.l2)).toEqual(grid.l2);
  found.trials.forEach(({ mean }, i) => {
    expect(mean).toBeCloseTo(grid.logLoss[i], 9);
  });
  expect(found.chosen.candidate).toEqual({ l2: grid.best });
  const again = await fit(logisticRegression({ l2: grid.best }), table, roles);
  expect(found.fitted.params).toEqual(again.params);
  expect(String(found)).toMatch(/^search: a grid of 5 candidates, by log loss \(the lowest\)/);
  expect(String(found)).toMatch(/chosen +/);
});

test('the one-standard-error rule takes the least complex of those that are hardly worse', async () => {
  const over = { l2: grid.l2 };
  const complexity = ({ l2 }: { readonly l2: number }) => -l2;
  const { chosen, best, trials } = await search(logistic, table, { over, folds, complexity });
  const bound = best.mean! + best.standardError!;
  const within = trials.filter(({ mean }) => mean! <= bound);
  expect(chosen.candidate.l2).toBe(Math.max(...within.map(({ candidate }) => +candidate.l2!)));
  expect(+chosen.candidate.l2!).toBeGreaterThan(+best.candidate.l2!);
});

test('goes on from its state, which is plain JSON, to the same answer', async () => {
  const options = {
    over: { l2: { from: 1e-3, to: 10, log: true }, degree: [1, 2] },
    method: 'random',
    count: 5,
    seed: 7,
    folds: 3,
    by: 'areaUnderCurve',
  } as const;
  let tried = 0;
  const propose = ({ l2, degree }: { readonly l2: number; readonly degree: number }) => {
    tried++;
    const powers = degree === 1 ? [] : [polynomial({ degree })];
    return {
      problem: logisticRegression({ l2 }),
      target: 'label',
      preparation: prepare([...powers, standardize()], { features: roles.features }),
    };
  };
  const whole = await search(propose, table, options);
  expect(new Set(whole.trials.map(({ candidate }) => candidate.l2)).size).toBe(5);
  expect(whole.by).toEqual({ measure: 'areaUnderCurve', best: 'highest' });
  const means = whole.trials.map(({ mean }) => mean!);
  expect(whole.chosen.mean).toBe(Math.max(...means));

  const controller = new AbortController();
  let kept: SearchState | undefined;
  const onTrial = (state: SearchState) => {
    kept = JSON.parse(JSON.stringify(state)) as SearchState;
    if (state.trials.length === 2) controller.abort();
  };
  const ended = search(propose, table, { ...options, onTrial, signal: controller.signal });
  await expect(ended).rejects.toThrow(/ended by its signal after 2 trials/);
  tried = 0;
  const rest = await search(propose, table, { ...options, state: kept! });
  expect(rest.trials).toEqual(whole.trials);
  expect(rest.fitted.params).toEqual(whole.fitted.params);
  expect(tried).toBe(5); // three trials, once to know the family, once for the fit
  await expect(search(propose, table, { ...options, seed: 8, state: kept! })).rejects.toThrow(
    /the state is of another search/,
  );
});

test('halving judges fewer candidates on more rows', async () => {
  const over = { l2: { from: 1e-3, to: 10, log: true } } as const;
  const options = { over, method: 'halving', count: 4, factor: 2, folds: 3 } as const;
  const propose = ({ l2 }: { readonly l2: number }) => ({
    problem: linearRegression({ l2 }),
    ...roles,
    target: 'real',
  });
  const { trials, chosen, how } = await search(propose, table, options);
  expect(how).toBe('4 candidates, drawn, halved in 2 stages');
  expect(trials.map(({ stage, rows }) => [stage, rows])).toEqual([
    ...Array(4).fill([0, 30]),
    ...Array(2).fill([1, 60]),
  ]);
  const first = trials.slice(0, 4).sort((a, b) => a.mean! - b.mean!);
  const kept = trials.slice(4).map(({ candidate }) => candidate);
  expect(kept).toEqual(first.slice(0, 2).map(({ candidate }) => candidate));
  const { measures } = await crossValidate(linearRegression({ l2: +chosen.candidate.l2! }), table, {
    ...roles,
    target: 'real',
    folds: 3,
  });
  expect(chosen.mean).toBe(measures.meanSquaredError.mean);
});

test('a candidate that cannot be fitted is a failed trial', async () => {
  const over = { features: ['a', 'none'] } as const;
  const propose = ({ features }: { readonly features: 'a' | 'none' }) => ({
    problem: linearRegression(),
    target: 'real',
    features: [features],
  });
  const { trials, chosen } = await search(propose, table, { over, folds: 2 });
  expect(trials[1].failed).toMatch(/none/);
  expect(chosen.candidate).toEqual({ features: 'a' });
});

describe('refuses', () => {
  test.each([
    [{ over: {} }, /over must be settings with their values/],
    [{ over: { l2: [] } }, /over\.l2 must be values or a range/],
    [{ over: { l2: [1, 1] } }, /list different values/],
    [{ over: { l2: { from: 0, to: 1, log: true } } }, /over\.l2 must be values or a range/],
    [{ over: { l2: { from: 0, to: 1 } } }, /over\.l2 is a range, of which a grid knows no values/],
    [{ over: { l2: [1] }, count: 3 }, /count has no effect with a grid/],
    [{ over: { l2: [1] }, factor: 3 }, /factor has no effect/],
    [{ over: { l2: [1] }, by: 'rSquared' }, /by must be a measure of the family.*logLoss/],
    [{ over: { l2: [1] }, state: {} }, /state must be that of a search/],
    [{ over: { l2: [1] }, folds: 70 }, /no candidate has a figure: .*the 60 rows, got 70/],
  ])('%j', async (options, message) => {
    await expect(search(logistic as never, table, options as never)).rejects.toThrow(message);
  });
});

test('a model with curves, products, hashes and cosines is saved with all of it', async () => {
  const kinds = defineSchema({ x: number(), z: number(), u: number(), k: category(), y: number() });
  const cells = columns.a.map((a, i) => [
    a,
    columns.b[i],
    columns.c[i],
    'uvw'[i % 3],
    columns.real[i],
  ]);
  const mixed = asTraining(
    parseCsv(`x,z,u,k,y\n${cells.map((row) => row.join(',')).join('\n')}\n`, { schema: kinds }),
  );
  const steps = [
    interactions({ terms: ['x:k', 'x:z'] }),
    splines({ columns: ['z'], df: 3 }),
    hashing({ size: 4 }),
    standardize(),
    randomFourier({ columns: ['u'], count: 5 }),
  ];
  const fitted = await fit(linearRegression({ l2: 0.1 }), mixed, {
    target: 'y',
    preparation: prepare(steps, { features: ['x', 'z', 'u', 'k'] }),
  });
  const loaded = fromBundle(JSON.parse(JSON.stringify(toBundle(fitted))));
  expect(loaded.predict(mixed)).toEqual(fitted.predict(mixed));
  expect(fitted.coefficients[0].names).toContain('x:k=v');
});
