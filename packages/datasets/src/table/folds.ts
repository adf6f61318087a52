import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { quoted } from '../error.ts';
import { range, shuffleInPlace } from '../random/shuffle.ts';
import { columnValues, type Table } from './table.ts';

/**
 * The rows of each fold, where those of one group stay together: the largest groups first, each into the
 * fold with the fewest rows. Drawn at random is only which of several equally large groups comes first.
 */
export function byGroup(
  operation: string,
  table: Table,
  name: string,
  k: number,
  random: RandomGenerator | undefined,
): Int32Array[] {
  const groups = groupsOf(operation, table, name);
  if (groups.length < k) {
    throw new RangeError(
      `${operation}: k must be at most the ${groups.length} groups of ${quoted(name)}, got ${k}`,
    );
  }
  const order = range(groups.length);
  if (random !== undefined) shuffleInPlace(order, random);
  const largestFirst = [...order].sort((a, b) => groups[b].length - groups[a].length);
  const folds: number[][] = Array.from({ length: k }, () => []);
  for (const g of largestFirst) {
    const least = folds.reduce((best, fold) => (fold.length < best.length ? fold : best));
    for (const i of groups[g]) least.push(i);
  }
  return folds.map((rows) => Int32Array.from(rows.sort((a, b) => a - b)));
}

function groupsOf(operation: string, table: Table, name: string): number[][] {
  const column = columnValues(table, name, operation);
  const groups = new Map<number | string | null, number[]>();
  for (let i = 0; i < table.rows; i++) {
    const key = column.type === 'category' ? column.codes[i] : column.values[i];
    if (key === null || Number.isNaN(key) || (column.type !== 'number' && key === -1)) {
      throw holeAt(operation, i, name, 'group');
    }
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [i]);
    else group.push(i);
  }
  return [...groups.values()];
}

/**
 * k blocks of rows / (k + 1) rows at the end of time, each to be judged by what was learned from all
 * rows before it. A cut between rows of the same time moves on to the next time.
 */
export function byTime(
  operation: string,
  table: Table,
  name: string,
  k: number,
): { readonly train: Int32Array; readonly validation: Int32Array }[] {
  const column = columnValues(table, name, operation);
  if (column.type !== 'number' && column.type !== 'date') {
    throw new TypeError(
      `${operation}: time must be a column of dates or numbers, ${quoted(name)} holds ${column.type}; declare it date()`,
    );
  }
  const { values } = column;
  const hole = values.findIndex(Number.isNaN);
  if (hole >= 0) throw holeAt(operation, hole, name, 'time');
  const order = range(table.rows).sort((a, b) => values[a] - values[b] || a - b);
  const size = Math.floor(table.rows / (k + 1));
  const cuts = Array.from({ length: k + 1 }, (_, i) => {
    let cut = table.rows - (k - i) * size;
    while (cut > 0 && cut < order.length && values[order[cut]] === values[order[cut - 1]]) cut++;
    return cut;
  });
  const empty = size === 0 || cuts.some((cut, i) => cut === (i === 0 ? 0 : cuts[i - 1]));
  if (empty) {
    throw new RangeError(
      `${operation}: k = ${k} folds in time need more different times than the ${table.rows} rows have in ${quoted(name)}; take fewer folds`,
    );
  }
  return Array.from({ length: k }, (_, i) => ({
    train: order.slice(0, cuts[i]),
    validation: order.slice(cuts[i], cuts[i + 1]),
  }));
}

function holeAt(operation: string, row: number, name: string, way: string): TypeError {
  return new TypeError(
    `${operation}: row ${row + 1} has no value in ${quoted(name)}, so its ${way} is not known; leave such rows out`,
  );
}
