import { describe, expect, test } from 'vitest';
import {
  boolean,
  CsvError,
  category,
  defineSchema,
  number,
  numbers,
  parseCsv,
  type ReadOptions,
  text,
} from '../src/index.ts';

/** What a refused text says of itself: reason, line and column. */
function refusal(
  source: string | Uint8Array,
  options: ReadOptions = {},
): [string, (number | undefined)?, (string | undefined)?] {
  try {
    parseCsv(source, options);
  } catch (error) {
    if (error instanceof CsvError) return [error.reason, error.line, error.column];
    throw error;
  }
  throw new Error('accepted');
}

const bytes = (...codes: number[]): Uint8Array => Uint8Array.from(codes);
const utf16 = (source: string): Uint8Array => new Uint8Array(Buffer.from(source, 'utf16le'));

describe('a file that is not plain CSV is refused with its reason and place', () => {
  test.each<[string, string | Uint8Array, ...[string, number?, string?]]>([
    ['nothing', '', 'empty-file'],
    ['a line end only', '\n', 'empty-file'],
    ['a header only', 'a,b\n', 'no-data-rows'],
    ['a header and blank lines', 'a,b\n\n\n', 'no-data-rows'],
    ['UTF-16 without a mark', utf16('a,b\n1,2\n'), 'encoding', 1],
    ['a header only in UTF-16', bytes(0xfe, 0xff, 0, 97, 0, 10), 'no-data-rows'],
    ['gzip', bytes(0x1f, 0x8b, 8, 0, 0), 'encoding', 1],
    ['a workbook', bytes(0x50, 0x4b, 3, 4, 20), 'encoding', 1],
    ['Latin-1 in a cell', bytes(...Buffer.from('a,b\n1,2\n3,'), 0xe9, 10), 'encoding', 3, 'b'],
    ['an overlong sequence', bytes(...Buffer.from('a\n'), 0xc0, 0x80, 10), 'encoding', 2, 'a'],
    ['a NUL in a number', 'a,b\n1,2\n3,4\0\n', 'control-character', 3, 'b'],
    ['a bell in the header', 'a\x07,b\n1,2\n', 'control-character', 1],
    ['a DOS end-of-file mark', 'a,b\n1,2\n\x1a', 'control-character', 3],
    ['carriage returns only', 'a,b\r1,2\r3,4\r', 'line-ends', 1],
    ['one bare carriage return', 'a,b\n1,2\r3,4\n', 'line-ends', 2],
    ['a bare return among quotes', 'a,b\n"1",2\r\n3,"4\r"\n', 'line-ends', 3, 'b'],
    ['a blank line in the middle', 'a,b\n1,2\n\n3,4\n', 'blank-line', 3],
    ['a line of spaces in the middle', 'a,b\n1,2\n  \n3,4\n', 'blank-line', 3],
    ['a blank line before the header', '\na,b\n1,2\n', 'blank-line', 1],
    ['a blank line in a single column', 'a\n1\n\n3\n', 'missing', 3, 'a'],
    ['an unterminated quote', 'a,b\n1,2\n"3,4\n5,6\n', 'unterminated-quote', 3, 'a'],
    ['an unterminated quote in the header', 'a,"b\n1,2\n', 'unterminated-quote', 1],
    ['a quote inside a field', 'a,b\n1,2\n3,5"\n', 'malformed-quote', 3, 'b'],
    ['a quote after a space', 'a,b\n1, "2"\n', 'malformed-quote', 2, 'b'],
    ['a long row', 'a,b\n1,2,3\n', 'ragged-row', 2],
    ['a long row after a multi-line field', 'a,b\n"x\r\ny",2\n1,2,3\n', 'not-a-number', 2, 'a'],
    ['semicolons', 'a;b\n1;2\n', 'delimiter', 1],
    ['semicolons and decimal commas', 'a;b\n1,5;2,5\n', 'delimiter', 1],
    ['tabs', 'a\tb\n1\t2\n', 'delimiter', 1],
    ['spaces', 'a b\n1 2\n', 'delimiter', 1],
    ['a name twice after trimming', 'a,b, a\n1,2,3\n', 'duplicate-header', 1, 'a'],
    ['a blank name', 'a, ,c\n1,2,3\n', 'empty-header-name', 1],
    ['an empty cell', 'a,b\n1,\n', 'missing', 2, 'b'],
    ['an empty quoted cell', 'a,b\n1,""\n', 'missing', 2, 'b'],
    ['null', 'a,b\nnull,2\n', 'missing', 2, 'a'],
  ])('%s', (_, source, ...wanted) => {
    const found = refusal(source);
    expect(found.slice(0, wanted.length)).toEqual(wanted);
  });
});

describe('what is no finite decimal number is refused', () => {
  test.each([
    '0x10',
    '0b1',
    '1,234',
    '1,5',
    '1e',
    'e5',
    '.',
    '+',
    '-',
    '--1',
    '1-',
    '1 2',
    '1e5.5',
    '٣',
    '−5',
    '1\u00a0',
    '$5',
    '5%',
    '1f',
    '1n',
    '½',
    '1e+',
    'true',
    'abc',
    '1_0',
    "1'000",
    '12/03/2020',
    '1.2.3',
    '＋１',
    '1\u2028',
  ])('%j', (cell) => {
    expect(refusal(`a,b\n1,2\n3,"${cell}"\n`)).toEqual(['not-a-number', 3, 'b']);
  });

  test.each(['1e400', '-1e400', '1e309', 'Infinity', '-inf', '+Inf', '9'.repeat(400)])(
    '%j',
    (cell) => {
      expect(refusal(`a,b\n1,2\n3,${cell}\n`)).toEqual(['not-finite', 3, 'b']);
    },
  );

  test('a decimal comma file refuses points, and thousands in either style', () => {
    const options = { delimiter: ';', decimal: ',' } as const;
    expect(refusal('a;b\n1,5;1.5\n', options)).toEqual(['not-a-number', 2, 'b']);
    expect(refusal('a;b\n1,5;1.234,5\n', options)).toEqual(['not-a-number', 2, 'b']);
    expect(refusal('a;b\n1,5;1,2,3\n', options)).toEqual(['not-a-number', 2, 'b']);
  });
});

describe('what is plain CSV is read exactly', () => {
  const column = (source: string, name: string, options: ReadOptions = {}): number[] => [
    ...numbers(parseCsv(source, options), name),
  ];

  test('numbers are the nearest doubles', () => {
    const cells = [
      '0.1',
      '-0',
      '+3',
      '1.',
      '.5',
      '007',
      '1E5',
      '5e-324',
      '1.7976931348623157e308',
      '  7\t',
    ];
    expect(column(`a\n${cells.join('\n')}\n`, 'a')).toEqual([
      0.1,
      -0,
      3,
      1,
      0.5,
      7,
      1e5,
      5e-324,
      Number.MAX_VALUE,
      7,
    ]);
  });

  test('CRLF, LF and a mixture read alike, with or without a last line end', () => {
    for (const source of ['a,b\r\n1,2\r\n3,4', 'a,b\n1,2\r\n3,4\n', 'a,b\r\n1,2\n3,4\r\n']) {
      expect(column(source, 'b')).toEqual([2, 4]);
    }
  });

  test('blank lines at the end are ignored and mentioned', () => {
    const table = parseCsv('a,b\n1,2\n\n  \n');
    expect(table.rows).toBe(1);
    expect(table.warnings).toMatchObject([{ kind: 'trailing-blank-lines', line: 3, count: 2 }]);
  });

  test('a file without a header gets names', () => {
    const table = parseCsv('1,2\n3,4\n', { header: false });
    expect(table.names).toEqual(['column_1', 'column_2']);
    expect(numbers(table, 'column_2')).toEqual(Float64Array.of(2, 4));
    expect(parseCsv('1,2\n', { header: false, names: ['x', 'y'] }).names).toEqual(['x', 'y']);
  });

  test('header: true accepts numbers as names', () => {
    expect(parseCsv('10,2,1\n1,2,3\n', { header: true }).names).toEqual(['10', '2', '1']);
  });

  test('columns that are not selected may hold anything', () => {
    const source = 'id,x,y\n"a\0""b\n",1,2\n,3,4\n';
    const table = parseCsv(source, { columns: ['x', 'y'] });
    expect(table.names).toEqual(['x', 'y']);
    expect(numbers(table, 'x')).toEqual(Float64Array.of(1, 3));
  });

  test('names that objects already have are ordinary', () => {
    const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty', '10', '2'];
    const table = parseCsv(`${names.join(',')}\n1,2,3,4,5,6\n`);
    expect(table.names).toEqual(names);
    expect(names.map((name) => numbers(table, name)[0])).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('ten thousand columns are read quickly', () => {
    const names = Array.from({ length: 10_000 }, (_, i) => `c${i}`).join(',');
    const row = Array.from({ length: 10_000 }, (_, i) => i).join(',');
    const start = performance.now();
    const table = parseCsv(`${names}\n${`${row}\n`.repeat(20)}`);
    expect(table.rows).toBe(20);
    expect(numbers(table, 'c9999')[19]).toBe(9999);
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

describe('missing cells follow the declared policy', () => {
  const source = 'a,b\n1,2\nNA,4\n5,NA\n6,8\n';

  test('drop leaves rows out and counts them', () => {
    const table = parseCsv(source, { missing: 'drop' });
    expect([table.rows, table.droppedRows]).toEqual([2, 2]);
    expect(numbers(table, 'b')).toEqual(Float64Array.of(2, 8));
  });

  test('mean fills holes with the mean of the others', () => {
    expect(numbers(parseCsv(source, { missing: 'mean' }), 'a')).toEqual(
      Float64Array.of(1, 4, 5, 6),
    );
  });

  test('the policy of the options is written into the schema of the table', () => {
    const schema = defineSchema({ a: number({ missing: { policy: 'keep' } }), b: number() });
    const read = parseCsv(source, { schema, missing: 'drop' });
    expect(read.rows).toBe(3);
    expect(read.schema.columns).toEqual([
      { name: 'a', type: 'number', missing: { policy: 'keep' } },
      { name: 'b', type: 'number', missing: { policy: 'drop' } },
    ]);
  });

  test('keep leaves NaN', () => {
    expect(numbers(parseCsv(source, { missing: 'keep' }), 'a')).toEqual(
      Float64Array.of(1, Number.NaN, 5, 6),
    );
  });

  test('declared tokens are exact, also when they are numbers', () => {
    const schema = defineSchema({ a: number({ missing: { tokens: ['-99'], policy: 'drop' } }) });
    expect(parseCsv('a\n1\n-99\n3\n', { schema }).rows).toBe(2);
    expect(refusal('a\n1\nNA\n', { schema })).toEqual(['not-a-number', 3, 'a']);
  });

  test.each(['drop', 'mean'] as const)(
    'a column without any value is refused under %s',
    (missing) => {
      expect(refusal('a,b\n1,\n2,NA\n', { missing })).toEqual([
        'all-missing-column',
        undefined,
        'b',
      ]);
    },
  );

  test('under keep it is left to impute, so that a short file to predict on can be read', () => {
    expect(parseCsv('a,b\n1,\n', { missing: 'keep' }).rows).toBe(1);
  });

  test('rows that are all dropped leave nothing to learn from', () => {
    expect(refusal('a,b\n1,\n,2\n', { missing: 'drop' })[0]).toBe('no-data-rows');
  });

  test('a blank line in a single column is a missing cell', () => {
    expect(parseCsv('a\n1\n\n3\n', { missing: 'drop' })).toMatchObject({ rows: 2, droppedRows: 1 });
  });
});

describe('schemas check what they declare', () => {
  const schema = defineSchema({ kind: category(['a', 'b']), ok: boolean(), note: text() });

  test('typed cells are stored as codes, flags and text', () => {
    const table = parseCsv('kind,ok,note\na,TRUE,"x,\ny"\n b ,false,NA\n', { schema });
    expect(table.columns.get('kind')).toEqual({
      type: 'category',
      codes: Int32Array.of(0, 1),
      levels: ['a', 'b'],
    });
    expect(table.columns.get('ok')).toEqual({ type: 'boolean', values: Int8Array.of(1, 0) });
    expect(table.columns.get('note')).toEqual({ type: 'text', values: ['x,\ny', 'NA'] });
  });

  test.each<[string, ...[string, number?, string?]]>([
    ['kind,ok,note\nc,true,x\n', 'unknown-category', 2, 'kind'],
    ['kind,ok,note\na,maybe,x\n', 'not-a-boolean', 2, 'ok'],
    ['kind,ok,note\n?,true,x\n', 'missing', 2, 'kind'],
    ['kind,ok,note\na,true,\x01\n', 'control-character', 2, 'note'],
    ['kind,ok\na,true\n', 'unknown-column', 1, 'note'],
    ['kind,ok,note,more\na,true,x,y\n', 'unknown-column', 1, 'more'],
  ])('%j', (source, ...wanted) => {
    expect(refusal(source, { schema })).toEqual(wanted);
  });

  test('levels that are not declared are sorted, as numbers if they all are', () => {
    const labels = parseCsv('k,n\nb,10\na,9\nb,-1\n', {
      schema: defineSchema({ k: category(), n: category() }),
    });
    expect(labels.columns.get('k')).toMatchObject({
      levels: ['a', 'b'],
      codes: Int32Array.of(1, 0, 1),
    });
    expect(labels.columns.get('n')).toMatchObject({ levels: ['-1', '9', '10'] });
  });

  test('a wrong delimiter is named before the columns that it hides', () => {
    expect(refusal('x;y\n1;2\n', { columns: ['x', 'y'] })).toEqual(['delimiter', 1, undefined]);
    expect(refusal('x;y\n', { columns: ['x', 'y'] })[0]).toBe('unknown-column');
  });

  test('an unknown column names its neighbours', () => {
    expect(() => parseCsv('lenght,b\n1,2\n', { columns: ['length'] })).toThrow(
      /did you mean "lenght"/,
    );
  });
});

describe('warnings are collected, not printed', () => {
  test.each([
    ['a,b\n1234567890123456789,2\n', 'precision'],
    ['a,b\n1e-400,2\n', 'underflow'],
    ['a,b\n007,2\n', 'leading-zeros'],
    ['a, b\n7,2\n', 'header-spaces'],
  ])('%j', (source, kind) => {
    expect(parseCsv(source).warnings.map((warning) => warning.kind)).toEqual([kind]);
  });

  test('one per kind and column, with a count and the first line', () => {
    expect(parseCsv('a\n1\n01\n02\n').warnings).toMatchObject([
      { kind: 'leading-zeros', line: 3, count: 2 },
    ]);
  });
});

test('a message names operation, file, line, column, the raw text and the next move', () => {
  expect(() => parseCsv('a,b\n1,0x10\n', { file: 'lab.csv' })).toThrow(
    'parseCsv: lab.csv, line 2, column "b": got "0x10", which is not a decimal number; write it in decimal',
  );
});

test('invisible characters are spelled out', () => {
  expect(() => parseCsv('a\n4\u200b\n')).toThrow('"4\\u200b"');
});

describe('lines are physical, however the fields are quoted', () => {
  test('after fields with line ends, LF and CRLF', () => {
    expect(refusal('a,b\r\n1,2\r\n3,"4\r\n\r\n"\r\n', {})[1]).toBe(3);
    const schema = defineSchema({ t: text(), x: number() });
    expect(refusal('t,x\n"1\n2\n3",4\n"5\r\n6",7\nk,oops\n', { schema })).toEqual([
      'not-a-number',
      7,
      'x',
    ]);
    expect(refusal('t,x\n"1\n2\n3",4\n"5\r\n6",7\n"k"z,1\n', { schema })).toEqual([
      'malformed-quote',
      7,
      't',
    ]);
  });

  test('an earlier fault is reported before a later broken quote', () => {
    expect(refusal('a,b\n1,x\n3,4"\n')).toEqual(['not-a-number', 2, 'b']);
  });
});

describe('fields have a limit', () => {
  const schema = defineSchema({ a: text(), b: number() });

  test('a field beyond it is refused by name', () => {
    expect(refusal(`a,b\n${'x'.repeat(101)},1\n`, { schema, maxFieldSize: 100 })).toEqual([
      'field-too-large',
      2,
      'a',
    ]);
  });

  test('a quote that never closes does not fill the memory', () => {
    const source = `a,b\n1,2\n"${'x,1\n'.repeat(100_000)}`;
    expect(refusal(source, { schema, maxFieldSize: 1000 }).slice(0, 2)).toEqual([
      'field-too-large',
      3,
    ]);
  });

  test('ten megabytes of quoted text in a column that is not read are passed over', () => {
    const source = `a,b\n"${'x\n'.repeat(5_000_000)}",1\n`;
    expect(numbers(parseCsv(source, { columns: ['b'] }), 'b')).toEqual(Float64Array.of(1));
  });
});
