import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  boolean,
  category,
  defineSchema,
  formatSchema,
  ignored,
  inferSchema,
  inferSchemaOf,
  number,
  numbers,
  parseCsv,
  type Row,
  rowAt,
  type Schema,
  schemaFromJSON,
  select,
  text,
} from '../src/index.ts';

const schema = defineSchema(
  {
    length: number(),
    species: category(['setosa', 'versicolor']),
    place: category(),
    wild: boolean(),
    note: text({ missing: { tokens: [''], policy: 'keep' } }),
    id: ignored(),
  },
  { target: 'species' },
);
const source =
  'id,length,species,place,wild,note\n7,1.5,versicolor,Kew,true,\n8,2,setosa,Kew,false,hm\n';

describe('a schema is also the type of a row', () => {
  test('each column type gives a cell type', () => {
    expectTypeOf<Row<typeof schema>>().toEqualTypeOf<{
      readonly length: number;
      readonly species: 'setosa' | 'versicolor';
      readonly place: string;
      readonly wild: boolean;
      readonly note: string | null;
    }>();
  });

  test('rows of a table have it', () => {
    const table = parseCsv(source, { schema });
    const row = rowAt(table, 0);
    expectTypeOf(row.species).toEqualTypeOf<'setosa' | 'versicolor'>();
    expect({ ...row }).toEqual({
      length: 1.5,
      species: 'versicolor',
      place: 'Kew',
      wild: true,
      note: null,
    });
    // @ts-expect-error the ignored column is not part of a row
    expect(row.id).toBeUndefined();
    expect(table.names).toEqual(['length', 'species', 'place', 'wild', 'note']);
  });

  test('select narrows it', () => {
    const part = select(parseCsv(source, { schema }), ['wild', 'length']);
    expectTypeOf(rowAt(part, 0)).toEqualTypeOf<{
      readonly wild: boolean;
      readonly length: number;
    }>();
    expect(part.names).toEqual(['wild', 'length']);
    expect(part.schema.target).toBeUndefined();
  });

  test('without a schema every column is a number', () => {
    const row = rowAt(parseCsv('a,b\n1,2\n'), 0);
    expectTypeOf(row.a).toEqualTypeOf<number>();
    expect({ ...row }).toEqual({ a: 1, b: 2 });
  });

  test('a target that is no column is a compile error and a run-time error', () => {
    // @ts-expect-error there is no column z
    expect(() => defineSchema({ x: number() }, { target: 'z' })).toThrow(/no column "z"/);
  });
});

describe('a schema is plain data', () => {
  test('it survives JSON', () => {
    expect(schemaFromJSON(JSON.parse(JSON.stringify(schema)))).toEqual(schema);
  });

  test.each([
    [null, 'schema must be an object'],
    [{ columns: 'x' }, 'schema.columns must be a list'],
    [{ columns: [{ name: 1, type: 'number' }] }, 'schema.columns[0].name'],
    [{ columns: [{ name: 'x', type: 'dates' }] }, 'schema.columns[0].type'],
    [{ columns: [{ name: 'x', type: 'category', levels: [1] }] }, 'schema.columns[0].levels'],
    [{ columns: [{ name: 'x', type: 'number', missing: { policy: 'guess' } }] }, 'missing.policy'],
    [{ columns: [], target: 'y' }, 'schema.target'],
    [{ columns: [], others: 'maybe' }, 'schema.others'],
  ])('%j is refused', (json, message) => {
    expect(() => schemaFromJSON(json)).toThrow(message);
  });

  test('pairs keep names that objects would reorder', () => {
    const numbered = defineSchema([
      ['10', number()],
      ['__proto__', number()],
      ['2', number()],
    ]);
    expect(numbered.columns.map((column) => column.name)).toEqual(['10', '__proto__', '2']);
    expect(numbers(parseCsv('10,__proto__,2\n1,2,3\n', { schema: numbered }), '__proto__')[0]).toBe(
      2,
    );
  });
});

describe('inferSchema proposes, with reasons', () => {
  const csv =
    'x,flag,kind,code,gap\n1,true,a,k1,NA\n2,false,b,k2,5\n-3e2,True,a,k3,6\n4,false,b,k4,\n0.5,true,a,oops,7\n6,true,b,k6,8\n';

  test('the source it prints is the schema', () => {
    expect(inferSchemaOf(csv, { target: 'kind', maxLevels: 3 }).source).toMatchInlineSnapshot(`
      "defineSchema({
        x: number(),
        flag: boolean(),
        kind: category(['a', 'b']),
        code: text(),
        gap: number({ missing: { tokens: ['NA', ''], policy: 'keep' } }),
      }, { target: 'kind' })"
    `);
  });

  test('the explanation says what was seen', () => {
    expect(inferSchemaOf(csv, { maxLevels: 3 }).explanation).toMatchInlineSnapshot(`
      "6 rows, 5 columns
      "x": number, because all 6 cells are decimal numbers, from -300 to 6
      "flag": boolean, because all 6 cells are true or false
      "kind": category, because there are 2 different labels in 6 cells
      "code": text, because there are more than 3 different texts in 6 cells
      "gap": number, because all 4 cells are decimal numbers, from 5 to 8; 2 of 6 cells are missing ("NA", "")"
    `);
  });

  test('what it proposes reads the file it was made from', async () => {
    const proposal = await inferSchema([csv], { target: 'kind' });
    expect(parseCsv(csv, { schema: proposal.schema }).rows).toBe(6);
  });

  test('one odd cell among numbers is named', () => {
    const odd = `x\n${Array.from({ length: 50 }, (_, i) => i).join('\n')}\n12abc\n`;
    expect(inferSchemaOf(odd).explanation).toContain(
      '50 cells are numbers, the first that is not is "12abc" on line 52',
    );
  });

  test('a column of nothing is ignored', () => {
    expect(inferSchemaOf('a,b\n1,\n2,NA\n').schema.columns[1]).toEqual({
      name: 'b',
      type: 'ignored',
    });
  });
});

test('formatSchema quotes what needs quotes', () => {
  const odd: Schema = defineSchema([
    ["it's", boolean({ true: ['y'], false: ['n'] })],
    ['2', category(undefined, { missing: { policy: 'drop' } })],
    ['a\nb', ignored()],
  ]);
  expect(formatSchema({ ...odd, others: 'ignore' })).toMatchInlineSnapshot(`
    "defineSchema([
      ['it\\'s', boolean({ true: ['y'], false: ['n'] })],
      ['2', category(undefined, { missing: { policy: 'drop' } })],
      ['a\\nb', ignored()],
    ], { others: 'ignore' })"
  `);
});

test.each<[object, RegExp]>([
  [{ type: 'number', missing: 'keep' }, /column "a" says of missing cells "keep"/],
  [{ type: 'number', missing: { policy: 'median' } }, /of error, drop, keep, mean; write/],
  [{ type: 'category', missing: { policy: 'mean' } }, /of error, drop, keep;/],
  [{ type: 'categry' }, /type of "a" must be one of number, category/],
  [number, /got the function number; call it: number\(\)/],
])('defineSchema refuses what is no column: %o', (column, message) => {
  expect(() => defineSchema({ a: column as never })).toThrow(message);
});

test.each<[() => unknown, RegExp]>([
  [
    () => number({ missing: 'keep' as never }),
    /^number: missing must be an object with tokens, policy/,
  ],
  [
    () => number({ missing: { policy: 'median' as never } }),
    /one of "error", "drop", "keep", "mean"/,
  ],
  [() => category(['x'], { missing: { policy: 'mean' as never } }), /got "mean"; to fill holes/],
  [() => category([1 as never]), /^category: levels\[0\] must be a text, got 1/],
  [() => boolean({ yes: ['y'] } as never), /^boolean: unknown option yes;/],
])('a type of column says what it takes: %o', (declare, message) => {
  expect(declare).toThrow(message);
});

test('a refused hole says where a policy is declared', () => {
  expect(() => parseCsv('a\n1\n\n2\n')).toThrow(
    /missing: "drop", "mean" or "keep" when reading, or for the column alone missing: \{ policy: "keep" \}/,
  );
});
