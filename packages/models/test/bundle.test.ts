import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import {
  chmod,
  lstat,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FlatMatrix } from '@steepest/autodiff';
import {
  asTraining,
  category,
  defineSchema,
  impute,
  number,
  oneHot,
  parseCsv,
  prepare,
  split,
  standardize,
} from '@steepest/datasets';
import { bundled } from '@steepest/datasets/node';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Bundle,
  type Fitted,
  fit,
  fromBundle,
  linearRegression,
  logisticRegression,
  poissonRegression,
  softmaxRegression,
  toBundle,
} from '../src/index.ts';
import { loadModel, saveModel } from '../src/node.ts';
import { version } from '../src/version.ts';

const iris = split(await bundled('iris').read(), {
  train: 0.7,
  test: 0.3,
  seed: 5,
  stratify: 'species',
});
const mixed = asTraining(
  parseCsv(
    'x,colour,t,y\n1,red,1,1\n,blue,2,5\n3,red,1,4\n4,blue,1,8\n5,green,3,9\n6,green,1,2\n7,red,2,9\n',
    {
      schema: defineSchema(
        {
          x: number({ missing: { policy: 'keep' } }),
          colour: category(),
          t: number(),
          y: number(),
        },
        { target: 'y' },
      ),
    },
  ),
);

const softmax = await fit(
  softmaxRegression({ classes: ['setosa', 'versicolor', 'virginica'], l2: 0.01 }),
  iris.train,
  { seed: 7 },
);
const counted = await fit(poissonRegression({ l2: 0.1 }), mixed, {
  exposure: 't',
  preparation: prepare([impute('median'), standardize(), oneHot({ unknown: 'ignore' })], {
    target: 'y',
    features: ['x', 'colour'],
  }),
});
const ready = await fit(linearRegression(), {
  x: new FlatMatrix(3, 1, [1, 2, 3]),
  y: new FlatMatrix(3, 1, [2, 4, 5]),
});
const separable = await fit(
  logisticRegression(),
  asTraining(parseCsv('x,y\n1,0\n2,0\n3,1\n4,1\n')),
  { target: 'y' },
);

const throughJson = (fitted: Fitted) => fromBundle(JSON.parse(JSON.stringify(toBundle(fitted))));

describe('a model through JSON', () => {
  test.each([
    ['softmax', softmax],
    ['counts', counted],
    ['ready features', ready],
    ['separable', separable],
  ])('%s: all that was known is still known', (_, fitted) => {
    const loaded = throughJson(fitted);
    expect(toBundle(loaded)).toEqual(toBundle(fitted));
    expect(loaded.params).toEqual(fitted.params);
    expect(loaded.coefficients).toEqual(fitted.coefficients);
    expect(loaded.warnings).toEqual(fitted.warnings);
    expect(loaded.converged).toBe(fitted.converged);
    expect(loaded.seed).toBe(fitted.seed);
    expect(String(loaded)).toBe(String(fitted));
  });

  test('predicts from raw rows, bit for bit the same', () => {
    const loaded = throughJson(softmax);
    expect(loaded.predict(iris.test).data).toEqual(softmax.predict(iris.test).data);
    expect(loaded.classify(iris.test)).toEqual(softmax.classify(iris.test));
    const rows = [
      { x: null, colour: 'red', t: 2 },
      { x: '2.5', colour: 'mauve', t: '1' },
    ];
    expect(throughJson(counted).predict(rows).data).toEqual(counted.predict(rows).data);
    const x = new FlatMatrix(2, 1, [0.1, 0.7]);
    expect(throughJson(ready).predictFeatures(x).data).toEqual(ready.predictFeatures(x).data);
  });

  test('keeps every bit of every number, −0 and infinite metrics among them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), {
          minLength: 3,
          maxLength: 3,
        }),
        fc.double(),
        ([a, b, c], gap) => {
          const certificate = {
            objective: -0,
            gradientNorm: gap,
            decrement: gap,
            farthest: -0,
            gap,
            condition: gap,
          };
          const bundle = toBundle({
            ...ready,
            names: ['p', 'q'],
            params: { w: new FlatMatrix(2, 1, [a, b]), b: c },
            certificate,
          });
          const loaded = fromBundle(JSON.parse(JSON.stringify(bundle)));
          expect([...loaded.params.w.data, loaded.params.b]).toEqual([a, b, c]);
          expect(loaded.certificate).toEqual(certificate);
        },
      ),
    );
  });
});

describe('what is no whole and honest bundle is refused, by field', () => {
  const good = JSON.stringify(toBundle(softmax));
  type Change = (bundle: Record<string, never> & Bundle) => unknown;
  const edits: [string, RegExp, Change][] = [
    [
      'another format',
      /format: expected "steepest-model", got "pickle"/,
      (b) => Object.assign(b, { format: 'pickle' }),
    ],
    [
      'a later version',
      /version: this program reads version 1, got 2/,
      (b) => Object.assign(b, { version: 2 }),
    ],
    ['an unknown key', /extra/, (b) => Object.assign(b, { extra: 1 })],
    ['an unknown key inside', /hook/, (b) => Object.assign(b.problem, { hook: 'x' })],
    ['an unknown kind', /problem\.kind/, (b) => Object.assign(b.problem, { kind: 'tree' })],
    ['a negative penalty', /problem\.l2/, (b) => Object.assign(b.problem, { l2: -1 })],
    ['a missing field', /training\.seed/, (b) => Object.assign(b.training, { seed: undefined })],
    ['a parameter that is text', /params\.w\.3/, (b) => ((b.params.w as unknown[])[3] = '1.5')],
    ['a parameter that is no number', /params\.b\.0/, (b) => ((b.params.b as unknown[])[0] = null)],
    ['an infinite parameter', /params\.b\.1/, (b) => ((b.params.b as unknown[])[1] = 'Infinity')],
    [
      'a parameter too few',
      /params\.w: expected 12 numbers, got 11/,
      (b) => (b.params.w as unknown[]).pop(),
    ],
    ['other columns', /names: they differ/, (b) => ((b.names as string[])[0] = 'petal')],
    [
      'a class too few',
      /classes: expected 3 different labels, got 2/,
      (b) => (b.classes as unknown[]).pop(),
    ],
    [
      'classes that do not fit the problem',
      /problem\.classes: expected 3 names, got 2/,
      (b) => (b.problem.classes as unknown[]).pop(),
    ],
    [
      'several outputs for one',
      /problem\.outputs: expected 1 for a linear problem/,
      (b) => Object.assign(b.problem, { kind: 'linear' }),
    ],
    [
      'an unknown step',
      /preparation: .*steps\[0\]/,
      (b) => Object.assign(b.preparation?.steps[0] ?? {}, { step: 'eval' }),
    ],
    [
      'an unknown key in the preparation',
      /preparation: it holds something/,
      (b) => Object.assign(b.preparation ?? {}, { code: 'x' }),
    ],
    [
      'a damaged step',
      /preparation: .*standardize/,
      (b) =>
        Object.assign((b.preparation!.steps[0].state as { columns: object[] }).columns[0], {
          scale: 0,
        }),
    ],
    [
      'a table of counts of the wrong size',
      /training\.metrics\.confusion: expected 3/,
      (b) => (b.training.metrics.confusion as unknown[]).pop(),
    ],
  ];

  test.each(edits)('%s', (_, message, change) => {
    const bundle = JSON.parse(good);
    change(bundle);
    expect(() => fromBundle(JSON.parse(JSON.stringify(bundle)))).toThrow(message);
  });

  test.each([[null], ['text'], [[1]], [{}]])('%j', (json) => {
    expect(() => fromBundle(json)).toThrow(TypeError);
  });

  test('no change of one value by another kind of value is accepted in silence', () => {
    const paths: (string | number)[][] = [];
    const walk = (value: unknown, path: (string | number)[]) => {
      if (path.length > 0 && path[0] !== 'preparation') paths.push(path);
      if (typeof value === 'object' && value !== null) {
        for (const key of Object.keys(value))
          walk(value[key as never], [...path, Array.isArray(value) ? Number(key) : key]);
      }
    };
    walk(JSON.parse(good), []);
    fc.assert(
      fc.property(
        fc.constantFrom(...paths),
        fc.constantFrom<unknown>(null, {}, [[]], { a: 1 }),
        (path, wrong) => {
          const bundle = JSON.parse(good);
          const parent = path.slice(0, -1).reduce((at, key) => at[key], bundle);
          parent[path[path.length - 1]] = wrong;
          expect(() => fromBundle(bundle)).toThrow(TypeError);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('model files', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'models-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('are written whole and read back the same, leaving nothing else behind', async () => {
    const path = join(folder, 'iris.json');
    await saveModel(path, ready);
    await saveModel(path, softmax);
    const loaded = await loadModel(path);
    expect(loaded.predict(iris.test).data).toEqual(softmax.predict(iris.test).data);
    expect(await readdir(folder)).toEqual(['iris.json']);
    expect(JSON.parse(await readFile(path, 'utf8')).versions).toEqual({ models: version });
    await expect(saveModel(join(folder, 'no', 'where.json'), ready)).rejects.toThrow(/ENOENT/);
  });

  test('a save that was killed leaves nothing behind after the next one', async () => {
    const path = join(folder, 'killed.json');
    const { pid } = spawnSync(process.execPath, ['-e', '']); // a process that is gone
    await writeFile(`${path}.${pid}-1.tmp`, '{"format": "steepest-mo');
    await writeFile(join(folder, 'killed.json.notes.tmp'), 'mine');
    await saveModel(path, ready);
    expect((await readdir(folder)).filter((name) => name.startsWith('killed'))).toEqual([
      'killed.json',
      'killed.json.notes.tmp',
    ]);
    await rm(join(folder, 'killed.json.notes.tmp'));
  });

  test('a file keeps its mode, a link stays one and its file is written', async () => {
    const path = join(folder, 'shared.json');
    const link = join(folder, 'link.json');
    await saveModel(path, ready);
    await chmod(path, 0o664);
    await symlink(path, link);
    await saveModel(link, softmax);
    expect((await stat(path)).mode & 0o777).toBe(0o664);
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect((await loadModel(path)).problem.kind).toBe('softmax');
    await expect(saveModel(7 as never, ready)).rejects.toThrow(
      /^saveModel: expected the path of a file/,
    );
  });

  test('errors name the file and the field', async () => {
    const path = join(folder, 'broken.json');
    await writeFile(path, '{"format": "steepest-model", "version": 1, ');
    await expect(loadModel(path)).rejects.toThrow(/broken\.json: .*JSON/);
    await writeFile(path, JSON.stringify({ ...toBundle(softmax), target: 3 }));
    await expect(loadModel(path)).rejects.toThrow(
      /broken\.json: fromBundle: target: expected string, got 3/,
    );
    await expect(loadModel(join(folder, 'absent.json'))).rejects.toThrow(/absent\.json/);
  });
});

test("bundles carry the package's version", () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(version).toBe(manifest.version);
});
