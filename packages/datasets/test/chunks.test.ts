import { describe, expect, test } from 'vitest';
import { defineSchema, inferSchemaOf, parseCsv, readCsv, text, writeCsv } from '../src/index.ts';

const bytes = new TextEncoder().encode('a,b\n1,2\n');

describe('chunks', () => {
  test.each([
    ['an ArrayBuffer', bytes.buffer.slice(0)],
    ['a DataView', new DataView(bytes.buffer)],
    ['bytes under another name', new Int8Array(bytes.buffer)],
  ])('%s is read as bytes, alone and in a stream', async (_, chunk) => {
    expect(parseCsv(chunk as never).rows).toBe(1);
    expect((await readCsv([chunk as ArrayBuffer])).rows).toBe(1);
  });

  test.each([[null], [undefined], [7], [Float64Array.of(1)], [['a']]])(
    '%j is refused as a chunk',
    async (chunk) => {
      const message = /readCsv: a chunk of the source must be text or bytes/;
      await expect(readCsv(['a\n', chunk as never])).rejects.toThrow(message);
      const stream = new ReadableStream({
        start(control) {
          control.enqueue(chunk);
        },
      });
      await expect(readCsv(stream as never)).rejects.toThrow(message);
    },
  );

  test('half of a surrogate pair is refused, wherever it stands', async () => {
    const pair = '\u{1f600}';
    expect(parseCsv(`${pair}\n1\n`).names).toEqual([pair]);
    expect((await readCsv([pair[0], `${pair[1]}\n1\n`])).names).toEqual([pair]);
    for (const source of [`${pair[0]}\n1\n`, `a${pair[1]}\n1\n`, `a\n1\n${pair[0]}`]) {
      expect(() => parseCsv(source)).toThrow(/half of a surrogate pair/);
      await expect(readCsv([...source])).rejects.toMatchObject({ reason: 'encoding' });
    }
    await expect(readCsv([`a${pair[0]}`, bytes])).rejects.toThrow(/half of a surrogate pair/);
  });
});

describe('a file of one column', () => {
  const schema = defineSchema({ name: text() });

  test('keeps the spaces of a line of spaces', () => {
    const table = parseCsv('name\n  \nx\n\t\ny\n', { schema });
    expect(table.columns.get('name')).toMatchObject({ values: ['  ', 'x', '\t', 'y'] });
    expect(parseCsv(writeCsv(table), { schema }).columns).toEqual(table.columns);
  });

  test('may hold words with spaces between them', () => {
    expect(inferSchemaOf('full name\nAda Lovelace\nAlan Turing\n').schema.columns).toHaveLength(1);
    expect(() => inferSchemaOf('a b\n1 2\n')).toThrow(/delimiter/);
  });

  test('is believed to be one where the user says the delimiter', () => {
    expect(inferSchemaOf('a;b\nc;d\n', { delimiter: ',' }).schema.columns[0].name).toBe('a;b');
  });
});

test('labels that agree in a thousand characters stay two', () => {
  const [one, other] = ['a', 'b'].map((end) => 'x'.repeat(1000) + end);
  const { schema } = inferSchemaOf(`k\n${one}\n${other}\n${one}\n${other}\n`);
  expect(schema.columns[0]).toMatchObject({ type: 'category', levels: [one, other] });
});
