import { type Frame, type NumericColumn, rowName } from '../steps/frame.ts';
import { IndicatorColumn, type Indicators } from '../steps/indicator.ts';
import { expectNumbers, notFinite } from './to-features.ts';

/**
 * Prepared numbers of which most are zero, in compressed sparse rows: row i has `values[k]` in column
 * `columnsOf[k]` for `starts[i]` ≤ k < `starts[i + 1]`; all else is 0. What `SparseMatrix` of
 * `@steepest/compile` takes.
 */
export interface SparseFeatures {
  readonly rows: number;
  readonly columns: number;
  /** The name of each column. */
  readonly names: readonly string[];
  readonly values: Float64Array;
  readonly columnsOf: Int32Array;
  readonly starts: Int32Array;
}

/** Columns that are written entry by entry, and groups of which one column is 1 in a row. */
interface Parts {
  readonly full: readonly { readonly column: NumericColumn; readonly j: number }[];
  /** The column of x at each place of a group; −1 where it is left out. */
  readonly groups: ReadonlyMap<Indicators, number[]>;
}

function partsOf(columns: readonly NumericColumn[]): Parts {
  const full: { column: NumericColumn; j: number }[] = [];
  const groups = new Map<Indicators, number[]>();
  columns.forEach((column, j) => {
    if (!(column instanceof IndicatorColumn)) {
      full.push({ column, j });
      return;
    }
    const places = groups.get(column.group) ?? [];
    while (places.length <= column.place) places.push(-1);
    places[column.place] = j;
    groups.set(column.group, places);
  });
  return { full, groups };
}

/** The largest share of entries that can be other than 0: those of one-hot columns share one a row. */
export function shareOf(frame: Frame): number {
  const columns = expectNumbers(frame);
  const { full, groups } = partsOf(columns);
  return columns.length === 0 ? 1 : (full.length + groups.size) / columns.length;
}

/** The columns of the last step without their zeros; none may hold labels or holes. */
export function toSparse(frame: Frame): SparseFeatures {
  const { rows, file } = frame;
  const columns = expectNumbers(frame);
  const { full, groups } = partsOf(columns);
  const written = full.map(({ column, j }) => ({ values: column.values, j }));
  let count = 0;
  for (const { values, j } of written) {
    for (let i = 0; i < rows; i++) {
      const value = values[i];
      // v − v is 0 for finite v alone
      if (value - value !== 0) throw notFinite(columns[j].name, value, rowName(frame, i), file);
      if (value !== 0) count++;
    }
  }
  for (const [{ at }, places] of groups) {
    for (let i = 0; i < rows; i++) if ((places[at[i]] ?? -1) >= 0) count++;
  }
  const values = new Float64Array(count);
  const columnsOf = new Int32Array(count);
  const starts = new Int32Array(rows + 1);
  const sets = [...groups];
  let k = 0;
  for (let i = 0; i < rows; i++) {
    for (const { values: source, j } of written) {
      if (source[i] === 0) continue;
      values[k] = source[i];
      columnsOf[k++] = j;
    }
    for (const [{ at }, places] of sets) {
      const j = places[at[i]] ?? -1;
      if (j < 0) continue;
      values[k] = 1;
      columnsOf[k++] = j;
    }
    starts[i + 1] = k;
  }
  return {
    rows,
    columns: columns.length,
    names: columns.map(({ name }) => name),
    values,
    columnsOf,
    starts,
  };
}
