import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { CsvError, defineSchema, number, parseCsv } from '../src/index.ts';
import { inferSchema, openCsv, readCsv } from '../src/node.ts';

const csv = `a,b\n${Array.from({ length: 20_000 }, (_, i) => `${i},${i / 7}\n`).join('')}`;
const plain = parseCsv(csv);
const packed = new Uint8Array(gzipSync(csv));
const folder = mkdtempSync(join(tmpdir(), 'gzip-'));
const written = (name: string, bytes: Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};
const path = written('plain name.csv', packed);
const cut = packed.slice(0, packed.length - 1000);
const wrong = packed.map((byte, i) => (i > 5000 && i < 5100 ? 0 : byte));

function* pieces(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  const memory = new Uint8Array(size); // a chunk's memory is used again
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size);
    memory.set(piece);
    yield memory.subarray(0, piece.length);
  }
}

describe('gzip is read as what it holds', () => {
  test.each<[string, () => Parameters<typeof readCsv>[0]]>([
    ['a path', () => path],
    ['bytes', () => packed],
    ['chunks of one byte', () => pieces(packed.slice(0), 1)],
    ['chunks', () => pieces(packed, 1000)],
    ['a blob', () => new Blob([packed])],
    ['a web stream', () => new Blob([packed]).stream()],
  ])('%s', async (_, source) => {
    const { columns, rows } = await readCsv(source());
    expect(rows).toBe(plain.rows);
    expect(columns).toEqual(plain.columns);
  });

  test('members one after the other, as pigz and bgzip write them', async () => {
    const both = written('members', Buffer.concat([gzipSync('a\n1\n'), gzipSync('2\n3\n')]));
    expect((await readCsv(both)).rows).toBe(3);
  });

  test('by every door', async () => {
    expect((await inferSchema(path)).explanation).toContain('20000 rows, 2 columns');
    expect((await readCsv(path, { schema: 'infer' })).rows).toBe(20_000);
    expect((await readCsv(path, { limit: 3 })).rows).toBe(3);
    expect((await readCsv(packed, { limit: 3 })).rows).toBe(3);
    const schema = defineSchema({ a: number(), b: number() });
    for (const limit of [20_000, 10]) {
      const table = await openCsv(path, { schema, limit });
      expect(table.slice(0, 10).columns.get('b')).toEqual({
        type: 'number',
        values: Float64Array.from({ length: 10 }, (_, i) => i / 7),
      });
      table.close();
      const again = await openCsv(path, { schema, limit });
      expect(again.rows).toBe(limit);
      again.close();
    }
  });

  test('a cell that is wrong has the line of the text', async () => {
    const source = gzipSync('a\n1\nx\n');
    await expect(readCsv(source, { file: 'a.csv.gz' })).rejects.toMatchObject({
      message: expect.stringMatching(/^readCsv: a.csv.gz, line 3, column "a": got "x"/),
    });
  });
});

describe('gzip that is not whole is one clear error', () => {
  test.each<[string, Uint8Array, RegExp]>([
    ['cut off', cut, /compressed by gzip, and is cut off before its end; copy or download/],
    ['cut off in its head', packed.slice(0, 5), /is cut off before its end/],
    ['damaged', wrong, /compressed by gzip, and its content is damaged; copy or download/],
  ])('%s', async (name, bytes, message) => {
    const file = written(name, bytes);
    const errors = await Promise.all([
      readCsv(file).catch((e: unknown) => e),
      readCsv(bytes, { file }).catch((e: unknown) => e),
      readCsv(new Blob([bytes.slice(0)]), { file }).catch((e: unknown) => e),
      inferSchema(file).catch((e: unknown) => e),
      openCsv(file, { schema: defineSchema({ a: number(), b: number() }) }).catch((e) => e),
    ]);
    for (const error of errors) {
      expect(error).toBeInstanceOf(CsvError);
      expect(error).toMatchObject({ reason: 'encoding', file });
      expect(String(error)).toMatch(message);
    }
  });

  test('a source that fails tells its own error, and is closed when no more is wanted', async () => {
    let closed = false;
    const failing = async function* (fails: boolean) {
      try {
        yield packed.subarray(0, 4000);
        if (fails) throw new Error('the line went dead');
        yield packed.subarray(4000);
      } finally {
        closed = true;
      }
    };
    await expect(readCsv(failing(true))).rejects.toThrow('the line went dead');
    closed = false;
    expect((await readCsv(failing(false), { limit: 2 })).rows).toBe(2);
    expect(closed).toBe(true);
  });
});

test('at once, gzip is refused with the way out', () => {
  expect(() => parseCsv(packed)).toThrow(/compressed by gzip; read it by readCsv/);
});
