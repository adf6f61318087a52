import { isOnDisk } from '@steepest/datasets';
import { isTable } from '../fit/training-set.ts';
import { rowsInMemory } from './in-memory.ts';
import { rowsOnDisk } from './on-disk.ts';
import { isRows, type Rows } from './rows.ts';

/** Data as rows that answer questions; undefined for numbers that are prepared already. */
export function asRows(data: unknown): Rows | undefined {
  if (isRows(data)) return data;
  if (isOnDisk(data)) return rowsOnDisk(data);
  return isTable(data) ? rowsInMemory(data) : undefined;
}
