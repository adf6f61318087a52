import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as datasets from '../../packages/datasets/src/node.ts';
import type { Door } from './door.ts';
import { s } from './door.ts';

/** A generator of 32-bit numbers, as pure-rand makes them. */
const generator = () => {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state;
  };
  return { next, clone: generator, getState: () => [state] } as never;
};

const { boolean, category, defineSchema, number, parseCsv, prepare, text } = datasets;
const all = datasets as unknown as Readonly<Record<string, (...args: never[]) => unknown>>;
const door = (
  name: string,
  args: () => unknown[],
  run: Door['run'] = all[name.split(' ')[0]],
  open?: Door['open'],
): Door => ({
  name,
  args,
  run,
  ...(open === undefined ? {} : { open }),
});

const csv =
  'a,b,kind,on,note,y\n1,2,x,true,hi,0\n3,5,y,false,ho,1\n4,4,x,true,hu,0\n7,9,y,true,ha,1\n6,1,x,false,he,1\n';
const schema = defineSchema(
  {
    a: number(),
    b: number(),
    kind: category(['x', 'y']),
    on: boolean(),
    note: text(),
    y: category(['0', '1']),
  },
  { target: 'y' },
);
const table = parseCsv(csv, { schema });
const train = datasets.asTraining(table);
const fitted = prepare([datasets.standardize(), datasets.oneHot()]).fit(train);
const features = fitted.apply(table);
const folder = mkdtempSync(join(tmpdir(), 'doors-'));
const file = join(folder, 'data.csv');
writeFileSync(file, csv);
const parquetFile = new URL('../../packages/datasets/test/two-rows.parquet', import.meta.url);
/** What a database is to the reader: statements whose rows come one after the other. */
const database = () => ({ prepare: () => ({ iterate: () => [{ a: 1 }, { a: 2.5 }] }) });
const parquet = new Uint8Array(readFileSync(parquetFile));
const jsonLines =
  '{"a":1,"b":2,"kind":"x","on":true,"note":"hi","y":"0"}\n{"a":3,"b":5,"kind":"y","on":false,"note":"ho","y":"1"}\n';
const jsonFile = join(folder, 'data.jsonl');
writeFileSync(jsonFile, jsonLines);
const numeric = defineSchema(
  { a: number(), y: category(['0', '1']) },
  { target: 'y', others: 'ignore' },
);
const disk = await datasets.openCsv(file, { schema: numeric });
const onDisk = prepare([datasets.standardize()]).fit(datasets.asTraining(disk.slice(0, disk.rows)));

/** A step in a preparation, fitted and applied. */
const step = (name: string, args: () => unknown[], features = ['a', 'b', 'kind']): Door =>
  door(name, args, (...given: never[]) => {
    const made = all[name](...given) as datasets.Step;
    const last = name === 'oneHot' ? [] : [datasets.oneHot()];
    return prepare([made, ...last], { features })
      .fit(train)
      .apply(table);
  });
const column = (name: string, args: () => unknown[], cells: string): Door =>
  door(name, args, (...given: never[]) => {
    const made = all[name](...given) as datasets.Column;
    return parseCsv(`c,z\n${cells},1\n`, { schema: defineSchema({ c: made, z: number() }) });
  });
const keep = () => s({ tokens: ['', 'NA'], policy: 'keep' });
const records = () => ({ delimiter: ',', file: 'data.csv', maxFieldSize: 1000 });

export const datasetsDoors: Door[] = [
  column('number', () => [s({ missing: keep() })], '1'),
  column('boolean', () => [s({ true: ['yes'], false: ['no'], missing: keep() })], 'yes'),
  column('category', () => [['p', 'q'], s({ missing: keep() })], 'p'),
  column('date', () => [s({ format: 'DD.MM.YYYY', missing: keep() })], '29.02.2024'),
  column('text', () => [s({ missing: keep() })], 'words'),
  column('ignored', () => [], 'words'),
  door('defineSchema', () => [
    { a: number(), kind: category(['x', 'y']) },
    s({ target: 'kind', others: 'ignore' }),
  ]),
  door('defineSchema of pairs', () => [
    [
      ['a', number()],
      ['kind', category()],
    ],
  ]),
  door('schemaFromJSON', () => [JSON.parse(JSON.stringify(schema))]),
  door('formatSchema', () => [JSON.parse(JSON.stringify(schema))]),
  door('columnOf', () => [schema, 'a']),
  door('parseCsv', () => [csv, s({ schema, missing: 'error', decimal: '.', ...records() })]),
  door('parseCsv without a schema', () => [csv, s({ columns: ['a', 'b'] })]),
  door('readCsv', () => [file, s({ schema, missing: 'error', decimal: '.', ...records() })]),
  door('readCsv of chunks', () => [[csv.slice(0, 20), csv.slice(20)], s({ schema })]),
  door('readCsv of gzip', () => [gzipSync(csv), s({ schema })]),
  door('readCsv of bytes', () => [Buffer.from(csv), s({ schema, encoding: 'windows-1252' })]),
  door('readCsvFile', () => [file, s({ schema })]),
  door('readJsonLines', () => [jsonLines, s({ schema, missing: 'error', file: 'data.jsonl' })]),
  door('readJsonLines of a path', () => [jsonFile, s({ schema, limit: 2 })]),
  door('readJsonLines inferred', () => [jsonLines, s({ schema: 'infer', target: 'y' })]),
  door('parseJsonLines', () => [jsonLines, s({ schema, columns: ['a', 'y'], limit: 2 })]),
  door('readParquet', () => [parquet, s({ columns: ['a'], missing: 'error', limit: 1 })]),
  door('readParquet inferred', () => [parquet, s({ schema: 'infer', target: 'a' })]),
  door('readSqlite', () => [database(), s({ table: 'points', columns: ['a'], limit: 1 })]),
  door('readSqlite of a query', () => [database(), s({ query: 'SELECT a', schema: 'infer' })]),
  door('readTable', () => [file, s({ schema, format: 'csv', delimiter: ',', limit: 2 })]),
  door('readTable of JSON lines', () => [jsonFile, s({ schema, limit: 2 })]),
  door('openCsv', () => [
    file,
    s({ schema: numeric, cache: folder, missing: 'error', ...records() }),
  ]),
  door(
    'isOnDisk',
    () => [disk],
    undefined,
    () => true,
  ),
  door('split on disk', () => [disk, s({ train: 0.6, test: 0.4, seed: 1, stratify: 'y' })]),
  door('kFold on disk', () => [disk, s({ k: 2, seed: 1 })]),
  door('asTraining on disk', () => [disk]),
  door(
    'minibatches on disk',
    () => [disk, s({ size: 2, shuffle: 'blocks', last: 'keep', preparation: onDisk })],
    (...given: never[]) => {
      const source = all.minibatches(...given) as datasets.BatchSource<unknown>;
      return [...source.epoch(generator())];
    },
  ),
  door('inferSchema', () => [file, s({ target: 'y', ...records() })]),
  door('inferSchemaOf', () => [csv, s({ target: 'y', ...records() })]),
  door('writeCsv', () => [table, s({ delimiter: ';' })]),
  door(
    'bundled',
    () => ['stackloss'],
    (name: never) => datasets.bundled(name).read(),
  ),
  door('cellAt', () => [table.columns.get('a'), 0]),
  door('columnValues', () => [table, 'a']),
  door('numbers', () => [table, 'a']),
  door('rowAt', () => [table, 0]),
  door('describe', () => [table]),
  door('head', () => [table, 2]),
  door('select', () => [table, ['a', 'b']]),
  door('sliceRows', () => [table, 1, 3]),
  door('takeRows', () => [table, [0, 2]]),
  door('asTraining', () => [table]),
  door('split', () => [table, s({ train: 0.6, test: 0.4, seed: 1, stratify: 'y' })]),
  door(
    'kFold',
    () => [table, s({ k: 2, seed: 1, stratify: 'y' })],
    (...given: never[]) => [...(all.kFold(...given) as Iterable<unknown>)],
  ),
  door('kFold by groups', () => [table, s({ k: 2, seed: 1, group: 'kind' })]),
  door('kFold in time', () => [table, s({ k: 2, time: 'a' })]),
  door('foldRows', () => [table, s({ k: 2, seed: 1, stratify: 'y' })]),
  door('binaryTarget', () => [table, 'y', s({ positive: '1' })]),
  door('encodeTarget', () => [table, 'kind', s({ limit: 5 })]),
  door('chooseFeatures', () => [['a', 'b', 'y'], s({ target: 'y', features: ['a'] })]),
  door('constantColumns', () => [features]),
  door('refuseConstantColumns', () => [features]),
  door('refuseTooFewRows', () => [5, 2]),
  door('featuresOf', () => [
    s({
      data: Float64Array.of(1, 2, 3, 4),
      names: ['a', 'b'],
      rows: 2,
      y: Float64Array.of(0, 1),
      classes: ['n', 'p'],
    }),
  ]),
  door('permutation', () => [4, generator()]),
  door(
    'minibatches',
    () => [features, s({ size: 2, shuffle: true, last: 'keep' })],
    (...given: never[]) => {
      const source = all.minibatches(...given) as datasets.BatchSource<unknown>;
      return [...source.epoch(generator())];
    },
  ),
  door(
    'minibatches().epoch',
    () => [generator()],
    (random: never) => [...datasets.minibatches(features, { size: 2 }).epoch(random)],
  ),
  step('standardize', () => [s({ columns: ['a'] })]),
  step('minMax', () => [s({ columns: ['a'] })]),
  door(
    'dates',
    () => [s({ columns: ['t'], parts: ['elapsed', 'month'], origin: '2024-01-01' })],
    (...given: never[]) => {
      const days = datasets.parseCsv('t,z\n2024-02-29,1\n', {
        schema: defineSchema({ t: datasets.date(), z: number() }),
      });
      const made = all.dates(...given) as datasets.Step;
      return prepare([made]).fit(datasets.asTraining(days)).apply(days);
    },
  ),
  step('oneHot', () => [s({ columns: ['kind'], dropFirst: true, unknown: 'error' })]),
  step('interactions', () => [s({ terms: ['a:b'], dropFirst: true })]),
  step('splines', () => [s({ kind: 'b', df: 3, degree: 2, columns: ['a'] })]),
  step('randomFourier', () => [s({ count: 2, gamma: 0.5, seed: 1, columns: ['a', 'b'] })]),
  step('hashing', () => [s({ size: 2, signed: true, columns: [] })]),
  step('polynomial', () => [s({ degree: 2, columns: ['a', 'b'], interactions: true })]),
  step('impute', () => ['mean']),
  step('intercept', () => []),
  door(
    'prepare',
    () => [
      [datasets.standardize(), datasets.oneHot()],
      s({ features: ['a', 'kind'], target: 'y' }),
    ],
    (...given: never[]) => (all.prepare(...given) as datasets.Preparation).fit(train).apply(table),
  ),
  door(
    'prepare().fit',
    () => [train],
    (given: never) => prepare([datasets.standardize(), datasets.oneHot()]).fit(given),
  ),
  door(
    'fitted.apply',
    () => [table],
    (given: never) => fitted.apply(given),
  ),
  door(
    'fitted.applySparse',
    () => [table],
    (given: never) => fitted.applySparse(given),
  ),
  door(
    'fitted.share',
    () => [table],
    (given: never) => fitted.share(given),
  ),
  door(
    'fitted.applyRow',
    () => [{ a: 1, b: 2, kind: 'x', on: true }],
    (given: never) => fitted.applyRow(given),
  ),
  door(
    'fitted.toRawScale',
    () => [fitted.names.map(() => 1), 2],
    (...given: never[]) => {
      const affine = prepare([datasets.standardize()], { features: ['a', 'b'] }).fit(train);
      return (affine.toRawScale as (...x: never[]) => unknown)(
        ...((given[0] as unknown[])?.length === fitted.names.length
          ? ([[1, 2], given[1]] as never[])
          : given),
      );
    },
  ),
  door(
    'preparationFromJSON',
    () => [JSON.parse(JSON.stringify(fitted))],
    (json: never) => datasets.preparationFromJSON(json).apply(table),
  ),
];

export const datasetsOthers = ['CsvError', 'bundledSchemas', 'missingTokens'];
