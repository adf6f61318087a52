import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Column,
  category,
  defineSchema,
  ignored,
  number,
  numbers,
  parseCsv,
  readCsv,
  text,
  writeCsv,
} from '../src/index.ts';

describe('a stream is read as the whole text is', () => {
  const schema = defineSchema({ t: text(), x: number(), 'é😀': category() });
  const source = '\ufefft,x,é😀\r\n"a ""b"",\r\nc",1,ü\r\n\u{1f600},-2.5e3,ö\r\n"",3,ü';
  const bytes = new TextEncoder().encode(source);
  const whole = parseCsv(source, { schema });

  test('wherever the bytes are cut', async () => {
    for (let size = 1; size <= bytes.length; size++) {
      const chunks: Uint8Array[] = [];
      for (let i = 0; i < bytes.length; i += size) chunks.push(bytes.subarray(i, i + size));
      expect(await readCsv(chunks, { schema })).toEqual(whole);
    }
  });

  test('wherever the text is cut, also between surrogates', async () => {
    expect(await readCsv(source.split(''), { schema })).toEqual(whole);
  });

  test('from a web stream and from a blob', async () => {
    const blob = new Blob([bytes.slice(0, 20), bytes.slice(20)]);
    expect(await readCsv(blob.stream(), { schema })).toEqual(whole);
    expect(await readCsv(blob, { schema })).toEqual(whole);
  });

  test('from an async generator', async () => {
    async function* chunks(): AsyncGenerator<string> {
      yield source.slice(0, 9);
      yield '';
      yield source.slice(9);
    }
    expect(await readCsv(chunks(), { schema })).toEqual(whole);
  });

  test('a refused file closes its web stream', async () => {
    let cancelled = false;
    const stream = new ReadableStream<string>({
      pull: (controller) => controller.enqueue('a,b\n1,x\n'.repeat(20_000)),
      cancel: () => {
        cancelled = true;
      },
    });
    await expect(readCsv(stream)).rejects.toMatchObject({ reason: 'not-a-number', line: 2 });
    expect(cancelled).toBe(true);
  });

  test('across many blocks, lines are still counted right', async () => {
    const rows = Array.from({ length: 60_000 }, (_, i) =>
      i % 7 === 0 ? `"two\r\nlines",${i}` : `k,${i}`,
    );
    const upTo = rows.slice(0, 50_001).join('\n');
    const line = 2 + upTo.split('\n').length;
    rows.splice(50_001, 0, 'k,oops');
    const lined = defineSchema({ k: ignored(), x: number() });
    await expect(readCsv(['k,x\n', rows.join('\n')], { schema: lined })).rejects.toMatchObject({
      line,
      column: 'x',
    });
  });
});

test('72 MB are read in bounded memory: the text is not kept', async () => {
  const row = `${'0.1234567890,'.repeat(5)}a text that nobody reads, ever\n`.replace(
    ', ever',
    ' ever',
  );
  const block = new TextEncoder().encode(row.repeat(1000));
  let peak = 0;
  function* chunks(): Generator<Uint8Array> {
    yield new TextEncoder().encode('a,b,c,d,e,note\n');
    for (let sent = 0; sent < 72e6; sent += block.length) {
      yield block;
      const { heapUsed, external } = process.memoryUsage();
      peak = Math.max(peak, heapUsed + external);
    }
  }
  const start = process.memoryUsage();
  const table = await readCsv(chunks(), { columns: ['a'] });
  expect(table.rows).toBeGreaterThan(700_000);
  expect(numbers(table, 'a')[table.rows - 1]).toBe(0.123456789);
  // One column of 8-byte numbers, doubled while it grows (some 25 MB), and garbage not yet collected.
  expect((peak - start.heapUsed - start.external) / 1e6).toBeLessThan(60);
}, 20_000);

describe('writeCsv', () => {
  const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 });
  const cell = fc.string({ unit: 'grapheme', maxLength: 12 });
  const clean = (s: string): boolean => !/[\p{Cc}]/u.test(s.replace(/[\n\t]|\r\n/g, ''));

  test('what is written reads back: text with quotes, line ends and any script, and every double', () => {
    const double = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { minLength: 2, maxLength: 2, selector: (s) => s.trim() }),
        fc.array(fc.tuple(cell.filter(clean), double), { minLength: 1, maxLength: 20 }),
        fc.constantFrom(',', ';', '\t', '||'),
        ([a, b], rows, delimiter) => {
          fc.pre(clean(a) && clean(b) && a.trim() === a && b.trim() === b && a !== '' && b !== '');
          fc.pre(!/^[\d+\-.eE]+$/.test(a + b));
          const pairs: [string, Column][] = [
            [a, text()],
            [b, number()],
          ];
          const schema = defineSchema<Record<string, Column>>(pairs);
          const table = {
            ...parseCsv('x\n1\n'),
            schema,
            rows: rows.length,
            names: [a, b],
            columns: new Map([
              [a, { type: 'text' as const, values: rows.map(([s]) => s) }],
              [b, { type: 'number' as const, values: Float64Array.from(rows, ([, x]) => x) }],
            ]),
          };
          const read = parseCsv(writeCsv(table, { delimiter }), { schema, delimiter });
          expect(read.columns).toEqual(table.columns);
        },
      ),
    );
  });

  test('one column of blanks is quoted, so that its rows are not blank lines', () => {
    const schema = defineSchema({ t: text() });
    const table = parseCsv('t\n""\nx\n', { schema });
    expect(writeCsv(table)).toBe('t\n""\nx\n');
  });
});
