import { expect, test } from 'vitest';
import {
  asTraining,
  category,
  defineSchema,
  impute,
  minMax,
  number,
  oneHot,
  prepare,
  readCsv,
  rowAt,
  standardize,
} from '../src/index.ts';

const lines = Array.from({ length: 30 }, (_, i) => `${Math.sin(i)},${i * 1e6},${i % 7},${i % 3}`);
const text = `a,b,c,d\n${lines.join('\n')}\n`;
const numbers = defineSchema({ a: number(), b: number(), c: number(), d: number() });

test('a row of numbers has the bits of its table', async () => {
  const table = asTraining(await readCsv(text, { schema: numbers }));
  for (const steps of [
    [],
    [standardize()],
    [impute('median'), standardize({ columns: ['b', 'c'] }), minMax(), oneHot()],
  ]) {
    const fitted = prepare(steps).fit(table);
    const { data, columns } = fitted.apply(table);
    for (const i of [0, 7, 29]) {
      const row = rowAt(table, i);
      const expected = Array.from(data.subarray(i * columns, (i + 1) * columns));
      for (const given of [row, new Map(Object.entries(row)), { ...row, b: String(row.b) }]) {
        const features = fitted.applyRow(given);
        expect(Array.from(features.data)).toEqual(expected);
        expect(features.names).toEqual(fitted.names);
        expect(features.rows).toBe(1);
      }
    }
  }
});

test('what is no row of numbers is refused, or read, as ever', async () => {
  const table = asTraining(await readCsv(text, { schema: numbers }));
  const fitted = prepare([standardize()]).fit(table);
  const row = rowAt(table, 3);
  expect(() => fitted.applyRow({ ...row, a: Number.NaN })).toThrow(/column "a"/);
  expect(() => fitted.applyRow({ ...row, a: null })).toThrow(/"a"/);
  expect(() => fitted.applyRow(Object.create(row))).toThrow(/the row has no such column/);
  expect(() => fitted.applyRow([1, 2, 3, 4] as never)).toThrow(/expected a row/);
  const named = defineSchema({
    a: number({ missing: { tokens: ['-999'] } }),
    b: number(),
    c: number(),
    d: category(),
  });
  const mixed = asTraining(await readCsv(text, { schema: named }));
  const other = prepare([standardize(), oneHot()]).fit(mixed);
  expect(other.applyRow({ ...row, d: '2' }).data).toHaveLength(6);
  const onlyA = prepare([standardize()], { features: ['a'] }).fit(mixed);
  expect(() => onlyA.applyRow({ a: -999 })).toThrow(/"a"/);
});
