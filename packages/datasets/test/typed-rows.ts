import fc from 'fast-check';
import {
  boolean,
  type Column,
  type Columns,
  category,
  date,
  defineSchema,
  number,
  type Schema,
  text,
} from '../src/index.ts';

/** A cell of any format: dates are Dates, null is a hole. */
export type TypedCell = number | string | boolean | Date | null;

/** Rows that every format can hold, and the schema that reads them from all of them. */
export interface TypedRows {
  readonly schema: Schema<Columns>;
  readonly names: readonly string[];
  readonly rows: readonly (readonly TypedCell[])[];
}

const holeToken = '\\N'; // what a hole in a column of text is in CSV
const policies = ['error', 'keep', 'drop'] as const;
type Holes = (typeof policies)[number];

const finite = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .filter((x) => Math.abs(x) < 2 ** 53 || Math.abs(x) > 1e21);
const numbers = fc.oneof(finite, fc.integer(), fc.constantFrom(-0, 0.1, 1e-7, 5e-324, 1e300));
const labels = fc.constantFrom('a', 'b b', 'é"x', '1', 'true', 'x,y', '٣', '🜁');
const texts = fc.oneof(
  fc.string({ maxLength: 8 }),
  labels,
  fc.constantFrom('', ' a ', 'NA', 'line\nbreak', 'tab\t', "it's", '\\', '007', '{"a":1}'),
);
const times = fc
  .integer({ min: -62_135_596_800, max: 253_402_300_799 })
  .map((seconds) => new Date(1000 * seconds));

const kinds: readonly {
  readonly cell: fc.Arbitrary<TypedCell>;
  readonly column: (policy: Holes) => Column;
}[] = [
  { cell: numbers, column: (policy) => number({ missing: { policy } }) },
  {
    cell: numbers,
    column: (policy) => number({ missing: { policy: policy === 'keep' ? 'mean' : policy } }),
  },
  { cell: labels, column: (policy) => category(undefined, { missing: { policy } }) },
  { cell: fc.boolean(), column: (policy) => boolean({ missing: { policy } }) },
  { cell: times, column: (policy) => date({ missing: { policy } }) },
  { cell: texts, column: (policy) => text({ missing: { tokens: [holeToken], policy } }) },
];

/** Random rows; few of them have holes where holes are refused. */
export const typedRows: fc.Arbitrary<TypedRows> = fc
  .array(fc.tuple(fc.nat(kinds.length - 1), fc.constantFrom<Holes>(...policies)), {
    minLength: 1,
    maxLength: 5,
  })
  .chain((picked) => {
    const columns = picked.map(([k, policy]) => ({ ...kinds[k], policy }));
    const cells = columns.map(({ cell, policy }) => {
      const freq = policy === 'error' ? 400 : 5;
      return fc.option(cell, { freq, nil: null });
    });
    return fc.array(fc.tuple(...cells), { minLength: 1, maxLength: 12 }).map((rows): TypedRows => {
      const names = columns.map((_, i) => `c${i}`);
      const pairs = columns.map(({ column, policy }, i) => [names[i], column(policy)] as const);
      return { schema: defineSchema<Record<string, Column>>(pairs), names, rows };
    });
  });

export function csvOf({ schema, names, rows }: TypedRows): string {
  const lines = rows.map((row) =>
    row
      .map((cell, i) => {
        const isText = schema.columns[i].type === 'text';
        if (cell === null) return isText ? `"${holeToken}"` : '""';
        const raw = cell instanceof Date ? cell.toISOString() : written(cell);
        return `"${raw.replaceAll('"', '""')}"`;
      })
      .join(','),
  );
  return `${[names.join(','), ...lines].join('\n')}\n`;
}

export function jsonLinesOf({ names, rows }: TypedRows): string {
  const lines = rows.map((row) => {
    const cells = row.map((cell, i) => {
      const value = typeof cell === 'number' ? written(cell) : JSON.stringify(cell);
      return `${JSON.stringify(names[i])}: ${value}`;
    });
    return `{${cells.join(', ')}}`;
  });
  return lines.join('\n');
}

function written(cell: number | string | boolean): string {
  return Object.is(cell, -0) ? '-0' : String(cell);
}
