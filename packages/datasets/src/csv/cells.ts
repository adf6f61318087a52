import type { MissingPolicy } from '../schema/column.ts';
import type { NamedColumn } from '../schema/schema.ts';
import type { Values } from '../table/table.ts';
import type { Warning } from '../warning.ts';
import type { Refusal } from './decimal.ts';

/** What became of a cell: it was stored, its row must go, or it was refused (ask `explain` why). */
export type Fate = typeof STORED | typeof DROPPED | typeof REFUSED;
export const STORED = 0;
// No cell is stored as an infinity, so these can stand where a value would.
export const DROPPED: number = Number.NEGATIVE_INFINITY;
export const REFUSED: number = Number.POSITIVE_INFINITY;

/** Cells of one column, from an index up to another: numbers, codes or texts. */
export interface Staged {
  readonly values: Float64Array | Int32Array | readonly (string | null)[];
  readonly from: number;
  readonly to: number;
}

/** How the byte lane treats a column: how its cells look, and what an empty one does. */
export interface LaneCells {
  readonly kind: 'number' | 'label' | 'text' | 'asked';
  readonly empty: 'ask' | 'hole' | 'drop';
}

/** Collects the cells of one column. A dropped row is written over by the next one. */
export interface Cells {
  /** What a raw cell is stored as, or DROPPED or REFUSED. */
  read(raw: string): number | string | null;
  /** Reads a cell into a row, which is one of those before or the next. */
  put(row: number, raw: string): Fate;
  /** Stores cells that were read already, from a row on. */
  append(row: number, staged: Staged): void;
  explain(raw: string): Refusal;
  finish(rows: number): Values;
  /** After `finish`: how many holes were filled, and with what. */
  readonly filled?: { readonly count: number; readonly value: number };
  readonly lane: LaneCells;
  /** Makes room for so many rows at once. */
  reserve(rows: number): void;
  /** How threads share the column; undefined if they cannot. */
  readonly sharing?: SharedCells;
}

/** A column whose cells several threads store at once. */
export interface SharedCells {
  /** Moves the cells into shared memory with room for so many rows. */
  share(rows: number): SharedArrayBuffer;
  /** Stores into memory that another thread has made. */
  use(buffer: SharedArrayBuffer): void;
  /** The first cells as they are stored, not to be kept. */
  stored(rows: number): Float64Array | Int32Array | Int8Array;
  /** The labels that this thread's codes stand for, where each thread finds its own. */
  labels?(): readonly string[];
  /** Gives rows, in pairs of first and end, this thread's codes for another one's. */
  translate?(labels: readonly string[], rows: readonly number[]): void;
}

/** What a collector is told: the column, what holes do unless it says, and where notes go. */
export interface CellContext {
  readonly column: NamedColumn;
  readonly policy: MissingPolicy;
  readonly comma: boolean;
  readonly note: (kind: Warning['kind'], raw: string) => void;
  /** The line of the cell that is read. */
  readonly line?: () => number;
}

/** What the lane does with an empty cell, given whether it counts as missing. */
export function emptyCells(isMissing: boolean, policy: MissingPolicy): LaneCells['empty'] {
  if (!isMissing || policy === 'error') return 'ask';
  return policy === 'drop' ? 'drop' : 'hole';
}

/** The refusal of a missing cell under the policy 'error'. */
export const missingRefusal: Refusal = {
  reason: 'missing',
  problem: 'counts as a missing value, and the policy for missing values is "error"',
  advice:
    'fill it in, or say what to do: missing: "drop", "mean" or "keep" when reading, or for the column alone missing: { policy: "keep" }',
};

/** The refusal of a cell with a control character. */
export const controlRefusal: Refusal = {
  reason: 'control-character',
  problem: 'holds a control character',
  advice: 'remove it; a NUL often means that the file is UTF-16 or not text at all',
};
