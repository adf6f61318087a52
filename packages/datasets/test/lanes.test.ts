import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  boolean,
  type Column,
  category,
  defineSchema,
  ignored,
  number,
  type ReadOptions,
  text,
} from '../src/index.ts';
import { outcomeOf } from './outcome.ts';

/** Every lane, with its own chunks, gives what the reference gives for the whole file. */
async function expectSame(
  bytes: Uint8Array,
  options: ReadOptions,
  sizes: readonly number[] = [bytes.length + 1],
): Promise<void> {
  const wanted = await outcomeOf(bytes, { ...options, lane: 'reference' });
  for (const lane of ['wasm', 'plain', 'reference'] as const) {
    const found = await outcomeOf(bytes, { ...options, lane }, sizes);
    // A field that is too long is refused before its record is whole, which may have another fault.
    const early = [found, wanted].some(({ reason }) => reason === 'field-too-large');
    if (early && found.reason !== wanted.reason) expect(found.line, lane).toBe(wanted.line);
    else expect(found, lane).toEqual(wanted);
  }
}

const encode = (source: string): Uint8Array => new TextEncoder().encode(source);

const plainNumber = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.integer().map(String),
  fc.tuple(fc.integer({ min: -999, max: 999 }), fc.nat(99)).map(([a, b]) => `${a}.${b}`),
  fc.constantFrom('0', '-0', '+5', '1.', '.5', '-.5', '1e5', '1E-3', '2.5e+2', '-0.0e0'),
);
const oddNumber = fc.constantFrom(
  ...['007', '-01', '9007199254740993', '12345678901234567890', '1e400', '1e-400', '4.9e-324'],
  ...['5e-325', '0.00000000000000000000001', `0.${'3'.repeat(60)}`, `1${'0'.repeat(400)}`],
  ...['NA', 'nan', '-', '.', '+', 'e5', '1e', '1e+', '1e99999', '1.2.3', '0x10', '1_000', '1,5'],
  ...[' 5', '5 ', '\t7\t', ' ', '', '"5"', '" 6 "', '"7', '8"', '"9"x', '""', '"NA"', '"1,5"'],
  ...['1\r2', 'é', '"é"', '\u0000', '1\u0000', '"a\nb"', '"a""b"', '½', '−5', '5kg', '-99', '?'],
);
const label = fc.constantFrom(
  ...['a', 'b', 'true', 'false', 'TRUE', 'A long label of many letters', 'é', '"a"', '"b,c"'],
  ...[
    '"a ""q"""',
    '',
    '?',
    'NA',
    ' a ',
    'a\u0000',
    '1',
    '01',
    '1.0',
    'exactly',
    '"sevenxx"',
    'x y',
  ],
);
const columnOf = (policy: 'error' | 'keep' | 'drop'): Column[] => [
  number({ missing: { policy } }),
  number({ missing: { policy: 'mean' } }),
  number({ missing: { tokens: ['-99', '?'], policy } }),
  number({ missing: { tokens: ['x'], policy } }),
  category(undefined, { missing: { policy } }),
  category(['a', 'b', 'true', ''], { missing: { policy } }),
  boolean({ missing: { policy } }),
  boolean({ true: ['a', '1'], false: ['b', ''], missing: { policy } }),
  text({ missing: { tokens: ['NA'], policy } }),
  text(),
  ignored(),
];

interface File {
  readonly source: string;
  readonly options: ReadOptions;
  readonly sizes: readonly number[];
}

/** Files of mostly plain rows with a few odd cells and odd lines. */
const file: fc.Arbitrary<File> = fc
  .record({
    kinds: fc.array(fc.tuple(fc.nat(10), fc.constantFrom('error', 'keep', 'drop')), {
      minLength: 1,
      maxLength: 5,
    }),
    odd: fc.constantFrom(0, 0.002, 0.02, 0.3),
    rows: fc.integer({ min: 1, max: 60 }),
    delimiter: fc.constantFrom(',', ';', '\t', ' ', '||'),
    comma: fc.boolean(),
    newline: fc.constantFrom('\n', '\r\n'),
    end: fc.constantFrom('', '\n', '\n\n', '\n \n\n', '\r\n', '\n1'),
    start: fc.constantFrom('', '\ufeff'),
    sizes: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 }),
    maxFieldSize: fc.constantFrom(undefined, undefined, 30),
    draws: fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
    plain: fc.infiniteStream(plainNumber),
    strange: fc.infiniteStream(oddNumber),
    labels: fc.infiniteStream(label),
    oddLines: fc.constantFrom('', '', '\n', ' \n', '1\n', '"x\n', 'a\rb\n'),
  })
  .map((made): File => {
    const columns = made.kinds.map(
      ([k, policy]) => columnOf(policy as 'error' | 'keep' | 'drop')[k],
    );
    const draw = (): number => made.draws.next().value as number;
    const cell = (column: Column): string => {
      if (draw() < made.odd) return made.strange.next().value as string;
      if (column.type === 'number') return made.plain.next().value as string;
      if (column.type === 'boolean' && column.true === undefined)
        return draw() < 0.5 ? 'true' : 'False';
      if (draw() > 2 * made.odd) return draw() < 0.5 ? 'a' : 'b';
      return made.labels.next().value as string;
    };
    const decimal = made.comma ? ',' : '.';
    const names = columns.map((_, i) => `c${i}`);
    const lines = [names.join(made.delimiter)];
    for (let i = 0; i < made.rows; i++) {
      const cells = columns.map((column) => {
        const raw = cell(column);
        return made.comma && made.delimiter !== ',' ? raw.replace('.', ',') : raw;
      });
      lines.push(cells.join(made.delimiter));
      if (made.oddLines !== '' && draw() < 0.02) lines.push(made.oddLines.slice(0, -1));
    }
    const pairs = names.map((name, i) => [name, columns[i]] as const);
    return {
      source: made.start + lines.join(made.newline) + made.end,
      options: {
        schema: defineSchema<Record<string, Column>>(pairs),
        delimiter: made.delimiter,
        decimal,
        ...(made.maxFieldSize === undefined ? {} : { maxFieldSize: made.maxFieldSize }),
      },
      sizes: made.sizes,
    };
  });

describe('the lanes and the reference agree', () => {
  test('on generated files, in random chunks: table, warnings or error', async () => {
    await fc.assert(
      fc.asyncProperty(file, ({ source, options, sizes }) =>
        expectSame(encode(source), options, sizes),
      ),
      { numRuns: Number(process.env.LANES_RUNS ?? 250) },
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
