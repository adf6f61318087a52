import type { Table } from '@steepest/datasets';
import { quotedList, type Warning } from './warning.ts';

/**
 * What the columns of a table suggest beside their numbers: texts and dates that were passed over, and numbers
 * that count the rows.
 */
export function columnWarnings(table: Table, features: readonly string[]): Warning[] {
  const texts = table.names.filter((name) => table.columns.get(name)?.type === 'text');
  const idle = texts.filter((name) => !features.includes(name));
  const dates = table.names.filter(
    (name) => table.columns.get(name)?.type === 'date' && !features.includes(name),
  );
  const ids = features.filter((name) => countsRows(table, name));
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

/** Whole numbers, each once, that leave few out: rows by number, in their order or shuffled. */
function countsRows(table: Table, name: string): boolean {
  const column = table.columns.get(name);
  if (column?.type !== 'number' || table.rows < 20) return false;
  const { values } = column;
  let [low, high] = [values[0], values[0]];
  for (let i = 0; i < values.length; i++) {
    if (!Number.isInteger(values[i])) return false;
    if (values[i] < low) low = values[i];
    if (values[i] > high) high = values[i];
  }
  if (high - low >= 3 * table.rows) return increasing(values);
  const seen = new Uint8Array(high - low + 1);
  for (let i = 0; i < values.length; i++) {
    if (seen[values[i] - low]++ > 0) return false;
  }
  return true;
}

function increasing(values: Float64Array): boolean {
  for (let i = 1; i < values.length; i++) if (!(values[i] > values[i - 1])) return false;
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
