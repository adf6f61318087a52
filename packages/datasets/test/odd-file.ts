import fc from 'fast-check';
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

export interface OddFile {
  readonly source: string;
  readonly options: ReadOptions;
  readonly sizes: readonly number[];
}

/** Files of mostly plain rows with a few odd cells and odd lines; `tame` ones suit several threads. */
export const oddFile = (tame = false): fc.Arbitrary<OddFile> =>
  fc
    .record({
      kinds: fc.array(fc.tuple(fc.nat(tame ? 7 : 10), fc.constantFrom('error', 'keep', 'drop')), {
        minLength: 1,
        maxLength: 5,
      }),
      odd: tame ? fc.constantFrom(0, 0.002, 0.01) : fc.constantFrom(0, 0.002, 0.02, 0.3),
      rows: fc.integer({ min: 1, max: 60 }),
      delimiter: tame ? fc.constant(';') : fc.constantFrom(',', ';', '\t', ' ', '||'),
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
    .map((made): OddFile => {
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
