import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  asTraining,
  category,
  defineSchema,
  encodeTarget,
  kFold,
  number,
  numbers,
  parseCsv,
  prepare,
  split,
  standardize,
  type Table,
  type Train,
} from '../src/index.ts';

const schema = defineSchema({ id: number(), kind: category(['a', 'b', 'c']) }, { target: 'kind' });

function rows(n: number): Table {
  const lines = Array.from({ length: n }, (_, i) => `${i},${'aaaaaabbbc'[i % 10]}`);
  return parseCsv(`id,kind\n${lines.join('\n')}\n`, { schema });
}

const ids = (table: Table): number[] => [...numbers(table, 'id')];
const share = (table: Table, label: string): number => {
  const { y, classes } = encodeTarget(table, 'kind');
  return y.filter((code) => code === classes.indexOf(label)).length / table.rows;
};

describe('split', () => {
  test('puts every row in exactly one part, whatever the seed and the shares', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 10, max: 200 }),
        fc.integer(),
        fc.boolean(),
        fc.integer({ min: 0, max: 10 }),
        (n, seed, stratified, tenths) => {
          const train = (10 - tenths) / 10;
          const validation = (1 - train) / 2;
          const parts = split(rows(n), {
            train,
            validation,
            test: 1 - train - validation,
            seed,
            ...(stratified ? { stratify: 'kind' } : {}),
          });
          const all = [...ids(parts.train), ...ids(parts.validation), ...ids(parts.test)];
          expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
          expect(Math.abs(parts.train.rows - train * n)).toBeLessThan(stratified ? 2 : 1);
        },
      ),
    );
  });

  test('keeps the proportions of a stratified column', () => {
    const parts = split(rows(1000), {
      train: 0.7,
      validation: 0.15,
      test: 0.15,
      seed: 3,
      stratify: 'kind',
    });
    for (const part of [parts.train, parts.validation, parts.test]) {
      expect(share(part, 'a')).toBeCloseTo(0.6, 2);
      expect(share(part, 'c')).toBeCloseTo(0.1, 2);
    }
  });

  test('is the same for the same seed, and different for another', () => {
    const options = { train: 0.5, test: 0.5 };
    expect(ids(split(rows(50), { ...options, seed: 1 }).train)).toEqual(
      ids(split(rows(50), { ...options, seed: 1 }).train),
    );
    expect(ids(split(rows(50), { ...options, seed: 1 }).train)).not.toEqual(
      ids(split(rows(50), { ...options, seed: 2 }).train),
    );
  });

  test('without a seed keeps the order and copies nothing', () => {
    const table = rows(10);
    const { train, test: held } = split(table, { train: 0.8, test: 0.2 });
    expect(ids(held)).toEqual([8, 9]);
    expect(numbers(train, 'id').buffer).toBe(numbers(table, 'id').buffer);
  });

  test('refuses shares that do not add up', () => {
    expect(() => split(rows(10), { train: 0.8, test: 0.3, seed: 1 })).toThrow(/add up to 1/);
    expect(() => split(rows(10), { train: 0.8, test: 0.2, seed: 0.5 })).toThrow(
      /seed must be an integer/,
    );
  });
});

describe('only training rows can be fitted on', () => {
  const parts = split(rows(20), { train: 0.5, validation: 0.25, test: 0.25, seed: 1 });
  const preparation = prepare([standardize()], { features: ['id'] });

  test('the types say so, and so does the run', () => {
    expectTypeOf(parts.train).toExtend<Train>();
    expect(preparation.fit(parts.train).names).toEqual(['id']);
    expect(preparation.fit(asTraining(rows(5))).names).toEqual(['id']);
    // @ts-expect-error test rows
    expect(() => preparation.fit(parts.test)).toThrow(/training rows only, this table is test/);
    // @ts-expect-error validation rows
    expect(() => preparation.fit(parts.validation)).toThrow(/validation/);
    // @ts-expect-error a table that was not split
    expect(() => preparation.fit(rows(5))).toThrow(/not split/);
  });
});

describe('kFold', () => {
  test('validates on every row once and trains on the others', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 7 }),
        fc.integer({ min: 10, max: 60 }),
        fc.boolean(),
        (k, n, seeded) => {
          const folds = kFold(rows(n), seeded ? { k, seed: 1, stratify: 'kind' } : { k });
          const all = folds.flatMap(({ validation }) => ids(validation));
          expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
          for (const { train, validation } of folds) {
            expect(train.rows + validation.rows).toBe(n);
            expect(new Set([...ids(train), ...ids(validation)]).size).toBe(n);
            expect(Math.abs(validation.rows - n / k)).toBeLessThanOrEqual(2);
          }
        },
      ),
    );
  });

  test('refuses fewer than two folds and more folds than rows', () => {
    expect(() => kFold(rows(5), { k: 1 })).toThrow(/k must be a whole number from 2, got 1/);
    expect(() => kFold(rows(5), { k: 6 })).toThrow(/got 6/);
  });
});

test.each([1.5, '1', null, {}])('%j is no seed', (seed) => {
  const table = parseCsv('a\n1\n2\n');
  expect(() => split(table, { train: 0.5, test: 0.5, seed: seed as never })).toThrow(
    /an integer or a generator/,
  );
});

test('folds that are drawn at random need a seed', () => {
  const table = parseCsv('a\n1\n2\n1\n2\n');
  expect(() => kFold(table, { k: 2, stratify: 'a' })).toThrow(/kFold: stratify needs a seed/);
});

describe('rows that are parted in the order of a sorted file', () => {
  const numbered = (...rows: number[]) =>
    parseCsv(`y\n${rows.join('\n')}\n`, { schema: defineSchema({ y: number() }, { target: 'y' }) });
  const halves = { train: 0.5, test: 0.5 };

  test('lack classes: every part says so', () => {
    const labels = defineSchema({ y: category() }, { target: 'y' });
    const table = parseCsv('y\na\na\nb\nb\nc\nc\n', { schema: labels });
    const { train, test: held } = split(table, halves);
    expect(train.warnings).toEqual(held.warnings);
    expect(train.warnings.map(({ kind, message }) => [kind, message])).toEqual([
      [
        'rows-in-order',
        'split: without a seed the rows keep their order, and the train rows have no "c" in the column "y"; pass seed: 1, stratify: "y"',
      ],
    ]);
    expect(split(table, { ...halves, seed: 1, stratify: 'y' }).train.warnings).toEqual([]);
    expect(kFold(table, { k: 2 })[0].train.warnings[0].message).toMatch(/^kFold: .* no "a"/);
  });

  test('have numbers wholly below or above those of another part', () => {
    const table = numbered(1, 2, 3, 4, 5, 6);
    expect(split(table, halves).test.warnings[0].message).toMatch(
      /no "y" of the train rows is above any of the test rows; pass seed: 1$/,
    );
  });

  test('are not suspected where the order is no order, or nothing names a target', () => {
    const mixed = numbered(1, 6, 3, 4, 2, 5);
    expect(split(mixed, halves).train.warnings).toEqual([]);
    const same = numbered(2, 2, 2, 2);
    expect(split(same, halves).train.warnings).toEqual([]);
    expect(split(parseCsv('y\n1\n2\n3\n4\n'), halves).train.warnings).toEqual([]);
  });
});
