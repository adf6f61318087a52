import type { MissingPolicy } from '../schema/column.ts';
import type { NamedColumn } from '../schema/schema.ts';
import type { Values } from '../table/table.ts';
import type { Warning } from '../warning.ts';
import type { Refusal } from './decimal.ts';

/** What became of a cell: it was stored, its row must go, or it was refused (ask `explain` why). */
export type Fate = typeof STORED | typeof DROPPED | typeof REFUSED;
export const STORED = 0;
export const DROPPED = 1;
export const REFUSED = 2;

/** Collects the cells of one column. A dropped row is written over by the next one. */
export interface Cells {
  put(row: number, raw: string): Fate;
  explain(raw: string): Refusal;
  finish(rows: number): Values;
  /** After `finish`: how many holes were filled, and with what. */
  readonly filled?: { readonly count: number; readonly value: number };
}

/** What a collector is told: the column, what holes do unless it says, and where notes go. */
export interface CellContext {
  readonly column: NamedColumn;
  readonly policy: MissingPolicy;
  readonly comma: boolean;
  readonly note: (kind: Warning['kind'], raw: string) => void;
}

/** The refusal of a missing cell under the policy 'error'. */
export const missingRefusal: Refusal = {
  reason: 'missing',
  problem: 'counts as a missing value, and the policy for missing values is "error"',
  advice:
    'fill it in, or say what to do: missing: "drop", "mean" or "keep" when reading, or for the column alone missing: { policy: "keep" }',
};

/** How many cells a column has room for at first; a file may have very many columns. */
export const firstLength = 64;

/** A typed array of twice the length with the same beginning. */
export function doubled<T extends Float64Array | Int32Array | Int8Array>(
  values: T,
  create: (length: number) => T,
): T {
  const larger = create(values.length * 2);
  larger.set(values);
  return larger;
}
