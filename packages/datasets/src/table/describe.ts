import { isoText } from '../date-format.ts';
import { printing } from '../printing.ts';
import { quantileOf } from '../quantile.ts';
import { moments } from '../steps/moments.ts';
import { expectTable } from './expect-table.ts';
import { type Grid, gridHtml, gridText } from './grid.ts';
import type { Table, Values } from './table.ts';

/** What a column holds; dates are milliseconds since 1970. what its type has no use for is left out. */
export interface ColumnSummary {
  readonly name: string;
  readonly type: Values['type'];
  /** How many cells have no value. */
  readonly missing: number;
  /** How many different values there are. */
  readonly distinct: number;
  readonly mean?: number;
  /** The population's standard deviation (divided by n), as standardize() uses it. */
  readonly deviation?: number;
  readonly least?: number;
  /** Quantiles by linear interpolation between neighbours (Hyndman and Fan's type 7, as NumPy's). */
  readonly quartiles?: readonly [lower: number, median: number, upper: number];
  readonly greatest?: number;
  /** The value that occurs most often, the first of several, and how often it does. */
  readonly mostFrequent?: { readonly value: string; readonly count: number };
}

/** What the columns of a table hold; String() of it is a table. */
export interface Description {
  readonly rows: number;
  readonly columns: readonly ColumnSummary[];
}

/**
 * Type, holes, distinct values, and of numbers mean, deviation and quantiles, for each column.
 *
 * @example
 * console.log(String(describe(table)));
 * describe(table).columns[0].mean // 5.843
 */
export function describe(table: Table): Description {
  expectTable('describe', table);
  const columns = table.names.map((name) => summary(name, table.columns.get(name)!));
  const description: Description = { rows: table.rows, columns };
  const title = `${table.rows} rows${table.file === undefined ? '' : ` of ${table.file}`}`;
  return printing(description, {
    text: () => `${title}\n${gridText(gridOf(columns), 140)}`,
    html: () => `<p>${title}</p>${gridHtml(gridOf(columns))}`,
  });
}

function summary(name: string, column: Values): ColumnSummary {
  switch (column.type) {
    case 'number':
      return { name, type: 'number', ...ofNumbers(column.values) };
    case 'date':
      return { name, type: 'date', ...ofDates(column.values) };
    case 'boolean':
      return { name, type: 'boolean', ...ofLabels(column.values, ['false', 'true']) };
    case 'category':
      return { name, type: 'category', ...ofLabels(column.codes, column.levels) };
    default:
      return { name, type: 'text', ...ofTexts(column.values) };
  }
}

type Facts = Omit<ColumnSummary, 'name' | 'type'>;

function ofNumbers(values: Float64Array): Facts {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const missing = values.length - sorted.length;
  if (sorted.length === 0) return { missing, distinct: 0 };
  let distinct = 1;
  for (let i = 1; i < sorted.length; i++) if (sorted[i] !== sorted[i - 1]) distinct++;
  const { mean, deviation } = moments(sorted);
  const quartiles = [
    quantileOf(sorted, 0.25),
    quantileOf(sorted, 0.5),
    quantileOf(sorted, 0.75),
  ] as const;
  const [least, greatest] = [sorted[0], sorted[sorted.length - 1]];
  return { missing, distinct, mean, deviation, least, quartiles, greatest };
}

/** As of numbers, without a deviation: it would be no date. */
function ofDates(values: Float64Array): Facts {
  const { deviation: _, ...facts } = ofNumbers(values);
  return facts;
}

function ofLabels(codes: Int32Array | Int8Array, levels: readonly string[]): Facts {
  const counts = new Array<number>(levels.length).fill(0);
  for (const code of codes) if (code >= 0) counts[code]++;
  const present = counts.reduce((a, b) => a + b, 0);
  const distinct = counts.filter((count) => count > 0).length;
  const missing = codes.length - present;
  if (present === 0) return { missing, distinct };
  const best = counts.indexOf(counts.reduce((a, b) => Math.max(a, b)));
  return { missing, distinct, mostFrequent: { value: levels[best], count: counts[best] } };
}

function ofTexts(values: readonly (string | null)[]): Facts {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  const missing = values.reduce((holes, value) => holes + (value === null ? 1 : 0), 0);
  let most: { value: string; count: number } | undefined;
  for (const [value, count] of counts) {
    if (most === undefined || count > most.count) most = { value, count };
  }
  return { missing, distinct: counts.size, ...(most === undefined ? {} : { mostFrequent: most }) };
}

function shown(value: number | undefined, type: Values['type']): number | string {
  if (value === undefined) return '';
  return type === 'date' ? isoText(Math.round(value)) : value;
}

function gridOf(columns: readonly ColumnSummary[]): Grid {
  return {
    headings: [
      'column',
      'type',
      'missing',
      'distinct',
      'mean',
      'deviation',
      'least',
      '25 %',
      'median',
      '75 %',
      'greatest',
      'most frequent',
    ],
    rows: columns.map(({ name, type, missing, distinct, mostFrequent, ...numbers }) => [
      name,
      type,
      missing,
      distinct,
      shown(numbers.mean, type),
      numbers.deviation ?? '',
      shown(numbers.least, type),
      ...(numbers.quartiles ?? [undefined, undefined, undefined]).map((q) => shown(q, type)),
      shown(numbers.greatest, type),
      mostFrequent === undefined ? '' : `${mostFrequent.value} (${mostFrequent.count})`,
    ]),
  };
}
