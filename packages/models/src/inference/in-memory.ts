import { type DiskTable, isOnDisk, type Table } from '@steepest/datasets';
import type { Examples } from '../fit/training-set.ts';

/** The rows that a model was fitted to: a table, one on disk, or ready numbers. */
export type FittedRows = Table | DiskTable | Examples;

/** Numbers that are read at most: 400 MB of them. */
const most = 5e7;

/** Rows in memory. Those of a table on disk are read, up to 50 million cells; throws for more. */
export function inMemory(operation: string, data: FittedRows): Table | Examples {
  if (!isOnDisk(data)) return data;
  const cells = data.rows * data.names.length;
  if (cells <= most) return data.slice(0, data.rows);
  throw new RangeError(
    `${operation}: ${data.rows} rows of ${data.names.length} columns are more than it reads into memory (${most} cells); fit and judge a sample of the rows: split(table, { train: 0.1, … })`,
  );
}
