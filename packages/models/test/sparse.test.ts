import { readFileSync } from 'node:fs';
import { FlatMatrix } from '@steepest/autodiff';
import {
  asTraining,
  category,
  defineSchema,
  number,
  parseCsv,
  prepare,
  select,
  standardize,
  type Table,
} from '@steepest/datasets';
import { type BundledName, bundled } from '@steepest/datasets/node';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Fitted,
  fit,
  fromBundle,
  linearRegression,
  logisticRegression,
  poissonRegression,
  softmaxRegression,
  toBundle,
} from '../src/index.ts';
import { summary } from '../src/inference.ts';

const folder = new URL('../../../test/cases/classic/', import.meta.url);

interface Case {
  csv: string;
  target: string;
  features: string[];
  l1: number;
  l2: number;
  optimum: {
    objective: number;
    coefficients: number[];
    zero_coefficients: string[];
    intercept_on_raw_columns: number;
  };
  fitted: { r_squared: number };
}

async function ofCase(name: string): Promise<{ found: Case; model: Fitted }> {
  const found: Case = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'));
  const table: Table = await bundled(found.csv.replace('.csv', '') as BundledName).read();
  const rows = asTraining(select(table, [...found.features, found.target]));
  const preparation = prepare([standardize()], { target: found.target, features: found.features });
  const problem = linearRegression({ l1: found.l1, l2: found.l2 });
  return { found, model: await fit(problem, rows, { preparation }) };
}

describe('an l1 makes coefficients exactly 0', () => {
  test.each(['lasso-stackloss-0.5', 'elastic-net-diabetes-1-0.01'])('%s', async (name) => {
    const { found, model } = await ofCase(name);
    const { optimum } = found;
    expect(model.converged).toBe(true);
    expect(Math.abs(model.certificate.objective / optimum.objective - 1)).toBeLessThan(1e-13);
    expect(model.certificate.gap).toBeLessThan(1e-12 * optimum.objective);
    found.features.forEach((feature: string, j: number) => {
      const w = model.params.w.data[j];
      if (optimum.zero_coefficients.includes(feature)) expect(w).toBe(0);
      else expect(w).toBeCloseTo(optimum.coefficients[j], 9);
    });
    const [raw] = model.coefficients;
    expect(raw.intercept).toBeCloseTo(optimum.intercept_on_raw_columns, 7);
    expect(model.metrics.rSquared).toBeCloseTo(found.fitted.r_squared, 12);
    expect(String(model)).toMatch(/above minimum {2}about .*, at most /);
  });
});

/** Numbers in columns that hang together, with a label, a count and a class that depend on them. */
function rowsOf(seed: number, n = 60, d = 6) {
  let state = seed;
  const draw = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
  const x = new FlatMatrix(n, d);
  const score = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const shared = draw();
    for (let j = 0; j < d; j++) x.data[i * d + j] = (1 + j) * (draw() + 0.5 * shared) + j;
    score[i] = 1.5 * x.data[i * d] - x.data[i * d + 1] + draw() + draw();
  }
  const column = (f: (t: number, i: number) => number) => new FlatMatrix(n, 1, score.map(f));
  return {
    x,
    number: column((t) => t),
    label: column((t) => (t > -1 ? 1 : 0)),
    count: column((t) => Math.max(0, Math.round(t + 2))),
    code: column((t) => (t < -1.5 ? 0 : t < 0 ? 1 : 2)),
  };
}

/** The slopes of the mean loss by w, from the definition. */
function slopesOf(model: Fitted, x: FlatMatrix, y: FlatMatrix): Float64Array {
  const { problem, params } = model;
  const p = problem.predict(params, x);
  const k = p.columns;
  const g = new Float64Array(x.columns * k);
  for (let i = 0; i < x.rows; i++) {
    for (let f = 0; f < k; f++) {
      const target = k === 1 ? y.data[i] : Number(y.data[i] === f);
      const u = (p.data[i * k + f] - target) / x.rows;
      for (let j = 0; j < x.columns; j++) g[j * k + f] += u * x.data[i * x.columns + j];
    }
  }
  return g;
}

describe('every family meets the conditions of a minimum with an elastic net', () => {
  const families = {
    number: linearRegression,
    label: logisticRegression,
    count: poissonRegression,
    code: softmaxRegression,
  } as const;
  test.each(Object.keys(families) as (keyof typeof families)[])('%s', async (kind) => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1e6 }),
        fc.double({ min: 0.003, max: 0.3, noNaN: true }),
        fc.constantFrom(0, 0.02),
        fc.boolean(),
        async (seed, l1, l2, intercept) => {
          const rows = rowsOf(seed);
          const problem = families[kind]({ l1, l2, intercept });
          const model = await fit(problem, { x: rows.x, y: rows[kind] });
          expect(model.converged).toBe(true);
          expect(model.certificate.gap).toBeGreaterThanOrEqual(0);
          const w = model.params.w.data;
          slopesOf(model, rows.x, rows[kind]).forEach((slope, i) => {
            const g = slope + l2 * w[i];
            if (w[i] === 0) expect(Math.abs(g)).toBeLessThanOrEqual(l1 + 1e-7);
            else expect(Math.abs(g + l1 * Math.sign(w[i]))).toBeLessThan(1e-7);
          });
        },
      ),
      { numRuns: 12, examples: kind === 'code' ? [[34, 0.003, 0, false]] : [] },
    );
  });
});

const plans = asTraining(
  parseCsv(
    `age,plan,spent\n${Array.from({ length: 60 }, (_, i) => {
      const plan = ['a', 'b', 'c', 'd'][(i * 7) % 4];
      const age = 20 + ((i * 13) % 41);
      const effect = { a: 0, b: 2, c: -1, d: 0.5 }[plan] as number;
      return `${age},${plan},${(effect + Math.sin(i) + 0.001 * age).toFixed(6)}`;
    }).join('\n')}\n`,
    {
      schema: defineSchema(
        { age: number(), plan: category(['a', 'b', 'c', 'd']), spent: number() },
        { target: 'spent' },
      ),
    },
  ),
);

describe('groups', () => {
  test('the columns of one raw column become 0 together', async () => {
    const strong = await fit(linearRegression({ group: 0.5 }), plans);
    expect([...strong.params.w.data]).toEqual([0, 0, 0, 0]);
    const middle = await fit(linearRegression({ group: 0.1 }), plans);
    expect(middle.converged).toBe(true);
    const [age, ...levels] = middle.params.w.data;
    expect(age).toBe(0);
    expect(levels.every((w) => w !== 0)).toBe(true);
    expect(middle.problem.objective).toContain('‖w‖ over groups of m columns');
  });

  test.each([linearRegression, logisticRegression])('meet their conditions: %s', async (family) => {
    const rows = rowsOf(5);
    const y = family === linearRegression ? rows.number : rows.label;
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const problem = family({
      group: 0.05,
      groups: [
        ['a', 'c'],
        ['b', 'd', 'e'],
      ],
      l2: 0.01,
    });
    const model = await fit(problem, { x: rows.x, y, names });
    expect(model.converged).toBe(true);
    const w = model.params.w.data;
    const g = slopesOf(model, rows.x, y).map((slope, j) => slope + 0.01 * w[j]);
    for (const members of [[0, 2], [1, 3, 4], [5]]) {
      const strength = 0.05 * Math.sqrt(members.length);
      const length = Math.hypot(...members.map((j) => w[j]));
      if (length === 0) {
        expect(Math.hypot(...members.map((j) => g[j]))).toBeLessThan(strength + 1e-8);
      } else for (const j of members) expect(g[j]).toBeCloseTo((-strength * w[j]) / length, 7);
    }
  });
});

test('a model with a penalty is saved and read back, and has no standard errors', async () => {
  const rows = rowsOf(3);
  const data = { x: rows.x, y: rows.label };
  const model = await fit(logisticRegression({ l1: 0.02, l2: 0.01, factors: { x1: 0.5 } }), data);
  const back = fromBundle(JSON.parse(JSON.stringify(toBundle(model))));
  expect(back.problem.objective).toBe(model.problem.objective);
  expect(back.problem.penalty).toEqual(model.problem.penalty);
  expect(back.params.w.data).toEqual(model.params.w.data);
  expect(() => summary(model, data)).toThrow(/the penalty l1 = 0.02, l2 = 0.01/);
});

test('what a penalty cannot be is refused by name', async () => {
  const rows = rowsOf(3);
  const data = { x: rows.x, y: rows.label };
  const lasso = logisticRegression({ l1: 0.1 });
  await expect(fit(lasso, data, { epochs: 3 })).rejects.toThrow(/for smooth objectives/);
  await expect(fit(logisticRegression({ l1: 1, factors: [1] }), data)).rejects.toThrow(
    'there are 1 factors for 6 columns',
  );
  await expect(fit(logisticRegression({ l1: 1, factors: { z: 1 } }), data)).rejects.toThrow(
    'factors name "z", which is no column',
  );
  expect(() => logisticRegression({ groups: [['a']] })).toThrow('groups need a strength');
  expect(() => softmaxRegression({ group: 1 })).toThrow('groups are offered for one score');
});
