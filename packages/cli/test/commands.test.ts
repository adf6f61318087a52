import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { split } from '@steepest/datasets';
import { bundled, readTable } from '@steepest/datasets/node';
import { evaluate, fit, linearRegression } from '@steepest/models';
import { loadModel } from '@steepest/models/node';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { schemas } from '../src/index.ts';
import { customers, type Outcome, type World, world } from './world.ts';

let here: World;
let data: string;
let model: string;
let trained: Outcome;

beforeAll(async () => {
  here = world();
  data = here.path('customers.csv');
  model = here.path('model.json');
  writeFileSync(data, customers(400));
  trained = await here.steepest(['train', data, '--target', 'left', '--save', model, '--json']);
});
afterAll(() => here.end());

/** What the tests look at of any command's object. */
interface Facts {
  readonly model: { readonly kind: string; readonly penalty?: string };
  readonly data: { readonly rows: number; readonly held: string };
  readonly columns: readonly {
    readonly name: string;
    readonly type: string;
    readonly missing: number;
  }[];
  readonly coefficients: readonly { readonly name: string; readonly estimate: number }[];
  readonly test: { readonly measures: Readonly<Record<string, { readonly value: number }>> };
  readonly crossValidation: {
    readonly measures: Readonly<Record<string, { readonly mean: number }>>;
  };
  readonly scores: readonly {
    readonly base: number;
    readonly score: number;
    readonly prediction: number;
    readonly contributions: readonly { readonly contribution: number }[];
  }[];
  readonly points: readonly {
    readonly lambda: number;
    readonly df: number;
    readonly mean: number;
  }[];
  readonly lambdaMin: number;
  readonly lambda1se: number;
  readonly runs: readonly { readonly above: number; readonly losses: readonly unknown[] }[];
  readonly code: string;
  readonly exactDisagreement: number;
  readonly numericDisagreement: number;
  readonly warnings: readonly unknown[];
  readonly rows: number;
  readonly family?: string;
  readonly saved?: string;
  readonly noErrors?: string;
  readonly interrupted?: string;
}

/** The one object on standard output, held to its schema. */
function json(outcome: Outcome): Facts {
  expect(outcome.err).toBe('');
  const object = JSON.parse(outcome.out) as Facts & { readonly command: string };
  expect(outcome.out.indexOf('\n')).toBe(outcome.out.length - 1);
  const ajv = new Ajv2020({ strict: true, strictTypes: false });
  const valid = ajv.compile(schemas[object.command]);
  expect(valid(object), JSON.stringify(valid.errors)).toBe(true);
  return object;
}

test('train --json follows its schema, and says what the text says', async () => {
  const facts = json(trained);
  expect(trained.code).toBe(0);
  expect(facts.model.kind).toBe('logistic');
  expect(facts.data).toMatchObject({ rows: 400, train: 320, test: 80 });
  expect(facts.columns.map(({ name }) => name)).toEqual(['age', 'plan', 'since', 'calls']);
  const { out, code } = await here.steepest(['train', data, '--target', 'left']);
  expect(code).toBe(0);
  for (const { name, estimate } of facts.coefficients) {
    expect(out).toContain(name);
    expect(out).toContain(String(Number(estimate.toPrecision(6))));
  }
  expect(out).toContain(String(Number(facts.test.measures.accuracy.value.toPrecision(6))));
});

test('train gives the figures that the library gives', async () => {
  const table = await bundled('diabetes').read();
  const { writeCsv } = await import('@steepest/datasets');
  writeFileSync(here.path('diabetes.csv'), writeCsv(table));
  const target = table.schema.target!;
  const facts = json(
    await here.steepest([
      'train',
      here.path('diabetes.csv'),
      '-t',
      target,
      '--json',
      '--seed',
      '3',
    ]),
  );
  const inferred = await readTable(here.path('diabetes.csv'), { schema: 'infer', target });
  const { train, test: held } = split(inferred, { train: 0.8, test: 0.2, seed: 3 });
  const fitted = await fit(linearRegression(), train, { target });
  expect(facts.test.measures.rSquared.value).toBe(evaluate(fitted, held).rSquared);
  expect(facts.model.kind).toBe('linear');
});

test('evaluate and predict agree with the model', async () => {
  const facts = json(await here.steepest(['evaluate', model, data, '--json']));
  const { out } = await here.steepest(['predict', model, data]);
  const labels = out.trim().split('\n').slice(1);
  const truth = readFileSync(data, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').at(-1));
  const right = labels.filter((label, i) => label === truth[i]).length;
  expect(labels).toHaveLength(400);
  expect(facts.test.measures.accuracy.value).toBe(right / 400);
});

test('predict streams from standard input in blocks, to the figures of the whole', async () => {
  const rows = customers(40_000); // more than one block
  const fitted = await loadModel(model);
  writeFileSync(here.path('many.csv'), rows);
  const schema = fitted.reading.preparation!.schema;
  const whole = await readTable(here.path('many.csv'), { schema });
  const expected = fitted.predict(whole).data;
  const { out, code } = await here.steepest(['predict', model, '--keep', '--proba'], rows);
  const lines = out.trim().split('\n');
  expect(code).toBe(0);
  expect(lines[0]).toBe('age,plan,since,calls,left,predicted_left,probability_no,probability_yes');
  expect(lines).toHaveLength(40_001);
  const input = rows.trim().split('\n');
  for (const i of [1, 17_000, 40_000]) {
    expect(lines[i].startsWith(`${input[i]},`)).toBe(true);
    expect(Number(lines[i].split(',').at(-1))).toBe(expected[i - 1]);
  }
});

test('predict writes a whole file or none, and tells the line of a wrong cell in any block', async () => {
  const out = here.path('out.csv');
  writeFileSync(out, 'before');
  const rows = `${customers(40_000)}abc,basic,2024-03-01,100,no\n`;
  const { code, err } = await here.steepest(['predict', model, '-', '-o', out], rows);
  expect(code).toBe(1);
  expect(err).toMatch(/^steepest predict: standard input:40002:age: got "abc", .*; .*\n$/);
  expect(readFileSync(out, 'utf8')).toBe('before');
  expect(readdirSync(here.folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  const done = await here.steepest(['predict', model, data, '-o', out, '--json']);
  expect(json(done).rows).toBe(400);
});

test('labels that a spreadsheet would execute are quoted when asked', async () => {
  const file = here.path('formulas.csv');
  writeFileSync(
    file,
    `x,y\n${Array.from({ length: 40 }, (_, i) => `${i % 20},${(i * 7) % 20 < 9 ? '=1+1' : '@b'}`).join('\n')}\n`,
  );
  const saved = here.path('formulas.json');
  await here.steepest(['train', file, '-t', 'y', '--penalty', 'l2=0.1', '--save', saved]);
  const plain = await here.steepest(['predict', saved, file]);
  const safe = await here.steepest(['predict', saved, file, '--spreadsheet-safe']);
  expect(plain.out).toMatch(/^[=@]/m);
  expect(safe.out).not.toMatch(/^[=@]/m);
  expect(safe.out).toMatch(/^'[=@]/m);
});

test('inspect shows every column, warns, and writes a schema that train takes', async () => {
  const schema = here.path('schema.json');
  const facts = json(
    await here.steepest(['inspect', data, '-t', 'left', '--schema', schema, '--json']),
  );
  expect(facts.columns.map(({ type }) => type)).toEqual([
    'number',
    'category',
    'date',
    'number',
    'category',
  ]);
  expect(facts.columns[0].missing).toBe(44);
  expect(facts.family).toBe('logistic');
  expect(facts.saved).toBe(schema);
  const again = await here.steepest(['train', data, '-t', 'left', '--schema', schema, '--json']);
  expect(json(again).coefficients).toEqual(json(trained).coefficients);
});

test('inspect tells of columns that give the target away', async () => {
  const file = here.path('leak.csv');
  const rows = Array.from(
    { length: 40 },
    (_, i) => `${(i * 7) % 13},${i % 2},${i % 2 ? 'yes' : 'no'}`,
  );
  writeFileSync(file, `x,refund,left\n${rows.join('\n')}\n`);
  const facts = json(await here.steepest(['inspect', file, '-t', 'left', '--json']));
  expect(facts.warnings.join()).toContain('"refund" alone separates them');
});

test.each([
  ['gzip', 'customers.csv.gz', () => gzipSync(customers(400))],
  ['JSON lines', 'customers.jsonl', () => lines(customers(400))],
])('train reads %s', async (_, name, bytes) => {
  writeFileSync(here.path(name), bytes());
  const facts = json(await here.steepest(['train', here.path(name), '-t', 'left', '--json']));
  expect(facts.data.rows).toBe(400);
});

function lines(csv: string): string {
  const [header, ...rows] = csv.replaceAll('"premium, annual"', 'premium').trim().split('\n');
  const names = header.split(',');
  return rows
    .map((row) =>
      JSON.stringify(
        Object.fromEntries(
          row
            .split(',')
            .map((cell, j) => [names[j], cell === '' ? null : j % 3 === 0 ? Number(cell) : cell]),
        ),
      ),
    )
    .join('\n');
}

test('--penalty auto and --cv say how the rows were parted', async () => {
  const args = ['train', data, '-t', 'left', '--penalty', 'auto', '--cv', '3', '--json'];
  const facts = json(await here.steepest(args));
  expect(facts.model.penalty).toMatch(/^l2 = [\d.]+, the strongest within one standard error/);
  expect(facts.crossValidation.measures.logLoss.mean).toBeGreaterThan(0.2);
  expect(facts.noErrors).toContain('penalty');
});

test('--report writes one page with the figures that --json has, and the command line', async () => {
  const report = here.path('a report.html');
  const line = ['train', data, '--target', 'left', '--report', report, '--json'];
  const { code, out } = await here.steepest(line);
  expect(code).toBe(0);
  const facts = JSON.parse(out) as Facts & { readonly report: string };
  expect(facts.report).toBe(report);
  const page = readFileSync(report, 'utf8');
  expect(page).toContain('steepest train');
  expect(page).toContain(String(facts.test.measures.accuracy.value));
  expect(page).not.toMatch(/<script|https?:(?!\/\/www\.w3\.org)/);
  expect(page.length).toBeLessThan(500_000);
}, 60_000);

test('a run ends at a step when interrupted, is saved, and goes on from its checkpoint', async () => {
  const run = [
    'train',
    data,
    '-t',
    'left',
    '--optimizer',
    'adam',
    '--batch',
    '32',
    '--json',
    '--test',
    '0',
  ];
  const checkpoint = here.path('run.ckpt');
  const save = here.path('run.json');
  const controller = new AbortController();
  const look = setInterval(() => {
    if (existsSync(checkpoint)) controller.abort(new Error('interrupted')); // it runs
  }, 10);
  const cut = await here.steepest(
    [...run, '--epochs', '100000', '--checkpoint', checkpoint, '--save', save],
    '',
    controller.signal,
  );
  clearInterval(look);
  expect(cut.code).toBe(130);
  expect(json(cut).interrupted).toContain('--resume');
  expect((await loadModel(save)).converged).toBe(false);
  const on = await here.steepest([
    ...run,
    '--epochs',
    '2',
    '--checkpoint',
    here.path('other.ckpt'),
  ]);
  expect(on.code).toBe(0);
  const further = await here.steepest([
    ...run,
    '--epochs',
    '5',
    '--checkpoint',
    here.path('other.ckpt'),
    '--resume',
  ]);
  const atOnce = await here.steepest([...run, '--epochs', '5']);
  expect(json(further).coefficients).toEqual(json(atOnce).coefficients);
});

test.each([
  [['trian'], 2, 'there is no "trian"; did you mean train?'],
  [
    ['train', 'x.csv', '--traget', 'y'],
    2,
    '--traget: there is no "--traget"; did you mean --target?',
  ],
  [['train', 'x.csv'], 2, '--target is needed; for example --target y'],
  [
    ['train', 'x.csv', '-t', 'y', '--test', '2'],
    2,
    '--test must be a number at least 0 and less than 1, got "2"; try 0.2',
  ],
  [
    ['train', 'x.csv', '-t', 'y', '--optimizer', 'adma'],
    2,
    '--optimizer: there is no "adma"; did you mean adam?',
  ],
  [['train', 'x.csv', '-t', 'y', '--rate', '1'], 2, '--rate is about a run; name its optimizer'],
  [['train', 'nowhere.csv', '-t', 'y'], 1, 'nowhere.csv: there is no such file'],
  [['train', 'DATA', '-t', 'lfet'], 1, 'lfet'],
  [
    ['train', 'DATA', '-t', 'left', '--exclude', 'agee'],
    1,
    'there is no "agee"; did you mean age?',
  ],
  [['train', 'FOLDER', '-t', 'y'], 1, 'is a directory; name a file in it'],
  [['train', 'DATA', '-t', 'left', '--save', 'FOLDER'], 1, 'is a directory; name a file'],
  [['predict', 'DATA', 'DATA'], 1, 'customers.csv'],
  [['predict', 'MODEL', 'DATA', '--json'], 2, '--json needs standard output for itself'],
  [['evaluate', 'MODEL'], 2, 'the data file is missing; see --help'],
] as const)('%j ends with one line', async (args, code, said) => {
  const paths: Record<string, string> = { DATA: data, FOLDER: here.folder, MODEL: model };
  const outcome = await here.steepest(args.map((arg) => paths[arg] ?? arg));
  expect(outcome.err).toContain(said);
  expect(outcome.err.trimEnd()).not.toContain('\n');
  expect(outcome.out).toBe('');
  expect(outcome.code).toBe(code);
});

test('damaged and foreign files are one clear line each', async () => {
  const whole = gzipSync(customers(4000));
  writeFileSync(here.path('cut.csv.gz'), whole.subarray(0, whole.length / 2));
  const cut = await here.steepest(['train', here.path('cut.csv.gz'), '-t', 'left']);
  expect(cut.err).toMatch(/^steepest train: .*cut\.csv\.gz.*\n$/);
  const cutStream = await here.steepest(['predict', model, here.path('cut.csv.gz')]);
  expect(cutStream.err).toMatch(/^steepest predict: .*\n$/);
  const saved = readFileSync(model, 'utf8');
  for (const [name, text] of [
    ['half.json', saved.slice(0, saved.length / 2)],
    ['tampered.json', saved.replace('"steepest-model"', '"steeper-model"')],
    ['proto.json', saved.replace('"one-hot"', '"__proto__"')],
    ['foreign.json', '{"weights":[1,2]}'],
  ] as const) {
    writeFileSync(here.path(name), text);
    const { code, err } = await here.steepest(['predict', here.path(name), data]);
    expect(err).toMatch(new RegExp(`^steepest predict: .*${name}.*\\n$`));
    expect(code).toBe(1);
  }
  mkdirSync(here.path('folder.csv'));
  const folder = await here.steepest(['predict', model, data, '-o', here.path('folder.csv')]);
  expect(folder.err).toContain('is a directory');
});

test('options may come from a file, and those given come first', async () => {
  writeFileSync(
    here.path('options.json'),
    '{"target":"left","seed":5,"features":["age","calls"],"json":true}',
  );
  const args = ['train', data, '--config', here.path('options.json'), '--features', 'age'];
  const facts = json(await here.steepest(args));
  expect(facts.columns).toHaveLength(1);
  expect(facts.data.held).toContain('seed 5');
  writeFileSync(here.path('wrong.json'), '{"traget":"left"}');
  const wrong = await here.steepest(['train', data, '--config', here.path('wrong.json')]);
  expect(wrong.code).toBe(2);
  expect(wrong.err).toContain('did you mean --target?');
});

test('explain adds up to what predict says of that line', async () => {
  const facts = json(await here.steepest(['explain', model, '--row', `${data}:17`, '--json']));
  const [{ base, score, prediction, contributions }] = facts.scores;
  const sum = contributions.reduce((total, { contribution }) => total + contribution, base);
  expect(sum).toBeCloseTo(score, 12);
  const { out } = await here.steepest(['predict', model, data, '--proba']);
  expect(Number(out.split('\n')[16].split(',')[2])).toBeCloseTo(prediction, 14);
  const beyond = await here.steepest(['explain', model, '--row', `${data}:402`]);
  expect(beyond.err).toContain('has no row on line 402; its rows are on lines 2 to 401');
  expect((await here.steepest(['explain', model])).out).toContain('standardized');
});

test('path ends in fewer columns, and says which strength is best', async () => {
  const facts = json(
    await here.steepest(['path', data, '-t', 'left', '--penalty', 'l1', '--json']),
  );
  const best = facts.points.reduce((one, other) => (other.mean < one.mean ? other : one));
  expect(facts.lambdaMin).toBe(best.lambda);
  expect(facts.lambda1se).toBeGreaterThanOrEqual(best.lambda);
  expect(facts.points[0].df).toBe(0);
});

test('a lasso sets coefficients to 0', async () => {
  const facts = json(
    await here.steepest(['train', data, '-t', 'left', '--penalty', 'l1=0.05', '--json']),
  );
  expect(facts.coefficients.filter(({ estimate }) => estimate === 0).length).toBeGreaterThan(2);
});

test('check finds the same gradient in every mode', async () => {
  const facts = json(await here.steepest(['check', data, '-t', 'left', '--json']));
  expect(facts.exactDisagreement).toBeLessThan(1e-10);
  expect(facts.numericDisagreement).toBeLessThan(1e-4);
});

test('compare runs each optimizer from the same start', async () => {
  const args = ['compare', data, '-t', 'left', '--optimizers', 'momentum,lbfgs', '--epochs', '40'];
  const facts = json(await here.steepest([...args, '--json']));
  const [momentum, lbfgs] = facts.runs;
  expect(lbfgs.above).toBeLessThan(1e-8);
  expect(momentum.above).toBeGreaterThan(lbfgs.above);
  expect(momentum.losses).toHaveLength(41); // the start, and each step
  const wrong = await here.steepest(['compare', data, '-t', 'left', '--optimizers', 'adm']);
  expect(wrong.err).toContain('did you mean adam?');
  expect(wrong.code).toBe(2);
});

test('export gives the expression that the library gives', async () => {
  const { predictSql } = await import('@steepest/sql');
  const expected = predictSql(await loadModel(model), 'duckdb');
  const { out } = await here.steepest(['export', model, '--to', 'duckdb']);
  expect(out).toBe(`${expected}\n`);
  expect(json(await here.steepest(['export', model, '--to', 'duckdb', '--json'])).code).toBe(
    expected,
  );
});
