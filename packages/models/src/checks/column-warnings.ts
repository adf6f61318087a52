import type { Warning as DataWarning, Values } from '@steepest/datasets';
import { quotedList, type Warning } from './warning.ts';

/** What is known of columns without looking at them. */
interface Known {
  readonly names: readonly string[];
  type(name: string): Values['type'] | undefined;
}

/**
 * What the columns of a table suggest beside their numbers: texts and dates that were passed over, and numbers
 * that count the rows.
 */
export function columnWarnings(
  { names, type }: Known,
  features: readonly string[],
  isId: (name: string) => boolean,
): Warning[] {
  const idleOf = (kind: Values['type']) =>
    names.filter((name) => type(name) === kind && !features.includes(name));
  const [idle, dates] = [idleOf('text'), idleOf('date')];
  const ids = features.filter(isId);
  const warnings: Warning[] = [];
  if (idle.length > 0) {
    warnings.push({
      kind: 'unused-column',
      message: `${quotedList(idle)} ${idle.length === 1 ? 'holds' : 'hold'} text and ${idle.length === 1 ? 'was' : 'were'} not used; declare as category() what names groups`,
      columns: idle,
    });
  }
  if (dates.length > 0) {
    warnings.push({
      kind: 'unused-column',
      message: `${quotedList(dates)} ${dates.length === 1 ? 'holds' : 'hold'} dates and ${dates.length === 1 ? 'was' : 'were'} not used; prepare with dates() what time tells`,
      columns: dates,
    });
  }
  if (ids.length > 0) {
    warnings.push({
      kind: 'id-like',
      message: `${quotedList(ids)} ${ids.length === 1 ? 'counts' : 'count'} the rows, as identifiers do: what is learned from that holds for no other rows; leave it out by { exclude: [${quotedList(ids)}] }`,
      columns: ids,
    });
  }
  return warnings;
}

/** What `split` noticed about rows that were parted in their order: it concerns every figure. */
export function orderWarnings(warnings: readonly DataWarning[]): Warning[] {
  return warnings.flatMap(({ kind, message }) =>
    kind === 'rows-in-order' ? [{ kind, message }] : [],
  );
}

/**
 * Whole numbers, each once, that leave few out: rows by number, in their order or shuffled. The numbers
 * come in parts, which are asked for twice at most.
 */
export function countsRows(rows: number, parts: () => Iterable<Float64Array>): boolean {
  if (rows < 20) return false;
  let [low, high, last, increasing] = [Infinity, -Infinity, -Infinity, true];
  for (const values of parts()) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (!Number.isInteger(value)) return false;
      if (value < low) low = value;
      if (value > high) high = value;
      increasing &&= value > last;
      last = value;
    }
  }
  if (high - low >= 3 * rows) return increasing;
  const seen = new Uint8Array(high - low + 1);
  for (const values of parts()) {
    for (let i = 0; i < values.length; i++) if (seen[values[i] - low]++ > 0) return false;
  }
  return true;
}

/** Classes so rare that accuracy says little. */
export function imbalance(codes: Float64Array, classes: readonly string[]): Warning[] {
  if (codes.length < 100 || classes.length === 0) return [];
  const counts = new Float64Array(classes.length);
  for (let i = 0; i < codes.length; i++) counts[codes[i]]++;
  const rare = counts.indexOf(counts.reduce((least, count) => Math.min(least, count)));
  const share = counts[rare] / codes.length;
  if (counts[rare] === 0 || share >= 0.1 / (classes.length - 1)) return [];
  return [
    {
      kind: 'imbalance',
      message: `${(100 * share).toPrecision(2)} % of the rows are ${JSON.stringify(classes[rare])}: accuracy says little; judge by area under the curve, recall and precision, and give rare rows a weight if they matter more`,
    },
  ];
}
