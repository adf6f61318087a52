import type { FlatMatrix } from '@steepest/autodiff';
import type { Engine } from './engines.ts';

/** Makes a table of doubles: its columns beside each other, by their names. */
export async function makeTable(
  { run, database }: Engine,
  name: string,
  columns: Readonly<Record<string, ArrayLike<number>>>,
): Promise<void> {
  const { dialect } = database;
  const names = Object.keys(columns).map((column) => dialect.quote(column));
  const table = dialect.quote(name);
  await run(`DROP TABLE IF EXISTS ${table}`);
  await run(
    `CREATE TABLE ${table} (${names.map((column) => `${column} DOUBLE PRECISION`).join(', ')})`,
  );
  const values = Object.values(columns);
  const lines = Array.from(
    values[0],
    (_, i) => `(${values.map((column) => dialect.number(column[i])).join(', ')})`,
  );
  for (let from = 0; from < lines.length; from += 500) {
    await run(`INSERT INTO ${table} VALUES ${lines.slice(from, from + 500).join(', ')}`);
  }
}

/** The columns of a matrix by names: x0, x1, … */
export function columnsOf(
  prefix: string,
  { rows, columns, data }: FlatMatrix,
): Record<string, Float64Array> {
  return Object.fromEntries(
    Array.from({ length: columns }, (_, j) => [
      `${prefix}${j}`,
      Float64Array.from({ length: rows }, (_, i) => data[i * columns + j]),
    ]),
  );
}
