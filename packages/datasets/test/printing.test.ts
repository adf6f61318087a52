import { inspect } from 'node:util';
import { expect, describe as group, test } from 'vitest';
import {
  asTraining,
  boolean,
  category,
  defineSchema,
  describe,
  head,
  inferSchemaOf,
  number,
  parseCsv,
  select,
  text,
} from '../src/index.ts';

const keep = { missing: { policy: 'keep' } } as const;
const schema = defineSchema(
  {
    x: number(keep),
    kind: category(),
    on: boolean(keep),
    note: text({ missing: { tokens: [''], policy: 'keep' } }),
  },
  { target: 'kind' },
);
const rows = [
  '1,b,true,hi',
  '2,a,false,<b>',
  ',a,,hi',
  '4,a,true,',
  '5,b,true,ho',
  '6.25,a,false,hi',
];
const table = parseCsv(`x,kind,on,note\n${rows.join('\n')}\n`, { schema, file: 'data.csv' });

group('a table', () => {
  test('prints as its size and its first rows', () => {
    expect(String(table)).toMatchInlineSnapshot(`
      "6 rows × 4 columns of data.csv
      x  kind  on     note
      1  b     true   hi
      2  a     false  <b>
         a            hi
      4  a     true
      5  b     true   ho
      … 1 more row"
    `);
    expect(inspect(table)).toBe(String(table));
    expect(`${asTraining(head(select(table, ['x']), 1))}`).toBe(
      '1 row × 1 column of data.csv (train)\nx\n1',
    );
  });

  test('counts the columns that do not fit', () => {
    const names = Array.from({ length: 60 }, (_, i) => `column_${i}`);
    const wide = parseCsv(`${names.join(',')}\n${names.map(() => 1).join(',')}\n`);
    const [, headings] = String(wide).split('\n');
    expect(headings).toMatch(/^column_0 .* … \d+ more$/);
    expect(headings.length).toBeLessThan(120);
  });

  test('is an HTML table in a notebook, with its text escaped', () => {
    const shown = table as unknown as Record<symbol, () => Record<string, string>>;
    const { 'text/html': html, 'text/plain': plain } = shown[Symbol.for('Jupyter.display')]();
    expect(plain).toBe(String(table));
    expect(html).toContain('<td>&lt;b></td>');
  });

  test('is the same to whoever compares, copies or saves it', () => {
    expect(Object.keys(table)).not.toContain('toString');
    expect(JSON.stringify({ ...table })).toBe(JSON.stringify(table));
    expect(structuredClone(table).columns).toEqual(table.columns);
  });
});

group('describe', () => {
  test('says what each column holds (figures of numpy.quantile, mean, std)', () => {
    const { columns } = describe(table);
    expect(columns[0]).toMatchObject({
      missing: 1,
      distinct: 5,
      mean: 3.65,
      least: 1,
      quartiles: [2, 4, 5],
      greatest: 6.25,
    });
    expect(columns[0].deviation).toBeCloseTo(1.9209372712298547, 14);
    expect(columns[1].mostFrequent).toEqual({ value: 'a', count: 4 });
    expect(columns[2]).toMatchObject({ missing: 1, distinct: 2 });
    expect(columns[3]).toMatchObject({ missing: 1, distinct: 3 });
    const four = describe(parseCsv('x\n1\n2\n3\n10\n')).columns[0];
    expect(four.quartiles).toEqual([1.75, 2.5, 4.75]);
  });

  test('prints as a table', () => {
    expect(String(describe(table))).toMatchInlineSnapshot(`
      "6 rows of data.csv
      column  type      missing  distinct  mean  deviation  least  25 %  median  75 %  greatest  most frequent
      x       number          1         5  3.65    1.92094      1     2       4     5      6.25
      kind    category        0         2                                                        a (4)
      on      boolean         1         2                                                        true (3)
      note    text            1         3                                                        hi (3)"
    `);
  });

  test('takes columns without a value', () => {
    const hollow = parseCsv('x,y\n,1\n', {
      schema: defineSchema({ x: number(keep), y: number() }),
    });
    expect(describe(hollow).columns[0]).toEqual({
      name: 'x',
      type: 'number',
      missing: 1,
      distinct: 0,
    });
  });
});

test('a proposal prints its reasons and its source', () => {
  const proposal = inferSchemaOf('x,ok\n1,true\n2,false\n');
  expect(String(proposal)).toBe(`${proposal.explanation}\n\n${proposal.source}`);
  expect(inspect(proposal)).toBe(String(proposal));
});
