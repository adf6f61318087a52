import { columnValues, type Table, type Values } from '@steepest/datasets';
import { refusal } from '@steepest/ground';
import type { Fitted } from '../fit/model.ts';
import { type Examples, isTable } from '../fit/training-set.ts';
import { keptRows } from './kept-rows.ts';

/** The group of each row that counts, as a number from 0. */
export interface Groups {
  readonly name: string;
  readonly groups: Int32Array;
  readonly count: number;
}

/** Groups by a column's cells, or by labels in the order of the rows. Throws for rows without one. */
export function groupsOf(
  operation: string,
  fitted: Fitted,
  data: Table | Examples,
  clusters: string | ArrayLike<unknown>,
): Groups {
  const { kept, rows } = keptRows(fitted, data);
  const labels = labelsOf(operation, data, clusters);
  if (labels.length !== rows) {
    throw new RangeError(
      `${operation}: clusters has ${labels.length} labels for ${rows} rows; give one for each`,
    );
  }
  const codes = new Map<unknown, number>();
  const groups = Int32Array.from({ length: kept?.length ?? rows }, (_, at) => {
    const i = kept?.[at] ?? at;
    const label = labels[i];
    if (label === null || label === undefined || Number.isNaN(label)) {
      throw refusal(operation, `row ${i + 1} must have a cluster`, label, 'leave the row out');
    }
    const code = codes.get(label) ?? codes.size;
    codes.set(label, code);
    return code;
  });
  if (codes.size < 2) {
    throw new RangeError(
      `${operation}: all rows are of one cluster, which says nothing of how clusters differ`,
    );
  }
  return { name: typeof clusters === 'string' ? clusters : 'labels', groups, count: codes.size };
}

function labelsOf(
  operation: string,
  data: Table | Examples,
  clusters: string | ArrayLike<unknown>,
): ArrayLike<unknown> {
  if (typeof clusters !== 'string') return clusters;
  if (!isTable(data)) {
    throw new TypeError(
      `${operation}: the column "${clusters}" is for tables; for { x, y } give clusters: a label for each row`,
    );
  }
  return cellsOf(columnValues(data, clusters, operation));
}

/** The cells; null for a hole. */
function cellsOf(column: Values): ArrayLike<unknown> {
  if (column.type === 'category') {
    return Array.from(column.codes, (code) => (code < 0 ? null : code));
  }
  if (column.type === 'boolean') {
    return Array.from(column.values, (value) => (value < 0 ? null : value));
  }
  return column.values;
}
