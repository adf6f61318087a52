import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  asTraining,
  boolean,
  category,
  defineSchema,
  ignored,
  minibatches,
  number,
  numbers,
  oneHot,
  prepare,
  readCsv,
  split,
  standardize,
  takeRows,
} from '../src/index.ts';
import { openCsv } from '../src/node.ts';

const rows = 3000;
const line = (i: number) => `${i},${i / 7},${'bca'[(i * i) % 3]},${i % 5 === 0},n${i}`;
const source = (more = '') =>
  `id,x,k,b,note\n${Array.from({ length: rows }, (_, i) => line(i)).join('\n')}\nNA,1,a,true,z\n${more}`;
const schema = defineSchema(
  {
    id: number({ missing: { policy: 'drop' } }),
    x: number(),
    k: category(),
    b: boolean(),
    note: ignored(),
  },
  { target: 'k' },
);
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'on-disk-'));
  path = join(folder, 'data.csv');
  writeFileSync(path, source());
});
const opened = () => openCsv(path, { schema });

describe('a table on disk', () => {
  test('holds what the table in memory holds, in slices, by number and in blocks', async () => {
    const memory = await readCsv([source()], { schema });
    const disk = await opened();
    expect([disk.rows, disk.names, disk.droppedRows]).toEqual([rows, memory.names, 1]);
    expect(disk.slice(0, rows).columns).toEqual(memory.columns);
    const some = [2999, 0, 17, 17, 1500, 16];
    expect(disk.gather(some).columns).toEqual(takeRows(memory, some).columns);
    let from = 0;
    for await (const block of disk.blocks(700, ['x', 'k'])) {
      const order = Array.from({ length: block.rows }, (_, i) => from + i);
      expect(block.columns.get('x')).toEqual(takeRows(memory, order).columns.get('x'));
      from += block.rows;
    }
    expect(from).toBe(rows);
    expect(disk.levels.get('k')).toEqual(['a', 'b', 'c']);
    expect(() => disk.slice(5, rows + 1)).toThrow(RangeError);
    expect(() => disk.gather([rows])).toThrow(/there is no row 3000/);
    expect(() => disk.slice(0, 1, ['y'])).toThrow(/no column "y"/);
    disk.close();
  });

  test('is split as in memory: the same rows in the same order', async () => {
    const memory = await readCsv([source()], { schema });
    const disk = await opened();
    const options = { train: 0.6, validation: 0.1, test: 0.3, seed: 3, stratify: 'k' };
    const [here, there] = [split(memory, options), split(disk, options)];
    for (const role of ['train', 'validation', 'test'] as const) {
      const part = there[role];
      expect([part.role, part.rows]).toEqual([role, here[role].rows]);
      expect(part.slice(0, part.rows).columns).toEqual(here[role].columns);
      expect(part.slice(0, 1).role).toBe(role);
    }
    const sorted = split(disk, { train: 0.5, test: 0.5 });
    expect(sorted.train.rows + sorted.test.rows).toBe(rows);
    disk.close();
  });

  test('gives the minibatches of memory, to the last bit', async () => {
    const memory = asTraining(await readCsv([source()], { schema }));
    const fitted = prepare([standardize(), oneHot()]).fit(memory);
    const disk = await opened();
    for (const options of [
      { size: 64 },
      { size: 1000, last: 'drop' },
      { size: 7, shuffle: false },
    ] as const) {
      const batches = minibatches(disk, { ...options, preparation: fitted });
      const wanted = [...minibatches(fitted.apply(memory), options).epoch(xoroshiro128plus(5))];
      const found = [...batches.epoch(xoroshiro128plus(5))];
      expect([batches.batchesPerEpoch, batches.columns]).toEqual([wanted.length, 3]);
      for (const [i, { x, y, indices }] of wanted.slice(0, 20).entries()) {
        expect(found[i].indices).toEqual(indices);
        for (let r = 0; r < indices.length; r++) {
          expect(found[i].y.get(r, 0)).toBe(y.get(r, 0));
          for (let j = 0; j < 3; j++) expect(found[i].x.get(r, j)).toBe(x.get(r, j));
        }
      }
    }
    disk.close();
  });

  test('keeps columns that NumPy reads', async () => {
    (await opened()).close();
    const bytes = readFileSync(`${path}.columns/1.npy`);
    expect(bytes.subarray(1, 6).toString()).toBe('NUMPY');
    expect(bytes.subarray(10, 128).toString()).toContain("'descr': '<f8'");
    expect(
      new Float64Array(
        bytes.buffer.slice(bytes.byteOffset + 128, bytes.byteOffset + bytes.length),
      ).at(-1),
    ).toBe((rows - 1) / 7);
  });
});

describe('what is kept is made again', () => {
  const made = (): number => statSync(`${path}.columns/table.json`).ino;
  const again = async (): Promise<number> => {
    const disk = await opened();
    const count = disk.slice(0, disk.rows).rows;
    disk.close();
    return count;
  };

  test('not while nothing has changed, nor when only the time has', async () => {
    await again();
    const before = made();
    await again();
    utimesSync(path, new Date(), new Date(1e12));
    expect(await again()).toBe(rows);
    expect(made()).toBe(before);
  });

  test.each<[string, () => void]>([
    ['the file has grown', () => writeFileSync(path, source('5,1,a,true,z\n'))],
    [
      'its content has changed',
      () => {
        writeFileSync(path, source().replace('17,', '18,'));
        utimesSync(path, new Date(), new Date(1e12));
      },
    ],
    [
      'a cell in the middle was written over',
      () => {
        const bytes = readFileSync(`${path}.columns/1.npy`);
        bytes.writeDoubleLE(-1, 128 + 8 * 1000);
        writeFileSync(`${path}.columns/1.npy`, bytes);
        utimesSync(`${path}.columns/1.npy`, new Date(), new Date(1e12));
      },
    ],
    ['a column was cut off', () => truncateSync(`${path}.columns/0.npy`, 500)],
    [
      'a header is damaged',
      () => writeFileSync(`${path}.columns/0.npy`, new Uint8Array(128 + 8 * rows)),
    ],
    ['its description is damaged', () => writeFileSync(`${path}.columns/table.json`, '{"format"')],
  ])('%s', async (_, change) => {
    await again();
    const before = made();
    change();
    const count = await again();
    expect(count).toBe(_ === 'the file has grown' ? rows + 1 : rows);
    expect(made()).not.toBe(before);
    expect(readdirSync(folder).sort()).toEqual(['data.csv', 'data.csv.columns']);
  });

  test('for another schema; and a directory of someone else is left alone', async () => {
    await again();
    const other = defineSchema(
      { id: number({ missing: { policy: 'keep' } }) },
      { others: 'ignore' },
    );
    const disk = await openCsv(path, { schema: other });
    expect(disk.rows).toBe(rows + 1);
    disk.close();
    const elsewhere = join(folder, 'cache');
    mkdirSync(join(elsewhere, 'data.csv.columns'), { recursive: true });
    writeFileSync(join(elsewhere, 'data.csv.columns', 'mine.txt'), 'mine');
    await expect(openCsv(path, { schema, cache: elsewhere })).rejects.toThrow(/holds no columns/);
    expect(existsSync(join(elsewhere, 'data.csv.columns', 'mine.txt'))).toBe(true);
  });

  test('a refused file leaves nothing behind, and says where it is wrong', async () => {
    writeFileSync(path, source('5,oops,a,true,z\n'));
    await expect(opened()).rejects.toMatchObject({
      reason: 'not-a-number',
      line: rows + 3,
      file: path,
    });
    expect(readdirSync(folder)).toEqual(['data.csv']);
    const filled = defineSchema(
      { x: number({ missing: { policy: 'mean' } }) },
      { others: 'ignore' },
    );
    await expect(openCsv(path, { schema: filled })).rejects.toThrow(/use impute\('mean'\)/);
    await expect(openCsv(join(folder, 'none.csv'), { schema })).rejects.toThrow(/no such file/);
  });
});

test('a process killed in the middle leaves nothing that the next one takes, or keeps', async () => {
  const block = Array.from({ length: 50_000 }, (_, i) => `${i},${i / 7},a,true,n${i}`).join('\n');
  writeFileSync(path, `id,x,k,b,note\n${Array.from({ length: 8 }, () => block).join('\n')}\n`);
  const entry = new URL('../src/node.ts', import.meta.url).href;
  const code = `
    import { boolean, category, defineSchema, ignored, number, openCsv } from ${JSON.stringify(entry)};
    const schema = defineSchema(
      { id: number({ missing: { policy: 'drop' } }), x: number(), k: category(), b: boolean(), note: ignored() },
      { target: 'k' },
    );
    const onProgress = ({ rows }) => rows > 100_000 && process.kill(process.pid, 'SIGKILL');
    await openCsv(${JSON.stringify(path)}, { schema, onProgress });`;
  const killed = spawnSync(process.execPath, [
    ...process.execArgv,
    '--input-type=module',
    '-e',
    code,
  ]);
  expect([killed.signal, String(killed.stderr)]).toEqual(['SIGKILL', '']);
  expect(readdirSync(folder)).toHaveLength(2);
  const disk = await opened();
  expect([disk.rows, disk.slice(399_999, 400_000).columns.get('id')]).toEqual([
    400_000,
    { type: 'number', values: Float64Array.of(49_999) },
  ]);
  disk.close();
  expect(readdirSync(folder).sort()).toEqual(['data.csv', 'data.csv.columns']);
}, 30_000);

test('a file is opened in a few megabytes, whatever its size', async () => {
  const big = join(folder, 'big.csv');
  const block = Array.from({ length: 10_000 }, (_, i) => `${i}.123456789,${i / 3},${i}`).join('\n');
  writeFileSync(big, 'a,b,c\n');
  for (let k = 0; k < 100; k++) writeFileSync(big, `${block}\n`, { flag: 'a' });
  const before = process.memoryUsage();
  let peak = 0;
  const disk = await openCsv(big, {
    schema: defineSchema({ a: number(), b: number(), c: number() }),
    onProgress() {
      const { external, heapUsed } = process.memoryUsage();
      peak = Math.max(peak, external + heapUsed - before.external - before.heapUsed);
    },
  });
  let total = 0;
  for await (const table of disk.blocks())
    total += numbers(table, 'c').at(-1)! >= 0 ? table.rows : 0;
  expect(total).toBe(1_000_000);
  expect(statSync(big).size).toBeGreaterThan(30e6);
  expect(peak / 2 ** 20).toBeLessThan(16); // in memory the table alone takes 23, beside garbage
  disk.close();
}, 30_000);
