import { spawnSync } from 'node:child_process';
import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  asTraining,
  category,
  type DiskTable,
  date,
  dates,
  defineSchema,
  impute,
  number,
  oneHot,
  parseCsv,
  polynomial,
  prepare,
  split,
  standardize,
  type Table,
  text,
} from '@steepest/datasets';
import { openCsv } from '@steepest/datasets/node';
import { adam, lbfgs, newton } from '@steepest/optim';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  evaluate,
  type FitOptions,
  type Fitted,
  fit,
  linearRegression,
  logisticRegression,
  poissonRegression,
  softmaxRegression,
} from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'models-on-disk-'));
const keep = { missing: { policy: 'keep' } } as const;
const schema = defineSchema({
  a: number(),
  b: number(),
  kind: category(),
  hollow: number(keep),
  when: date(),
  note: text(),
  weight: number(),
  time: number(),
  size: number(),
  label: category(),
  count: number(),
});

/** Numbers as if drawn from −1 … 1. */
const entry = (k: number): number => {
  const x = Math.sin(12.9898 * k + 0.7) * 43758.5453;
  return 2 * (x - Math.floor(x)) - 1;
};
const line = (seed: number) => (i: number) => {
  const [a, b, c, d, e] = [1, 2, 3, 4, 5].map((k) => entry(seed + 7 * i + k * 1e5));
  const score = a - 0.7 * b + d;
  return [
    1000 * a + 5e4,
    b,
    'pqr'[Math.floor(1.5 * (c + 1))],
    i % 9 === 0 ? 'NA' : c,
    `20${10 + (i % 13)}-0${1 + (i % 9)}-1${i % 10}`,
    `n${i % 4}`,
    i % 5,
    1 + e * e,
    score + 0.3 * e,
    score + e > 0 ? 'yes' : 'no',
    Math.floor(Math.exp(0.7 * a - 0.3 * b + 1 + e)),
  ].join(',');
};
const names = schema.columns.map(({ name }) => name).join(',');
const csvOf = (rows: number, seed: number): string =>
  `${names}\n${Array.from({ length: rows }, (_, i) => line(seed)(i)).join('\n')}\n`;

async function both(rows: number, seed: number): Promise<{ memory: Table; disk: DiskTable }> {
  const path = join(folder, `${rows}-${seed}.csv`);
  const csv = csvOf(rows, seed);
  writeFileSync(path, csv);
  return { memory: parseCsv(csv, { schema, file: path }), disk: await openCsv(path, { schema }) };
}

function expectSame(found: readonly number[], wanted: readonly number[], relative = 1e-10): void {
  const scale = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect(found.length).toBe(wanted.length);
  found.forEach((value, k) => {
    expect(Math.abs(value - wanted[k])).toBeLessThanOrEqual(relative * scale);
  });
}

const numbersOf = ({ coefficients, certificate }: Fitted): number[] => [
  ...coefficients.flatMap(({ values, intercept }) => [...values, intercept]),
  certificate.objective,
];
const facts = ({ warnings, converged, names, classes }: Fitted) => ({
  converged,
  names,
  classes,
  warnings,
});

const features = ['a', 'b', 'kind'];
const whole: readonly [string, ReturnType<typeof linearRegression>, FitOptions][] = [
  ['least squares', linearRegression(), { target: 'size', features }],
  [
    'ridge through the origin',
    linearRegression({ l2: 0.1, intercept: false }),
    { target: 'size', features },
  ],
  ['logistic', logisticRegression(), { target: 'label', features, positive: 'no' }],
  [
    'weighted logistic',
    logisticRegression({ l2: 0.01 }),
    { target: 'label', features, weights: 'weight' },
  ],
  [
    'Poisson with an exposure',
    poissonRegression(),
    { target: 'count', features, exposure: 'time' },
  ],
  [
    'softmax of three',
    softmaxRegression({ l2: 0.01 }),
    { target: 'kind', features: ['a', 'b', 'size'] },
  ],
  [
    'every step',
    logisticRegression({ l2: 0.01 }),
    {
      preparation: prepare(
        [
          dates(),
          impute('median'),
          polynomial({ columns: ['a', 'b'] }),
          standardize(),
          oneHot({ dropFirst: true }),
        ],
        { target: 'label', features: ['a', 'b', 'hollow', 'kind', 'when'] },
      ),
    },
  ],
  [
    'L-BFGS on the whole batch',
    logisticRegression({ l2: 0.1 }),
    { target: 'label', features, optimizer: lbfgs() },
  ],
  [
    "Newton's method",
    poissonRegression({ l2: 0.1 }),
    { target: 'count', features, optimizer: newton() },
  ],
];

test.each(whole)('%s: a fit on disk is that in memory', async (_, problem, options) => {
  const { memory, disk } = await both(600, 3);
  const parts = { seed: 2, train: 0.8, test: 0.2 };
  for (const [train, onDisk] of [
    [asTraining(memory), asTraining(disk)],
    [split(memory, parts).train, split(disk, parts).train],
  ] as const) {
    const one = await fit(problem, train, options);
    const other = await fit(problem, onDisk, options);
    expectSame(numbersOf(other), numbersOf(one), options.optimizer ? 1e-7 : 1e-10);
    expect(facts(other)).toEqual(facts(one));
    // The same model judges and predicts alike, wherever the rows are.
    const [held, heldOnDisk] = [split(memory, parts).test, split(disk, parts).test];
    const [wanted, found] = [evaluate(one, held), await evaluate(one, heldOnDisk)];
    expect(String(found)).toBe(String(wanted));
    expect((await one.predict(heldOnDisk)).data).toEqual(one.predict(held).data);
    if (one.classes !== undefined)
      expect(await one.classify(heldOnDisk)).toEqual(one.classify(held));
  }
  disk.close();
});

test('minibatches by seed are the same rows in the same order: the run is that in memory', async () => {
  const { memory, disk } = await both(700, 5);
  const parts = { seed: 2, train: 0.6, validation: 0.4 };
  const [one, other] = [split(memory, parts), split(disk, parts)];
  const options = {
    target: 'label',
    features,
    batchSize: 32,
    epochs: 5,
    optimizer: adam({ rate: 0.05 }),
    seed: 4,
  };
  const wanted = await fit(logisticRegression(), one.train, {
    ...options,
    validation: { data: one.validation, patience: 3 },
  });
  const found = await fit(logisticRegression(), other.train, {
    ...options,
    validation: { data: other.validation, patience: 3 },
  });
  expectSame(numbersOf(found), numbersOf(wanted));
  expectSame([found.report!.validation!.best], [wanted.report!.validation!.best]);
  disk.close();
});

test('tables at random, in memory and on disk', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 40, max: 200 }),
      fc.nat(1000),
      fc.constantFrom(...whole.slice(0, 7)),
      async (rows, seed, [, problem, options]) => {
        const { memory, disk } = await both(rows, seed);
        const wanted = await fit(problem, asTraining(memory), options).catch(String);
        const found = await fit(problem, asTraining(disk), options).catch(String);
        disk.close();
        if (typeof wanted === 'string' || typeof found === 'string') expect(found).toEqual(wanted);
        else {
          expect(facts(found).warnings.map(({ kind }) => kind)).toEqual(
            facts(wanted).warnings.map(({ kind }) => kind),
          );
          if (wanted.converged) expectSame(numbersOf(found), numbersOf(wanted), 1e-9);
        }
      },
    ),
    { numRuns: 10 },
  );
}, 30_000);

test('many blocks, a head start from some rows, and columns in the order of the file', async () => {
  const rows = 140_000;
  const path = join(folder, 'blocks.csv');
  const few = (i: number) =>
    `${entry(i)},${1e6 + 10 * entry(i + 0.5)},${entry(i) + entry(3 * i + 0.1) > 0.2 ? 'u' : 'v'}`;
  const csv = `x,z,label\n${Array.from({ length: rows }, (_, i) => few(i)).join('\n')}\n`;
  writeFileSync(path, csv);
  const small = defineSchema({ x: number(), z: number(), label: category() }, { target: 'label' });
  const memory = split(parseCsv(csv, { schema: small }), { train: 0.95, test: 0.05, seed: 1 });
  const disk = await openCsv(path, { schema: small });
  const { train, test: held } = split(disk, { train: 0.95, test: 0.05, seed: 1 });
  const one = await fit(logisticRegression(), memory.train);
  const other = await fit(logisticRegression(), train);
  expect(other.converged).toBe(true);
  expectSame(numbersOf(other), numbersOf(one), 1e-9);
  expect(String(await evaluate(one, held))).toBe(String(evaluate(one, memory.test)));
  disk.close();
}, 30_000);

test('what is refused in memory is refused on disk, with the number of the row', async () => {
  const { memory, disk } = await both(300, 9);
  const refusal = async (data: Table | DiskTable, options: FitOptions) =>
    String(await fit(logisticRegression(), data as never, options).catch((error) => error.message));
  const steps = (more: object) => ({ target: 'label', ...more });
  for (const options of [
    steps({ features: ['a', 'hollow'] }),
    steps({ features: ['a', 'nothing'] }),
    steps({ features: ['label'] }),
    steps({ features: ['a'], weights: 'b' }),
    steps({ features: ['a'], exclude: ['b'] }),
    { features: ['a'] },
    { target: 'size', features: ['a'] },
    steps({
      preparation: prepare([standardize()], { features: ['a', 'hollow'], target: 'label' }),
    }),
  ]) {
    expect(await refusal(asTraining(disk), options)).toBe(
      await refusal(asTraining(memory), options),
    );
  }
  expect(await refusal(disk, {})).toMatch(/not split/);
  const fitted = await fit(logisticRegression(), asTraining(disk), {
    target: 'label',
    features: ['a', 'b'],
  });
  expect(facts(fitted).warnings.map(({ kind }) => kind)).toEqual([
    'unused-column',
    'unused-column',
  ]);
  disk.close();
});

test('a fresh process learns from a file in less memory than the file takes', () => {
  const path = join(folder, 'large.csv');
  const block = Array.from(
    { length: 5000 },
    (_, i) =>
      `${Array.from({ length: 12 }, (_, j) => entry(12 * i + j).toFixed(15)).join(',')},${entry(i) > entry(i + 0.4) ? 1 : 0}\n`,
  ).join('');
  const heading = `${Array.from({ length: 12 }, (_, j) => `x${j}`).join(',')},y\n`;
  writeFileSync(path, heading + block);
  for (let k = 1; k < 45; k++) writeFileSync(path, block, { flag: 'a' });
  const url = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
  const code = `
    import { category, defineSchema, number, openCsv, split } from ${url('../../datasets/src/node.ts')};
    import { evaluate, fit, logisticRegression } from ${url('../src/index.ts')};
    const columns = Array.from({ length: 12 }, (_, j) => ['x' + j, number()]);
    const schema = defineSchema([...columns, ['y', category(['0', '1'])]], { target: 'y' });
    const peak = () => process.resourceUsage().maxRSS / 1024;
    // What the first fit compiles stays; then only what the rows take is new.
    const table = await openCsv(${JSON.stringify(path)}, { schema });
    const small = split(table.part(Int32Array.from({ length: 20_000 }, (_, i) => i)), { train: 0.5, test: 0.5 });
    await evaluate(await fit(logisticRegression({ l2: 0.01 }), small.train), small.test);
    const before = peak();
    const { train, test } = split(table, { train: 0.9, test: 0.1, seed: 1 });
    const fitted = await fit(logisticRegression({ l2: 0.01 }), train);
    await evaluate(fitted, test);
    console.log(JSON.stringify({ rows: table.rows, grown: peak() - before, converged: fitted.converged }));`;
  const program = join(folder, 'learn.mjs');
  writeFileSync(program, code);
  const { stdout, stderr } = spawnSync(process.execPath, [...process.execArgv, program], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  const { rows, grown, converged } = JSON.parse(stdout) as Record<string, unknown>;
  expect([rows, converged]).toEqual([225_000, true]);
  const limit = 45;
  expect(statSync(path).size / 2 ** 20).toBeGreaterThan(limit);
  expect(grown).toBeLessThan(limit);
}, 60_000);
