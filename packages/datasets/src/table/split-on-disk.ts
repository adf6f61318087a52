import type { Columns } from '../schema/schema.ts';
import { type DiskTable, expectOnDisk } from './on-disk.ts';
import { type Split, type SplitOptions, split } from './split.ts';
import type { Table } from './table.ts';

/** The parts of a table on disk, in their roles. */
export interface DiskSplit<C extends Columns = Columns> {
  readonly train: DiskTable<C>;
  readonly validation: DiskTable<C>;
  readonly test: DiskTable<C>;
}

/**
 * Parts a table on disk as `split` parts one in memory: the same options give the same rows in the same
 * order, and the same warnings. Beside the columns that decide, a part keeps four bytes a row.
 *
 * @example
 * const { train, test } = splitOnDisk(table, { train: 0.8, test: 0.2, seed: 1, stratify: 'kind' });
 * train.gather([0, 1, 2]).rows // 3
 */
export function splitOnDisk<C extends Columns>(
  table: DiskTable<C>,
  options: SplitOptions,
): DiskSplit<C> {
  expectOnDisk('splitOnDisk', table);
  // Only these columns are looked at; a column of row numbers goes with them.
  const wanted = [options?.stratify, table.schema.target];
  const names = table.names.filter((name) => wanted.includes(name));
  const small = table.slice(0, table.rows, names);
  const numbers = Float64Array.from({ length: table.rows }, (_, i) => i);
  const columns = new Map([
    ...small.columns,
    [rowNumber, { type: 'number' as const, values: numbers }],
  ]);
  const parts: Split<Table> = split(
    { ...small, columns, names: [...small.names, rowNumber] },
    options,
  );
  const part = (of: Table): DiskTable<C> => {
    const column = of.columns.get(rowNumber);
    const rows = column?.type === 'number' ? Int32Array.from(column.values) : new Int32Array(0);
    return table.part(rows, of.role, of.warnings);
  };
  return { train: part(parts.train), validation: part(parts.validation), test: part(parts.test) };
}

const rowNumber = '(row)';
