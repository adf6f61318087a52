import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  category,
  defineSchema,
  number,
  parseCsv,
  type ReadOptions,
  rowAt,
  text,
} from '../src/index.ts';
import { inferSchema, openCsv, readCsv } from '../src/node.ts';

const content = `größe,ort\n${Array.from({ length: 3000 }, (_, i) => `${i / 7},${['Köln', 'Łódź 😀', '"A, €"'][i % 3]}\n`).join('')}`;
const simple = content.replaceAll('Łódź 😀', 'Málaga');
const schema = defineSchema({ größe: number(), ort: category() }, { target: 'ort' });

const littleEndian = (s: string): Buffer => Buffer.from(s, 'utf16le');
const bigEndian = (s: string): Buffer => Buffer.from(s, 'utf16le').swap16();
const windows = (s: string): Buffer =>
  Buffer.from(Array.from(s, (c) => (c === '€' ? 0x80 : c.charCodeAt(0))));

describe('bytes in another encoding give the same table', () => {
  test.each<[string, Buffer, string, ReadOptions['encoding']]>([
    ['windows-1252', windows(simple), simple, 'windows-1252'],
    ['its other name', windows(simple), simple, 'latin1'],
    ['UTF-16', littleEndian(content), content, 'utf-16le'],
    ['UTF-16, big endian', bigEndian(content), content, 'utf-16be'],
    ['UTF-16 by its mark', littleEndian(`\ufeff${content}`), content, undefined],
    ['UTF-16, big endian, by its mark', bigEndian(`\ufeff${content}`), content, undefined],
    ['UTF-16 with mark and option', littleEndian(`\ufeff${content}`), content, 'utf-16le'],
    ['UTF-8 by its mark', Buffer.from(`\ufeff${content}`), content, undefined],
  ])('%s', async (_, bytes, wanted, encoding) => {
    const options = encoding === undefined ? { schema } : { schema, encoding };
    const { columns } = parseCsv(wanted, { schema });
    expect(parseCsv(bytes, options).columns).toEqual(columns);
    const chunks = [0, 1, 2, 3, 10, 1001, 2002].map((at, i, all) => bytes.subarray(at, all[i + 1]));
    expect((await readCsv(chunks, options)).columns).toEqual(columns);
    expect((await readCsv(gzipSync(bytes), options)).columns).toEqual(columns);
    const path = join(mkdtempSync(join(tmpdir(), 'encoding-')), 'a.csv');
    writeFileSync(path, bytes);
    expect((await readCsv(path, options)).columns).toEqual(columns);
    const { schema: _s, ...others } = options;
    expect((await readCsv(path, { ...others, schema: 'infer' })).columns).toEqual(columns);
    expect((await inferSchema(path, others)).schema.columns[0]).toEqual({
      name: 'größe',
      type: 'number',
    });
    const disk = await openCsv(path, options);
    expect(disk.slice(0, disk.rows).columns).toEqual(columns);
    disk.close();
  });

  test('every byte of Windows-1252 is the character that the standard says', () => {
    const high = Uint8Array.from({ length: 128 }, (_, i) => 128 + i);
    const bytes = Uint8Array.of(...Buffer.from('a\n'), ...high, 10);
    const options = { schema: defineSchema({ a: text() }), encoding: 'latin1' } as const;
    const cell = rowAt(parseCsv(bytes, options), 0).a;
    // What Python's cp1252 gives for the bytes that differ from Latin-1
    expect(cell.replace(/[\u0080-\u009f]/g, '')).toBe(
      `€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ${String.fromCharCode(...high.slice(32))}`,
    );
  });
});

describe('what does not fit its encoding is refused', () => {
  const latin = windows('a\n1\né\n');
  test.each<[string, Uint8Array | string, ReadOptions, RegExp]>([
    ['Latin-1 as UTF-8', latin, {}, /line 3.*0xE9.*pass encoding: 'windows-1252' if it is/],
    ['UTF-16 without a mark', littleEndian('a\n1\n'), {}, /line 1: .*pass encoding: 'utf-16le'/],
    ['the same, big endian', bigEndian('a\n1\n'), {}, /line 1: .*pass encoding: 'utf-16be'/],
    [
      'another mark',
      bigEndian('\ufeffa\n1\n'),
      { encoding: 'utf-16le' },
      /mark says utf-16be, and the option encoding 'utf-16le'; leave/,
    ],
    [
      'half a unit',
      littleEndian('a\n12\n').subarray(0, 7),
      { encoding: 'utf-16le' },
      /ends inside/,
    ],
    ['half a pair', littleEndian('a\n\ud83d1\n'), { encoding: 'utf-16le' }, /lost its other half/],
    ['gzip', gzipSync('a'), { encoding: 'latin1' }, /compressed by gzip/],
    ['text', 'a\n1\n', { encoding: 'latin1' }, /source is text, and encoding says/],
    ['no encoding', latin, { encoding: 'utf-7' as 'utf-8' }, /encoding must be one of/],
  ])('%s', (_, source, options, message) => {
    expect(() => parseCsv(source, { file: 'a.csv', ...options })).toThrow(message);
  });
});
