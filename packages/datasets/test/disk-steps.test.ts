import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { expect, test } from 'vitest';
import {
  asTraining,
  boolean,
  category,
  type DiskTable,
  date,
  dates,
  defineSchema,
  type FittedPreparation,
  hashing,
  impute,
  interactions,
  intercept,
  kFold,
  minibatches,
  minMax,
  number,
  oneHot,
  parseCsv,
  polynomial,
  prepare,
  randomFourier,
  type Step,
  splines,
  split,
  standardize,
  type Table,
  takeRows,
  text as textColumn,
} from '../src/index.ts';
import { openCsv } from '../src/node.ts';

const folder = mkdtempSync(join(tmpdir(), 'disk-steps-'));
const keep = { missing: { policy: 'keep' } } as const;
const schema = defineSchema(
  {
    a: number(keep),
    b: number(),
    kind: category(undefined, keep),
    on: boolean(keep),
    when: date(keep),
    note: textColumn({ missing: { policy: 'keep', tokens: ['NA'] } }),
    y: number(),
  },
  { target: 'y' },
);

/** A file in memory and on disk. */
async function both(csv: string, name: string): Promise<{ memory: Table; disk: DiskTable }> {
  const path = join(folder, `${name}.csv`);
  writeFileSync(path, csv);
  return { memory: parseCsv(csv, { schema, file: path }), disk: await openCsv(path, { schema }) };
}

const cell = {
  a: fc.oneof(fc.constant('NA'), fc.double({ noNaN: true, min: -1e6, max: 1e6 }).map(String)),
  b: fc.integer({ min: -9, max: 9 }).map(String),
  kind: fc.constantFrom('red', 'green', 'blue', 'NA'),
  on: fc.constantFrom('true', 'false', 'NA'),
  when: fc.constantFrom('2024-02-29', '1969-12-31', '2001-01-01T12:30:00Z', 'NA'),
  note: fc.constantFrom('NA', 'ä€𝄞', '""', '"a,b"', 'plain', '"two\nlines"'),
  y: fc.integer({ min: 0, max: 50 }).map(String),
};
const names = Object.keys(cell) as (keyof typeof cell)[];
const files = fc
  .array(fc.tuple(...names.map((name) => cell[name])), { minLength: 4, maxLength: 40 })
  .map((rows) => `${names.join(',')}\n${rows.map((row) => row.join(',')).join('\n')}\n`);
const fillings = fc.constantFrom<Parameters<typeof impute>[0]>('mean', 'median', 'most-frequent', {
  constant: 3,
});
const scalings = fc.constantFrom<() => Step[]>(
  () => [standardize()],
  () => [standardize({ centre: false })],
  () => [minMax({ to: [-1, 1] })],
  () => [polynomial({ columns: ['a', 'b'] }), standardize()],
  () => [intercept()],
  () => [splines({ columns: ['a', 'b'], df: 3 })],
  () => [interactions({ terms: ['a:b', 'b:kind'] }), randomFourier({ columns: ['a'], count: 3 })],
  () => [hashing({ columns: ['kind'], size: 4 })],
  () => [],
);

/** What both give, or both refuse with. */
async function outcome<T>(run: () => T | Promise<T>): Promise<T | string> {
  try {
    return await run();
  } catch (error) {
    return String(error);
  }
}

const learned = ({ warnings, ...rest }: FittedPreparation) => ({
  saved: JSON.parse(JSON.stringify(rest)),
  warnings,
});

test('steps learn on disk what they learn in memory, bit by bit, and refuse the same', async () => {
  await fc.assert(
    fc.asyncProperty(
      files,
      fillings,
      scalings,
      fc.boolean(),
      async (csv, filling, scaling, dropFirst) => {
        const { memory, disk } = await both(csv, 'steps');
        const steps = [dates(), impute(filling), ...scaling(), oneHot({ dropFirst })];
        const features = ['b', 'a', 'kind', 'when', 'on'];
        const preparation = prepare(steps, { features });
        const inMemory = await outcome(() => learned(preparation.fit(asTraining(memory))));
        const onDisk = await outcome(async () => learned(await preparation.fit(asTraining(disk))));
        disk.close();
        expect(onDisk).toEqual(inMemory);
      },
    ),
    { numRuns: 25 },
  );
}, 30_000);

test('every cell of every type comes back, in slices, by number, and as the file is gone through', async () => {
  await fc.assert(
    fc.asyncProperty(files, fc.infiniteStream(fc.nat()), async (csv, stream) => {
      const { memory, disk } = await both(csv, 'cells');
      const { rows } = memory;
      expect(disk.slice(0, rows).columns).toEqual(memory.columns);
      expect(disk.slice(1, rows - 1).columns).toEqual(
        takeRows(
          memory,
          Array.from({ length: rows - 2 }, (_, i) => i + 1),
        ).columns,
      );
      const some = Array.from({ length: 7 }, () => Number(stream.next().value) % rows);
      expect(disk.gather(some).columns).toEqual(takeRows(memory, some).columns);
      // A part in an order of its own, a row of it perhaps twice.
      const part = disk.part(Int32Array.from(some));
      expect(part.slice(0, 7).columns).toEqual(takeRows(memory, some).columns);
      const seen: number[] = [];
      for await (const scanned of part.scan(3)) {
        const at = 'at' in scanned ? Array.from(scanned.at) : [];
        expect(scanned.table.columns).toEqual(
          takeRows(
            memory,
            at.map((i) => some[i]),
          ).columns,
        );
        seen.push(...at);
      }
      expect(seen.sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
      disk.close();
    }),
    { numRuns: 25 },
  );
}, 30_000);

const large = (): string => {
  const line = (i: number) =>
    `${Math.sin(i) * 1e3},${i % 7},${'rgb'[i % 3]},${i % 2 === 0},2024-01-${String(1 + (i % 28)).padStart(2, '0')},n${i},${i % 11}`;
  return `${names.join(',')}\n${Array.from({ length: 40_000 }, (_, i) => line(i)).join('\n')}\n`;
};

test('parts, folds, moments and minibatches of many blocks are those of memory', async () => {
  const { memory, disk } = await both(large(), 'large');
  const options = { train: 0.7, validation: 0.2, test: 0.1, seed: 3, stratify: 'kind' } as const;
  const parts = { memory: split(memory, options), disk: split(disk, options) };
  for (const role of ['train', 'validation', 'test'] as const) {
    const { rows, columns } = parts.memory[role];
    expect([parts.disk[role].rows, parts.disk[role].role]).toEqual([rows, role]);
    expect(parts.disk[role].slice(0, rows).columns).toEqual(columns);
  }
  const folds = { memory: kFold(memory, { k: 3, seed: 1 }), disk: kFold(disk, { k: 3, seed: 1 }) };
  folds.memory.forEach(({ validation }, k) => {
    const found = folds.disk[k].validation;
    expect(found.slice(0, found.rows).columns).toEqual(validation.columns);
  });
  for (const way of [
    { k: 2, group: 'b' },
    { k: 2, time: 'when' },
  ]) {
    const [inMemory] = kFold(memory, way);
    const [onDisk] = kFold(disk, way);
    const { train, validation } = onDisk;
    expect(train.slice(0, train.rows).columns).toEqual(inMemory.train.columns);
    expect(validation.slice(0, validation.rows).columns).toEqual(inMemory.validation.columns);
  }
  // Rows in the order of the file: every bit; in another order, sums round differently.
  const steps = prepare([standardize(), oneHot()], { features: ['a', 'b', 'kind'] });
  const fitted = steps.fit(asTraining(memory));
  expect(learned(await steps.fit(asTraining(disk)))).toEqual(learned(fitted));
  const [one, other] = [steps.fit(parts.memory.train), await steps.fit(parts.disk.train)];
  const raw = (of: FittedPreparation) => of.toRawScale([1, 1, 1, 1, 1]).coefficients;
  raw(one).forEach((value, k) => {
    expect(Math.abs(raw(other)[k] / value - 1)).toBeLessThan(1e-13);
  });
  for (const shuffle of [true, 'blocks', false] as const) {
    const { train } = parts.memory;
    const wanted = minibatches(fitted.apply(train), { size: 5000, shuffle });
    const found = minibatches(parts.disk.train, { size: 5000, shuffle, preparation: fitted });
    const epoch = [...wanted.epoch(xoroshiro128plus(9))];
    for (const [k, { x, y, indices }] of [...found.epoch(xoroshiro128plus(9))].entries()) {
      expect(indices).toEqual(epoch[k].indices);
      const flat = { x: epoch[k].x, y: epoch[k].y };
      const same = (i: number) =>
        y.get(i, 0) === flat.y.get(i, 0) &&
        [0, 1, 2, 3, 4].every((j) => x.get(i, j) === flat.x.get(i, j));
      expect(Array.from(indices.keys()).every(same)).toBe(true);
    }
  }
  disk.close();
}, 30_000);

test('blocks are shuffled only by that name, and every row comes once', () => {
  const rows = 200_000;
  const source = minibatches(
    { x: { shape: [rows, 0], stride: [0, 1], offset: 0, data: new Float64Array(0) } as never },
    { size: 1000, shuffle: 'blocks' },
  );
  const order = source.order(xoroshiro128plus(1));
  expect(order.slice().sort()).toEqual(Int32Array.from({ length: rows }, (_, i) => i));
  const block = (k: number) =>
    new Set(order.subarray(65_536 * k, 65_536 * (k + 1)).map((i) => i >> 16));
  expect(order.subarray(0, 3000).some((row, k) => row !== order[0] + k)).toBe(true);
  expect([block(0).size, block(1).size].every((count) => count <= 2)).toBe(true);
});

test('a step that cannot ask is refused on disk, with what to do', async () => {
  const { memory, disk } = await both(large().split('\n').slice(0, 50).join('\n'), 'own');
  const own: Step = { step: 'own', fit: (_, note) => standardize().fit(_, note) };
  const preparation = prepare([own], { features: ['a', 'b'] });
  expect(preparation.fit(asTraining(memory)).names).toEqual(['a', 'b']);
  await expect(preparation.fit(asTraining(disk))).rejects.toThrow(/give it learn\(facts, note\)/);
  await expect(prepare([]).fit(disk as never)).rejects.toThrow(/not split/);
  expect(() => minibatches(disk, { size: 3 } as never)).toThrow(/fitted preparation/);
  disk.close();
});
