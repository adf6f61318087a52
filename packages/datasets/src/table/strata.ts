import { columnValues, type Table } from './table.ts';

/** The row indices of each class of a column, classes in code order, holes last; one class without it. */
export function strata(table: Table, name: string | undefined, operation: string): Int32Array[] {
  if (name === undefined) return [Int32Array.from({ length: table.rows }, (_, i) => i)];
  const column = columnValues(table, name, operation);
  const groups = new Map<number | string | null, number[]>();
  for (let i = 0; i < table.rows; i++) {
    const key =
      column.type === 'category'
        ? column.codes[i]
        : (column.type === 'number' || column.type === 'date') && Number.isNaN(column.values[i])
          ? null
          : column.values[i];
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [i]);
    else group.push(i);
  }
  if (groups.size > table.rows / 2 && groups.size > 20) {
    throw new TypeError(
      `${operation}: stratify: the column "${name}" has ${groups.size} values in ${table.rows} rows; stratify by a column with a few classes`,
    );
  }
  return [...groups.entries()]
    .sort(([a], [b]) =>
      typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1,
    )
    .map(([, rows]) => Int32Array.from(rows));
}

/** Whole numbers in proportion to `shares` that add up to n (largest remainders get the rest). */
export function apportion(n: number, shares: readonly number[]): number[] {
  const exact = shares.map((share) => share * n);
  const counts = exact.map((x) => Math.floor(x + 1e-9));
  const left = n - counts.reduce((a, b) => a + b, 0);
  const order = exact
    .map((x, i) => ({ i, rest: x - counts[i] }))
    .sort((a, b) => b.rest - a.rest || a.i - b.i);
  for (let k = 0; k < left; k++) counts[order[k % order.length].i]++;
  return counts;
}
