import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import {
  type Column,
  category,
  defineSchema,
  ignored,
  number,
  type ReadOptions,
  text,
} from '../src/index.ts';
import { oddFile } from './odd-file.ts';
import { outcomeOf, sameOutcome } from './outcome.ts';

/** Every lane, with its own chunks, gives what the reference gives for the whole file. */
async function expectSame(
  bytes: Uint8Array,
  options: ReadOptions,
  sizes: readonly number[] = [bytes.length + 1],
): Promise<void> {
  const wanted = await outcomeOf(bytes, { ...options, lane: 'reference' });
  for (const lane of ['wasm', 'plain', 'reference'] as const) {
    sameOutcome(await outcomeOf(bytes, { ...options, lane }, sizes), wanted, lane);
  }
}

// The same files in every run, unless more are asked for
const seed = process.env.LANES_RUNS === undefined ? { seed: 7 } : {};
const encode = (source: string): Uint8Array => new TextEncoder().encode(source);

describe('the lanes and the reference agree', () => {
  test('on generated files, in random chunks: table, warnings or error', async () => {
    await fc.assert(
      fc.asyncProperty(oddFile(), ({ source, options, sizes }) =>
        expectSame(encode(source), options, sizes),
      ),
      { numRuns: Number(process.env.LANES_RUNS ?? 120), endOnFailure: true, ...seed },
    );
  }, 60_000);

  test('on bytes that are no text, wherever they stand', async () => {
    const clean = encode(`a,b\n${'1.5,x\n'.repeat(40)}`);
    const schema = defineSchema({ a: number(), b: ignored() });
    for (const [at, byte] of [
      [60, 0xe9],
      [61, 0xff],
      [63, 0xc3],
      [clean.length - 2, 0xe2],
      [5, 0x80],
    ]) {
      const bytes = clean.slice();
      bytes[at] = byte;
      await expectSame(bytes, { schema }, [7]);
      await expectSame(bytes, {}, [50]);
    }
  });

  const folder = new URL('../../../test/cases/csv/files/', import.meta.url);
  test.each(readdirSync(folder))('on the reference case %s', async (name) => {
    const bytes = new Uint8Array(readFileSync(new URL(name, folder)));
    const all = (column: Column) => (names: readonly string[]) =>
      defineSchema(names.map((n) => [n, column] as const));
    const ways: ReadOptions[] = [
      {},
      { missing: 'keep' },
      { missing: 'drop', delimiter: ';', decimal: ',' },
      { schema: all(category()) },
      { schema: all(text()), header: false },
      { schema: all(ignored()), header: true },
    ];
    for (const options of ways) {
      await expectSame(bytes, options, [3]);
      // The odd line late in the file, where the lane is at work
      const lines = bytes.indexOf(10) + 1;
      if (lines === 0) continue;
      const header = bytes.subarray(0, lines);
      const width = new TextDecoder().decode(header).split(options.delimiter ?? ',').length;
      const row = encode(`${new Array(width).fill('1').join(options.delimiter ?? ',')}\n`);
      const repeated = Buffer.concat([header, ...new Array(30).fill(row), bytes.subarray(lines)]);
      await expectSame(new Uint8Array(repeated), options, [64]);
    }
  });

  test('on one column, whose blank lines are cells', async () => {
    for (const source of [
      'x\n1\n\n2\n',
      'x\n1\n""\n2\n',
      'x\n1\n \n',
      'x\n1\n\n\n',
      'x\n1\n"2"\n ""\n',
    ]) {
      await expectSame(encode(source), { missing: 'keep' }, [2]);
      await expectSame(encode(source), { schema: defineSchema({ x: text() }) }, [2]);
      await expectSame(encode(source), { missing: 'drop' }, [100]);
    }
  });

  test('where every row, or every second one, is odd', async () => {
    const rows = (odd: string, each: number) =>
      Array.from({ length: 3000 }, (_, i) => (i % each === 0 ? odd : '1.25,a')).join('\n');
    const schema = defineSchema({ x: number({ missing: { policy: 'drop' } }), t: text() });
    for (const odd of ['"1.5","a ""b"""', '2,"two\nlines"', 'NA,a', ' 3 ,é', '004,\u{1f600}']) {
      for (const each of [1, 2, 100])
        await expectSame(encode(`x,t\n${rows(odd, each)}\n`), { schema }, [1000]);
    }
  });

  test('with more columns than rows, and longer lines than the memory that was planned for them', async () => {
    const width = 3000;
    const names = Array.from({ length: width }, (_, i) => `c${i}`).join(',');
    const row = (i: number) => Array.from({ length: width }, (_, j) => `${i}.${j}`).join(',');
    const long = `1.${'0'.repeat(900)}`;
    const wide = new Array(width).fill(long).join(',');
    const source = `${names}\n${row(1)}\n${row(2)}\n${wide}\n${row(3)}\n`;
    await expectSame(encode(source), {}, [100_000]);
  });
});
