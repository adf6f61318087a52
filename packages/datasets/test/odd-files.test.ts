import { describe, expect, test } from 'vitest';
import {
  CsvError,
  category,
  defineSchema,
  inferSchemaOf,
  number,
  numbers,
  parseCsv,
  type ReadOptions,
  readCsv,
  text,
  writeCsv,
} from '../src/index.ts';

function refused(source: string | Uint8Array, options: ReadOptions = {}): CsvError {
  try {
    parseCsv(source, options);
  } catch (error) {
    if (error instanceof CsvError) return error;
    throw error;
  }
  throw new Error('accepted');
}

const kinds = (source: string, options: ReadOptions = {}): string[] =>
  parseCsv(source, options).warnings.map((warning) => warning.kind);

describe('a carriage return alone is refused wherever quotes are', () => {
  const schema = defineSchema({ t: text(), x: number() });

  test.each<[string, string, number]>([
    ['a quoted file for old Macs', '"t","x"\r"1","2"\r', 1],
    ['quotes in some fields', 't,x\r"a",2\r', 1],
    ['among rows that hold quotes', 't,x\n"a\n\nb",1\r2,3\n', 4],
    ['in a text cell without quotes', 't,x\n"a",1\nb\rc,2\n', 3],
  ])('%s', (_, source, line) => {
    expect(refused(source, { schema })).toMatchObject({ reason: 'line-ends', line });
  });

  test('inside quotes in a text column it is content', () => {
    const table = parseCsv('t,x\n"a\rb",1\n', { schema });
    expect(table.columns.get('t')).toEqual({ type: 'text', values: ['a\rb'] });
  });

  test('a fault on an earlier line comes first', () => {
    expect(refused('t,x\na,5"\n"b\rc",1\rd,2\n', { schema })).toMatchObject({
      reason: 'malformed-quote',
      line: 2,
    });
    expect(refused('t,x\n"a",z\nb,1\rc,2\n', { schema })).toMatchObject({
      reason: 'not-a-number',
      line: 2,
    });
  });
});

describe('the header', () => {
  test.each(['1,5;2,5', '1;NA', '0.5;?', 'Infinity;1'])(
    '%s may be data, so it is refused',
    (first) => {
      const options = { delimiter: ';', decimal: ',' } as const;
      expect(refused(`${first}\n3,5;4\n`, options).reason).toBe('header-looks-numeric');
    },
  );

  test('a fraction among its names is mentioned, a whole number is not', () => {
    const schema = (names: readonly string[]) =>
      defineSchema(names.map((name, i) => [name, i === 1 ? category() : number()] as const));
    expect(parseCsv('5.1,setosa\n4.9,setosa\n', { schema }).warnings).toMatchObject([
      { kind: 'header-numbers', column: '5.1', line: 1 },
    ]);
    expect(kinds('1990,b\n1,2\n')).toEqual([]);
    expect(inferSchemaOf('5.1,setosa\n4.9,setosa\n').explanation).toContain('header: false');
  });

  test.each([
    ['a,a\u00a0', 'a\\u00a0'],
    ['a,a\u200b', 'a\\u200b'],
    ['é,e\u0301', 'e\\u0301'],
    ['a,\ufeffb', '\\ufeffb'],
  ])('names that are not what they look like are mentioned: %j', (first, shown) => {
    const { names, warnings } = parseCsv(`${first}\n1,2\n`);
    expect(names).toEqual(first.split(','));
    expect(warnings).toMatchObject([{ kind: 'header-invisible', column: names[1] }]);
    expect(warnings[0].message).toContain(shown);
  });

  test('names in any script, in any case, are plain names', () => {
    expect(kinds('größe,日本,👩‍🔬,A,a\n1,2,3,4,5\n')).toEqual([]);
  });

  test('a name of nothing visible is none', () => {
    expect(refused('a,\u00a0\n1,2\n').reason).toBe('empty-header-name');
    expect(refused('a,\u200b\n1,2\n').reason).toBe('empty-header-name');
  });

  test('quoted names show their delimiter too', () => {
    expect(refused('"a";"b"\n"1";"2"\n')).toMatchObject({ reason: 'delimiter', line: 1 });
    expect(refused('"a"\t"b"\n1\t2\n').message).toContain("pass delimiter: '\\t'");
    expect(refused('"a"x,"b"\n1,2\n').reason).toBe('malformed-quote');
  });

  test('a note for Excel is no header, and a title above it is said to be one', () => {
    expect(refused('sep=,\na,b\n1,2\n').message).toContain('got "sep=,", expected the header');
    expect(refused('sep=;\na;b\n1;2\n', { delimiter: ';' }).reason).toBe('delimiter');
    expect(refused('My data\na,b\n1,2\n')).toMatchObject({ reason: 'ragged-row', line: 2 });
    expect(refused('My data\na,b\n1,2\n').message).toContain('a title');
  });
});

describe('names for a file without a header', () => {
  test.each<[string[], string]>([
    [['a'], 'ragged-row'],
    [['a', 'a'], 'duplicate-header'],
    [['a', ''], 'empty-header-name'],
  ])('%j are refused', (names, reason) => {
    expect(refused('1,2\n', { header: false, names }).reason).toBe(reason);
  });

  test('are refused where there is a header', () => {
    expect(() => parseCsv('a,b\n1,2\n', { names: ['x', 'y'] })).toThrow(/pass header: false/);
  });
});

describe('options that the compiler would refuse are refused', () => {
  const bad = (options: Record<string, unknown>) => () =>
    parseCsv('a,b\n1,\n2,3\n', options as ReadOptions);

  test.each([
    [{ missing: 'median' }, /missing must be one of "error".*got "median"/],
    [{ missing: '' }, /got ""/],
    [{ decimal: ';' }, /decimal must be/],
    [{ delimiter: '' }, /parseCsv: delimiter must be text/],
  ])('%j', (options, message) => {
    expect(bad(options)).toThrow(TypeError);
    expect(bad(options)).toThrow(message);
  });

  test('also the policy of a column', () => {
    const column = (policy: string, type: string) => ({
      schema: { columns: [{ name: 'a', type, missing: { policy } }], others: 'ignore' },
    });
    expect(bad(column('median', 'number'))).toThrow(/missing policy of "a"/);
    expect(bad(column('mean', 'category'))).toThrow(/one of 'error', 'drop', 'keep', got "mean"/);
  });

  test('and a source that is neither text nor bytes', async () => {
    for (const source of [undefined, null, 5, Float64Array.of(1)]) {
      expect(() => parseCsv(source as never)).toThrow(/parseCsv: the source must be text or bytes/);
      await expect(readCsv(source as never)).rejects.toThrow(/readCsv: the source must be text/);
    }
  });

  test('and unknown options, with what was meant', async () => {
    expect(bad({ sep: ';' })).toThrow(/parseCsv: unknown option sep; did you mean delimiter\?/);
    await expect(readCsv('a\n1\n', { dtype: 1 } as never)).rejects.toThrow(/did you mean schema/);
  });

  test('a word may not mean two things', () => {
    expect(() => defineSchema({ k: category(['a', 'b', 'a']) })).toThrow(/level "a" twice/);
    const both = { type: 'boolean', true: ['yes'], false: ['yes'] } as const;
    expect(() => defineSchema({ k: both })).toThrow(/word "yes" twice/);
  });
});

describe('means', () => {
  test('are announced, with their count', () => {
    expect(parseCsv('a,b\n1,2\nNA,4\n', { missing: 'mean' }).warnings).toMatchObject([
      { kind: 'imputed', column: 'a', count: 1 },
    ]);
    expect(kinds('a,b\n1,2\n3,4\n', { missing: 'mean' })).toEqual([]);
  });

  test('are the sum over the count, to the last bit', () => {
    const mean = (...cells: string[]): number =>
      numbers(parseCsv(`a\n${[...cells, 'NA'].join('\n')}\n`, { missing: 'mean' }), 'a')[
        cells.length
      ];
    expect(mean('0.1', '0.2', '0.3', '0.4', '0.5', '0.6', '0.7')).toBe(2.8 / 7);
    expect(mean('1e16', '1', '-1e16')).toBe(1 / 3);
    expect(mean('-1.7e308', '1.7e308')).toBe(0);
    expect(mean('1.7e308', '1.7e308')).toBe(1.7e308);
  });
});

test('leading zeros are noticed behind a sign and behind spaces', () => {
  expect(kinds('a\n-01\n')).toEqual(['leading-zeros']);
  expect(kinds('a\n +07\n')).toEqual(['leading-zeros']);
  expect(kinds('a\n-0.5\n0\n+0\n0e1\n')).toEqual([]);
});

test('a table of one column keeps the holes at its end', () => {
  const table = parseCsv('a\nNA\n1\nNA\nNA\n', { missing: 'keep' });
  const again = parseCsv(writeCsv(table), { missing: 'keep' });
  expect([again.rows, again.warnings]).toEqual([4, []]);
  expect(numbers(again, 'a')).toEqual(numbers(table, 'a'));
  expect(refused('a\n1\n""\n')).toMatchObject({ reason: 'missing', line: 3, column: 'a' });
});

describe('bytes that are no UTF-8', () => {
  const bytes = (...parts: (string | number)[]): Uint8Array =>
    Uint8Array.from(parts.flatMap((p) => (typeof p === 'string' ? [...Buffer.from(p)] : [p])));

  test.each<[string, Uint8Array, string]>([
    ['Latin-1 before a comma', bytes('a,b\n', 0xe9, ',2\n'), 'the byte 0xE9 at position 1'],
    ['Latin-1 in quotes', bytes('a,b\n1,"', 0xe9, '"\n'), 'the byte 0xE9 at position 4'],
    ['a wrong continuation', bytes('a,b\n1,2', 0xe2, 0x28, '\n'), 'the byte 0xE2 at position 4'],
    ['a file cut off', bytes('a,b\n1,2', 0xe2, 0x82), 'the byte 0xE2 at position 4'],
    ['UTF-32', bytes(0, 0, 0xfe, 0xff, 0, 0, 0, 97), 'UTF-32 (big endian)'],
  ])('%s', (_, source, message) => {
    expect(refused(source)).toMatchObject({ reason: 'encoding' });
    expect(refused(source).message).toContain(message);
  });
});

test.each([
  ['1,234.5', 'remove the thousands separators'],
  ['1.234,5', 'remove the thousands separators'],
  ['1.234.567', 'remove the thousands separators'],
  ['1 000', 'remove the thousands separators'],
  ['1\u00a0000', 'remove the thousands separators'],
  ["1'000", 'remove the thousands separators'],
  ['2024-01-31', 'a date is no number'],
  ['31.01.2024', 'a date is no number'],
  ['5 kg', 'remove the unit'],
  ['(5)', 'minus sign'],
  ["'5'", 'only double quotes'],
  ['4\u0085', 'remove the invisible character'],
  ['1e', 'write plain digits'],
])('%j comes with advice: %s', (cell, advice) => {
  expect(refused(`a\n"${cell}"\n`).message).toContain(advice);
});

describe('inferSchema', () => {
  test.each(['007', '1234567890123456789'])('does not take %s for a number', (cell) => {
    const { schema, explanation } = inferSchemaOf(`id,x\n12,1\n${cell},2\n`);
    expect(schema.columns.map((column) => column.type)).toEqual(['text', 'number']);
    expect(explanation).toContain(`would not keep "${cell}" on line 3`);
  });

  test('refuses options that make no sense', () => {
    expect(() => inferSchemaOf('a\n1\n', { decimal: ';' as ',' })).toThrow(/decimal must be/);
    expect(inferSchemaOf('a\n1\n').explanation).toContain('1 row, 1 column\n');
  });

  test('refuses a target that is no column', () => {
    expect(() => inferSchemaOf('a,b\n1,2\n', { target: 'A' })).toThrow(/did you mean "a"\?$/);
  });
});

test('many columns of one row take little memory', () => {
  const before = process.memoryUsage().arrayBuffers;
  const names = Array.from({ length: 20_000 }, (_, i) => `c${i}`).join(',');
  expect(parseCsv(`${names}\n${'1,'.repeat(19_999)}1\n`).names.length).toBe(20_000);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(60e6);
});
