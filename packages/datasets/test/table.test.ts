import { describe, expect, test } from 'vitest';
import {
  category,
  cellAt,
  columnValues,
  defineSchema,
  head,
  number,
  numbers,
  parseCsv,
  rowAt,
  select,
  sliceRows,
  takeRows,
  text,
} from '../src/index.ts';

const schema = defineSchema({ x: number(), k: category(['a', 'b']), t: text() });
const table = parseCsv('x,k,t\n1,a,p\n2,b,q\n3,a,r\n', { schema });

describe('a table', () => {
  test('gives rows and cells', () => {
    expect({ ...rowAt(table, 2) }).toEqual({ x: 3, k: 'a', t: 'r' });
    expect(Object.getPrototypeOf(rowAt(table, 0))).toBeNull();
    expect(cellAt(columnValues(table, 'k'), 1)).toBe('b');
    expect(() => rowAt(table, 3)).toThrow(/no row 3; the table has 3/);
  });

  test('gives columns, and says what it has instead', () => {
    expect(numbers(table, 'x')).toEqual(Float64Array.of(1, 2, 3));
    expect(() => numbers(table, 'k')).toThrow(/declared category/);
    expect(() => numbers(table, 'xx')).toThrow(/did you mean/);
    expect(() => columnValues(table, 'quite different')).toThrow(/the columns are "x", "k", "t"/);
  });

  test('takeRows copies rows in any order, sliceRows and head view them', () => {
    const taken = takeRows(table, [2, 0, 0]);
    expect([0, 1, 2].map((i) => rowAt(taken, i).t)).toEqual(['r', 'p', 'p']);
    expect(numbers(taken, 'x')).toEqual(Float64Array.of(3, 1, 1));
    expect(rowAt(sliceRows(table, 1, 9), 0).k).toBe('b');
    expect(head(table, 1).rows).toBe(1);
    expect(numbers(head(table), 'x').buffer).toBe(numbers(table, 'x').buffer);
    expect(() => takeRows(table, [0, 3])).toThrow(/no row 3/);
  });

  test('select keeps the wanted order and refuses unknown names', () => {
    expect(select(table, ['t', 'x']).names).toEqual(['t', 'x']);
    expect(select(table, ['t', 'x']).schema.columns.map(({ name }) => name)).toEqual(['t', 'x']);
    // @ts-expect-error no such column
    expect(() => select(table, ['q'])).toThrow(/no column "q"/);
  });
});
