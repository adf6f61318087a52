import { range } from '../random/shuffle.ts';
import type { DiskTable } from './on-disk.ts';
import type { Table } from './table.ts';

const rowNumber = '(row)';

/** The columns that decide how a table on disk is parted, and the numbers of its rows. */
export function decidingColumns(
  table: DiskTable,
  options:
    | {
        readonly stratify?: unknown;
        readonly group?: unknown;
        readonly time?: unknown;
        readonly seed?: unknown;
      }
    | undefined,
): Table {
  const { stratify, group, time, seed } = options ?? {};
  // The target betrays an order, which a seed does away with.
  const inOrder = [seed, group, time].every((way) => way === undefined);
  const target = inOrder ? table.schema.target : undefined;
  const wanted = [stratify, group, time, target];
  const names = table.names.filter((name) => wanted.includes(name));
  const small = table.slice(0, table.rows, names);
  // Codes into no levels: 4 bytes a row.
  const numbers = { type: 'category' as const, codes: range(table.rows), levels: [] };
  const { target: _, ...schema } = small.schema;
  return {
    ...small,
    schema: target === undefined ? schema : small.schema,
    columns: new Map([...small.columns, [rowNumber, numbers]]),
    names: [...names, rowNumber],
  };
}

/** The rows of a part, in its role, with its warnings: nothing but their numbers is kept. */
export function partOnDisk(table: DiskTable, { columns, role, warnings }: Table): DiskTable {
  const column = columns.get(rowNumber);
  const rows = column?.type === 'category' ? column.codes : new Int32Array(0);
  return table.part(rows, role, warnings);
}
