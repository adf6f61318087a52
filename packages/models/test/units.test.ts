import { readFileSync } from 'node:fs';
import { FlatMatrix } from '@steepest/autodiff';
import { asTraining, defineSchema, number, numbers, parseCsv, prepare } from '@steepest/datasets';
import { answered } from '@steepest/ground';
import { expect, test } from 'vitest';
import {
  certify,
  type FitOptions,
  type Fitted,
  fit,
  leastSquares,
  linearRegression,
  logisticRegression,
  type Params,
  type Problem,
  poissonRegression,
} from '../src/index.ts';
import { summary } from '../src/inference.ts';
import { newton } from '../src/solve/newton.ts';
import { Objective } from '../src/solve/objective.ts';
import { BlockSums } from '../src/solve/sums.ts';
import { SumsInMemory } from '../src/solve/sums-in-memory.ts';

/** Numbers as if drawn from −1.7 … 1.7. */
const entry = (k: number) => {
  const x = Math.sin(12.9898 * k + 0.7) * 43758.5453;
  return 3.4 * (x - Math.floor(x)) - 1.7;
};
const rows = 60;
const column = (f: (i: number) => number) =>
  new FlatMatrix(
    rows,
    1,
    Array.from({ length: rows }, (_, i) => f(i)),
  );
const signal = (i: number) => entry(i) - 0.5 * entry(i + 500);
const targets: readonly [Problem, FlatMatrix][] = [
  [linearRegression(), column((i) => signal(i) + entry(1000 + i))],
  [logisticRegression(), column((i) => (signal(i) + 2 * entry(1000 + i) > 0 ? 1 : 0))],
  [
    poissonRegression(),
    column((i) => Math.round(Math.exp(1 + 0.5 * signal(i) + 0.3 * entry(1000 + i)))),
  ],
];
/** Two columns in units of their own: x = from + unit · a column of order one. */
const columnsIn = (units: readonly (readonly [from: number, unit: number])[]) =>
  new FlatMatrix(
    rows,
    2,
    Array.from({ length: rows }, (_, i) =>
      units.map(([from, unit], j) => from + unit * entry(i + 500 * j)),
    ).flat(),
  );

function expectClose(found: number, expected: number, digits: number): void {
  expect(Math.abs(found / expected - 1)).toBeLessThan(10 ** -digits);
}

test.each(targets)('$name: units of columns change no prediction', async (problem, y) => {
  const plain = await fit(problem, {
    x: columnsIn([
      [0, 1],
      [0, 1],
    ]),
    y,
  });
  expect(plain.converged).toBe(true);
  for (const units of [
    [
      [0, 1],
      [5e8, 1e8],
    ],
    [
      [0, 1e-8],
      [0, 1e8],
    ],
    [
      [1e6, 1],
      [0, 1e-5],
    ],
  ] as const) {
    const fitted = await fit(problem, { x: columnsIn(units), y });
    expect(fitted.converged).toBe(true);
    expect(fitted.warnings).toEqual([]);
    expectClose(fitted.certificate.objective, plain.certificate.objective, 12);
    units.forEach(([, unit], j) => {
      expectClose(fitted.params.w.data[j] * unit, plain.params.w.data[j], 7);
    });
  }
});

test.each(targets)('$name: standard errors on columns of 1e-8 … 1e8', async (problem, y) => {
  const errors = async (units: readonly (readonly [number, number])[]) => {
    const examples = { x: columnsIn(units), y };
    return summary(await fit(problem, examples), examples).estimates.slice(1);
  };
  const plain = await errors([
    [0, 1],
    [0, 1],
  ]);
  const scaled = await errors([
    [0, 1e-8],
    [0, 1e8],
  ]);
  scaled.forEach(({ standardError, statistic }, j) => {
    expectClose(standardError * [1e-8, 1e8][j], plain[j].standardError, 9);
    expectClose(statistic, plain[j].statistic, 9);
  });
});

test('with a penalty in mixed units the minimum is certified, gap and all', async () => {
  const x = columnsIn([
    [4, 2],
    [5e8, 2e8],
  ]);
  for (const [problem, y] of [
    [linearRegression({ l2: 0.01 }), targets[0][1]],
    [logisticRegression({ l2: 0.01 }), targets[1][1]],
    [poissonRegression({ l2: 0.01 }), targets[2][1]],
  ] as const) {
    const fitted = await fit(problem, { x, y });
    expect(fitted.converged).toBe(true);
    expect(fitted.certificate.decrement).toBeLessThan(1e-12);
  }
  const ridge = leastSquares(x, targets[0][1], { l2: 0.01 });
  const fitted = await fit(linearRegression({ l2: 0.01 }), { x, y: targets[0][1] });
  expectClose(fitted.certificate.objective, ridge.objective, 12);
});

test.each([
  ['1e-12', 0, 1e-12],
  ['1e12', 0, 1e12],
  ['far from 0', 1.7e9, 1000],
])('targets of %s are fitted as any others', async (_, from, unit) => {
  const [problem, y] = targets[0];
  const x = columnsIn([
    [0, 1],
    [0, 1],
  ]);
  const plain = await fit(problem, { x, y });
  const moved = new FlatMatrix(
    rows,
    1,
    y.data.map((v) => from + unit * v),
  );
  const fitted = await fit(problem, { x, y: moved });
  expect(fitted.converged).toBe(true);
  expect(fitted.metrics.rSquared).toBeCloseTo(plain.metrics.rSquared!, 9);
  fitted.params.w.data.forEach((w, j) => {
    expectClose(w / unit, plain.params.w.data[j], 8);
  });
});

interface Certified {
  terms: string[];
  intercept: boolean;
  certified: { coefficients: number[] };
  expected_min_lre: number;
}

test.each(['Wampler1', 'Pontius', 'NoInt1', 'Filip'])(
  'fit reaches the certified digits of %s',
  async (name) => {
    const folder = new URL('./cases/nist-linear/', import.meta.url);
    const found: Certified = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'));
    const table = parseCsv(readFileSync(new URL(`${name}.csv`, folder), 'utf8'));
    const base = numbers(table, 'x');
    const degrees = found.terms
      .filter((term) => term !== '1')
      .map((term) => Number(term.slice(2) || 1));
    const x = new FlatMatrix(
      base.length,
      degrees.length,
      Array.from(base, (v) => degrees.map((k) => v ** k)).flat(),
    );
    const y = new FlatMatrix(base.length, 1, numbers(table, 'y'));
    const problem = linearRegression({ intercept: found.intercept });
    const fitted = await fit(problem, { x, y }, { allow: ['rank-deficient'] });
    const { w, b } = fitted.params;
    const coefficients = [...(found.intercept ? [b as number] : []), ...w.data];
    const digits = coefficients.map(
      (c, j) => -Math.log10(Math.abs(c / found.certified.coefficients[j] - 1) || 1e-15),
    );
    expect(Math.min(...digits)).toBeGreaterThanOrEqual(found.expected_min_lre);
    if (name === 'Filip') {
      expect(fitted.warnings.map(({ kind }) => kind)).toContain('ill-conditioned');
      expect(fitted.certificate.condition).toBeGreaterThan(1e8);
    }
  },
);

test('a polynomial of degree 8, and columns collinear up to 1e-9, reach what least squares reaches', async () => {
  const t = Array.from({ length: 40 }, (_, i) => 10 + i / 4);
  const polynomial = new FlatMatrix(
    40,
    8,
    t.flatMap((v) => [1, 2, 3, 4, 5, 6, 7, 8].map((k) => v ** k)),
  );
  const twins = new FlatMatrix(
    40,
    2,
    t.flatMap((v, i) => [v, v + 1e-9 * entry(i)]),
  );
  const y = new FlatMatrix(
    40,
    1,
    t.map((v, i) => Math.sin(v) + entry(i)),
  );
  for (const x of [polynomial, twins]) {
    const exact = leastSquares(x, y);
    const fitted = await fit(linearRegression(), { x, y });
    expectClose(fitted.certificate.objective, exact.objective, 6); // rounding in its scores
    fitted.params.w.data.forEach((w, j) => {
      expectClose(w, exact.w.data[j], 6);
    });
    expect(fitted.warnings.map(({ kind }) => kind)).toEqual(['ill-conditioned']);
    expect(fitted.warnings[0].message).toMatch(/nearly depend on others \(condition number/);
    expect(String(fitted)).toMatch(/condition +\d/);
  }
});

test('without an intercept a table is fitted through the origin', async () => {
  const table = asTraining(parseCsv('x,z,y\n1,5,3.1\n2,3,4.9\n3,8,7.2\n4,1,8.8\n5,2,11.1\n'));
  const x = new FlatMatrix(5, 2, [1, 5, 2, 3, 3, 8, 4, 1, 5, 2]);
  const y = new FlatMatrix(5, 1, [3.1, 4.9, 7.2, 8.8, 11.1]);
  const exact = leastSquares(x, y, { intercept: false });
  const fitted = await fit(linearRegression({ intercept: false }), table, { target: 'y' });
  const [{ intercept, values, scale }] = fitted.coefficients;
  expect([intercept, scale]).toEqual([0, 'raw']);
  values.forEach((value, j) => {
    expectClose(value, exact.w.data[j], 12);
  });
  expect(fitted.predict([{ x: 0, z: 0 }]).data[0]).toBe(0);
  expectClose(summary(fitted, table).estimates[0].estimate, exact.w.data[0], 12);
});

test('counts of 0 only in two groups and more are said to have no finite estimate', async () => {
  for (const empty of [2, 3]) {
    const groups = Array.from({ length: 6 * (empty + 2) }, (_, i) => i % (empty + 2));
    const header = ['y', ...Array.from({ length: empty + 1 }, (_, g) => `g${g + 1}`)].join(',');
    const lines = groups.map((g, i) =>
      [
        g <= 1 ? 1 + (i % 4) : 0,
        ...Array.from({ length: empty + 1 }, (_, k) => (g === k + 1 ? 1 : 0)),
      ].join(','),
    );
    const table = asTraining(parseCsv([header, ...lines, ''].join('\n')));
    const fitted = await fit(poissonRegression(), table, { target: 'y' });
    expect(fitted.converged).toBe(false);
    expect(fitted.warnings.map(({ kind }) => kind)).toEqual(['separable']);
    expect(fitted.warnings[0].message).toMatch(/counts of 0 only/);
  }
});

test('a target with holes is refused, filled or not', async () => {
  const schema = defineSchema(
    { x: number(), y: number({ missing: { policy: 'mean' } }) },
    { target: 'y' },
  );
  const table = asTraining(parseCsv('x,y\n1,2\n2,\n3,5\n4,6\n5,9\n', { schema }));
  await expect(fit(linearRegression(), table)).rejects.toThrow(
    /column "y": 1 of its values was filled.*missing: \{ policy: 'drop' \}/,
  );
});

test('what is no number in an offset or in least squares is named', async () => {
  const [problem, y] = targets[2];
  const x = columnsIn([
    [0, 1],
    [0, 1],
  ]);
  const offset = column((i) => (i === 6 ? Number.NaN : 0));
  await expect(fit(problem, { x, y, offset })).rejects.toThrow(/column "offset": row 7 is NaN/);
  const wrong = new FlatMatrix(2, 2, [1, 2, Number.NaN, 4]);
  expect(() => leastSquares(wrong, new FlatMatrix(2, 1, [1, 2]))).toThrow(
    /leastSquares: x: row 2, column 1 is NaN/,
  );
});

test('a perfect fit says so', async () => {
  const table = asTraining(parseCsv('x,y\n1,3\n2,5\n3,7\n4,9\n7,15\n'));
  const fitted = await fit(linearRegression(), table, { target: 'y' });
  expect(fitted.converged).toBe(true);
  expect(fitted.warnings.map(({ kind }) => kind)).toEqual(['perfect-fit']);
  expect(fitted.warnings[0].message).toMatch(/goes through every row/);
});

test('with an optimizer exactly that runs, and the report says how far it ended', async () => {
  const [problem, y] = targets[1];
  const x = columnsIn([
    [0, 1],
    [0, 1],
  ]);
  const exact = await fit(problem, { x, y });
  const run = async (options: FitOptions): Promise<Fitted> => fit(problem, { x, y }, options);
  const short = await run({ stop: { steps: 3 } });
  expect(short.report?.steps).toBe(3);
  expect(short.converged).toBe(false);
  const above = short.certificate.objective - exact.certificate.objective;
  expect(short.certificate.decrement / above).toBeGreaterThan(0.8);
  expect(short.certificate.decrement / above).toBeLessThan(1.2);
  expect(String(short)).toMatch(/above minimum +about \d\.\de-\d/);
  const { condition } = certify(problem, exact.params, { x, y });
  expect(condition).toBeLessThan(3);
});

test('no preparation moves the result: prepared and raw columns agree', async () => {
  const lines = Array.from({ length: rows }, (_, i) =>
    [1e8 * (5 + entry(i)), 3 + entry(i + 500), signal(i) + entry(i + 1000)].join(','),
  );
  const table = asTraining(parseCsv(['a,b,y', ...lines, ''].join('\n')));
  const standard = await fit(linearRegression(), table, { target: 'y' });
  const raw = await fit(linearRegression(), table, { preparation: prepare([], { target: 'y' }) });
  expectClose(raw.certificate.objective, standard.certificate.objective, 12);
  raw.coefficients[0].values.forEach((value, j) => {
    expectClose(value, standard.coefficients[0].values[j], 9);
  });
});

test('rows in blocks, made anew for each question, give the minimum of all rows at once', async () => {
  const x = columnsIn([
    [4, 2],
    [5e4, 1e4],
  ]);
  const take = (m: FlatMatrix, from: number, to: number) =>
    new FlatMatrix(to - from, m.columns, m.data.slice(from * m.columns, to * m.columns));
  for (const [problem, y] of targets) {
    const blocks = {
      rows,
      columns: 2,
      async *read() {
        for (let from = 0; from < rows; from += 25) {
          const to = Math.min(rows, from + 25);
          yield { block: { x: take(x, from, to), y: take(y, from, to) } };
        }
      },
    };
    const goal = { span: 1, unit: 1, flat: 0 };
    const found: Params[] = [];
    for (const sums of [
      new SumsInMemory(problem, { x, y }),
      new BlockSums(problem, blocks, { y }),
    ]) {
      const objective = new Objective(problem, sums, await sums.moments(true));
      const { theta } = await answered(newton(objective, new Float64Array(objective.size), goal));
      found.push(objective.params(theta));
    }
    const [one, other] = found;
    expectClose(one.b as number, other.b as number, 10);
    one.w.data.forEach((w, j) => {
      expectClose(w, other.w.data[j], 10);
    });
  }
});
