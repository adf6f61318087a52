import type { DiskTable, Table, Values } from '@steepest/datasets';

/** Some columns of a table on disk in memory, all rows in their order, read in the order of the file. */
export async function wholeColumns(table: DiskTable, names: readonly string[]): Promise<Table> {
  const { rows } = table;
  const empty = table.slice(0, 0, names);
  const columns = new Map<string, Values>();
  for (const [name, column] of empty.columns) columns.set(name, room(column, rows));
  for await (const scanned of table.scan(undefined, names)) {
    for (const [name, column] of scanned.table.columns) {
      const [to, from] = [cellsOf(columns.get(name)!), cellsOf(column)];
      for (let i = 0; i < from.length; i++) {
        to['from' in scanned ? scanned.from + i : scanned.at[i]] = from[i];
      }
    }
  }
  return { ...empty, rows, columns };
}

type Cells = { [i: number]: number | string | null; readonly length: number };

function cellsOf(column: Values): Cells {
  return (column.type === 'category' ? column.codes : column.values) as Cells;
}

function room(column: Values, rows: number): Values {
  switch (column.type) {
    case 'category':
      return { ...column, codes: new Int32Array(rows) };
    case 'boolean':
      return { ...column, values: new Int8Array(rows) };
    case 'text':
      return { ...column, values: new Array<string | null>(rows).fill(null) };
    default:
      return { ...column, values: new Float64Array(rows) };
  }
}
