import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import {
  boolean,
  CsvError,
  category,
  date,
  defineSchema,
  ignored,
  number,
  parseCsv,
  parseJsonLines,
  type TableOptions,
  text,
} from '../src/index.ts';
import { readJsonLines } from '../src/node.ts';
import { outcome } from './outcome.ts';
import { csvOf, jsonLinesOf, typedRows } from './typed-rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'json-lines-'));
afterAll(() => rmSync(folder, { recursive: true }));

const schema = defineSchema({ h: number(), k: category(['a', 'b']) }, { target: 'k' });
const good = '{"h":31,"k":"a"}\n{"k":"b","h":5.05e1}\r\n';

function refused(source: string, options: TableOptions = { schema }): CsvError {
  try {
    parseJsonLines(source, { file: 'a.jsonl', ...options });
  } catch (error) {
    if (error instanceof CsvError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('JSON lines', () => {
  test('give the table that the same rows give as CSV, or refuse the same row and column', async () => {
    await fc.assert(
      fc.asyncProperty(typedRows, async (made) => {
        const { schema } = made;
        const json = await outcome(() => parseJsonLines(jsonLinesOf(made), { schema }));
        const csv = await outcome(() => parseCsv(csvOf(made), { schema }));
        if (csv.reason === undefined) expect(json).toEqual(csv);
        else {
          const { reason, column, line } = csv;
          expect({ reason: json.reason, column: json.column }).toEqual({ reason, column });
          if (line !== undefined) expect(json.line).toBe(rowAtLine(csvOf(made), line));
        }
      }),
      { numRuns: 200 },
    );
  });

  test('come as text, bytes, chunks of any size, streams, blobs, files, URLs and gzip', async () => {
    const path = join(folder, 'a.jsonl');
    writeFileSync(path, good);
    writeFileSync(`${path}.gz`, gzipSync(good));
    const bytes = new TextEncoder().encode(good);
    const wanted = parseCsv('h,k\n31,a\n50.5,b\n', { schema });
    for (const source of [
      good,
      bytes,
      `\ufeff${good}`,
      Array.from(bytes, (byte) => Uint8Array.of(byte)),
      new Blob([good]),
      new Blob([good]).stream(),
      gzipSync(good),
      '{"h":31,"k":"a"}\n{"h":50.5,"k":"b"}',
    ]) {
      const { columns, names } = await readJsonLines(source, { schema });
      expect({ columns, names }).toEqual({ columns: wanted.columns, names: wanted.names });
    }
    for (const source of [path, `${path}.gz`, new URL(`file://${path}`)]) {
      const table = await readJsonLines(source, { schema });
      expect(table.columns).toEqual(wanted.columns);
      expect(table.file).toContain('a.jsonl');
    }
    await expect(readJsonLines(join(folder, 'none.jsonl'))).rejects.toThrow(/no such file/);
  });

  test.each([
    [
      '{"h":"31","k":"a"}',
      'not-a-number',
      /line 2, column "h": got the text "31", which is not a number/,
    ],
    ['{"h":true,"k":"a"}', 'not-a-number', /got true, a truth value, .*declare the column boolean/],
    ['{"h":null,"k":"a"}', 'missing', /column "h": got null, which counts as a missing value/],
    ['{"k":"a"}', 'missing', /column "h": got nothing/],
    ['{"h":"NA","k":"a"}', 'missing', /got "NA", which counts as a missing value/],
    ['{"h":1e999,"k":"a"}', 'not-finite', /got "1e999"/],
    ['{"h":[1],"k":"a"}', 'nested-value', /got a list, which is no cell/],
    ['{"h":{},"k":"a"}', 'nested-value', /got an object/],
    ['{"h":1,"k":"c"}', 'unknown-category', /got "c", which is none of/],
    ['{"h":1,"k":"a","kk":2}', 'unknown-column', /column "kk": the schema does not list/],
    ['{"h":1,"k":"a","h":2}', 'malformed-json', /column "h": the key stands twice/],
    [
      '{"h":1,"k":"a"',
      'malformed-json',
      /got the end of the line at character 15, expected a comma/,
    ],
    ['{"h":1,"k":"a"},', 'malformed-json', /got "," at character 16, expected the end/],
    ['{"h":1,}', 'malformed-json', /expected a key in quotes/],
    ["{'h':1}", 'malformed-json', /expected a key in quotes/],
    ['{"h":NaN,"k":"a"}', 'malformed-json', /a missing number is null/],
    ['{"h":007,"k":"a"}', 'malformed-json', /character 7/],
    ['{"h":1,"k":"a\u0001"}', 'malformed-json', /expected a text/],
    ['{"h":1,"k":"a\\u0000"}', 'control-character', /control character/],
    ['{"h":1,"k":"\\ud800"}', 'malformed-json', /surrogate/],
    ['{"h":[1,"k":"a"}', 'malformed-json', /character 6, expected a list or an object/],
    ['[1,"a"]', 'malformed-json', /expected an object/],
    ['', 'blank-line', /line 2: the line is blank/],
  ])('refuse %s by line and key', (line, reason, message) => {
    const error = refused(`{"h":1,"k":"a"}\n${line}\n{"h":2,"k":"b"}\n`);
    expect(error.reason).toBe(reason);
    expect(error.line).toBe(2);
    expect(error.message).toMatch(/^parseJsonLines: a\.jsonl, line 2/);
    expect(error.message).toMatch(message);
  });

  test('refuse what is JSON and not lines, is empty, or misspells a column', () => {
    expect(refused('[{"h":1},\n{"h":2}]').message).toMatch(/begins with a list: it is JSON/);
    expect(refused('').reason).toBe('empty-file');
    expect(refused('\n \n').reason).toBe('empty-file');
    expect(refused('{"hh":1,"k":"a"}').message).toMatch(/column "hh": .*did you mean "h"\?/);
    const open = defineSchema(
      { height: number({ missing: { policy: 'keep' } }) },
      { others: 'ignore' },
    );
    const error = refused('{"hieght":1}\n{"hieght":2}\n', { schema: open });
    expect(error.message).toMatch(/no column "height"; did you mean "hieght"/);
    expect(refused('{"x":1}\n{"x":2,"y":3}', {}).message).toMatch(
      /the first row has no such column/,
    );
    const latin1 = new Uint8Array([
      ...new TextEncoder().encode('{"h":1}\n{"h":"'),
      0xe9,
      0x22,
      0x7d,
    ]);
    expect(() => parseJsonLines(latin1)).toThrow(/line 2: the byte 0xE9 at position 7/);
    expect(() => parseJsonLines('{"h":1}', { delimiter: ',' } as never)).toThrow(/unknown option/);
  });

  test('keep numbers exact, and tell where a double cannot', () => {
    const table = parseJsonLines('{"a":0.1,"b":-0}\n{"a":12345678901234567891,"b":1e-400}\n');
    expect(table.columns.get('a')).toEqual({
      type: 'number',
      values: Float64Array.of(0.1, 1.2345678901234567e19),
    });
    expect(Object.is(table.columns.get('b')?.type === 'number' && rowOf(table, 'b', 0), -0)).toBe(
      true,
    );
    expect(table.warnings.map(({ kind, line, column }) => [kind, line, column])).toEqual([
      ['precision', 2, 'a'],
      ['underflow', 2, 'b'],
    ]);
    const ids = defineSchema({ id: text() });
    const kept = parseJsonLines('{"id":12345678901234567891}\n{"id":1.50}\n', { schema: ids });
    expect(kept.columns.get('id')).toMatchObject({ values: ['12345678901234567891', '1.5'] });
  });

  test('leave out what is not read, also lists and objects', () => {
    const source = '{"x":1,"tags":["a","}"],"y":2}\n{"y":3,"x":4,"tags":{"a":[{}]}}\n';
    expect(parseJsonLines(source, { columns: ['x'] }).names).toEqual(['x']);
    const some = defineSchema({ x: number(), tags: ignored() }, { others: 'ignore' });
    expect(parseJsonLines(source, { schema: some }).names).toEqual(['x']);
    expect(parseJsonLines(source, { schema: some, limit: 1 }).rows).toBe(1);
  });

  test('read truth values, words and dates as their columns say', () => {
    const made = defineSchema({
      on: boolean(),
      yes: boolean({ true: ['1'], false: ['0'] }),
      day: date({ format: 'DD.MM.YYYY' }),
    });
    const table = parseJsonLines('{"on":true,"yes":1,"day":"29.02.2024"}\n', { schema: made });
    expect(table.columns.get('yes')).toMatchObject({ values: Int8Array.of(1) });
    expect(table.columns.get('day')).toMatchObject({
      values: Float64Array.of(Date.UTC(2024, 1, 29)),
    });
    const wrong = (line: string) => refused(line, { schema: made }).message;
    expect(wrong('{"on":"true","yes":1,"day":"29.02.2024"}')).toMatch(/"on": got the text "true"/);
    expect(wrong('{"on":1,"yes":1,"day":"29.02.2024"}')).toMatch(
      /got the number 1, .*declare the words/,
    );
    expect(wrong('{"on":true,"yes":1,"day":1709164800}')).toMatch(
      /number 1709164800, which is not a date/,
    );
    expect(wrong('{"on":true,"yes":1,"day":"30.02.2024"}')).toMatch(/not a date of the format/);
  });

  test('are inferred by their types: texts of digits are no numbers, lists are ignored', async () => {
    const source =
      '{"x":1,"k":"a","id":"007","on":true,"day":"2024-01-01","tags":[]}\n' +
      '{"x":null,"k":"a","id":"9","on":false,"day":"2024-01-02","big":12345678901234567891}\n';
    const table = await readJsonLines(source, { schema: 'infer', target: 'k' });
    expect(table.proposal.source).toBe(
      [
        'defineSchema({',
        "  x: number({ missing: { tokens: [], policy: 'keep' } }),",
        "  k: category(['a']),",
        "  id: category(['7', '9']),".replace("'7'", "'007'"),
        '  on: boolean(),',
        '  day: date(),',
        '  tags: ignored(),',
        "  big: text({ missing: { tokens: [], policy: 'keep' } }),",
        "}, { target: 'k' })",
      ].join('\n'),
    );
    expect(table.rows).toBe(2);
    const stream = new Blob([source]).stream();
    await expect(readJsonLines(stream, { schema: 'infer' })).rejects.toThrow(/once only/);
  });

  test('tell how far reading has come, and end where they are told to', async () => {
    const chunks = Array.from({ length: 20 }, (_, i) => `{"x":${i}}\n`);
    const seen: number[] = [];
    await readJsonLines(chunks, { onProgress: ({ rows }) => seen.push(rows) });
    expect(seen.at(-1)).toBe(20);
    const aborted = new AbortController();
    const onProgress = ({ rows }: { rows: number }) => {
      if (rows === 3) aborted.abort(new Error('enough'));
    };
    const reading = readJsonLines(chunks, { onProgress, signal: aborted.signal });
    await expect(reading).rejects.toThrow('enough');
  });
});

function rowOf(table: ReturnType<typeof parseJsonLines>, name: string, row: number): unknown {
  const column = table.columns.get(name);
  return column?.type === 'number' ? column.values[row] : undefined;
}

/** The number of the row, as JSON lines count it, that a line of CSV with a header belongs to. */
function rowAtLine(csv: string, line: unknown): number {
  let [row, inQuote] = [0, false];
  let at = 1;
  for (const c of csv) {
    if (at === line) break;
    if (c === '"') inQuote = !inQuote;
    if (c !== '\n') continue;
    at++;
    if (!inQuote) row++;
  }
  return row;
}
