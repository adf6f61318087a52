import type { ConstantNode, PlanNode } from '../plan/node.ts';

/** Where a value lies. Offsets are bytes from the start of their region. */
export type Place =
  /** A number in the code itself. */
  | { readonly kind: 'number'; readonly value: number }
  /** An argument; its address stands in the slot of that number. */
  | { readonly kind: 'slot'; readonly slot: number }
  /** The program's own memory. */
  | { readonly kind: 'static'; readonly offset: number }
  /** A tile's worth of rows, in memory of the running thread. */
  | { readonly kind: 'tile'; readonly offset: number }
  /** Between the entries of one loop only. */
  | { readonly kind: 'local' };

/** The accumulators of a pipeline: sums, maxima and minima over a block of rows. */
export interface Totals {
  readonly stage: number;
  /** In the program's own memory: the finished totals, then one copy for each block of rows. */
  readonly offset: number;
  readonly blocks: number;
  readonly bytes: number;
  readonly members: readonly { readonly node: PlanNode; readonly offset: number }[];
}

/** What a slot holds the address of: a matrix, its row or class numbers, or an array of a sparse one. */
export interface Argument {
  readonly leaf: number;
  readonly part: 'entries' | 'indices' | 'values' | 'columns' | 'starts';
}

export interface Layout {
  readonly places: ReadonlyMap<PlanNode, Place>;
  readonly totals: readonly Totals[];
  /** The arguments, by slot: which leaf, and whether it holds indices. */
  readonly slots: readonly Argument[];
  readonly slotsOffset: number;
  readonly constants: readonly { readonly node: ConstantNode; readonly offset: number }[];
  readonly indexConstants: ReadonlyMap<Int32Array, number>;
  readonly staticBytes: number;
  readonly tileBytes: number;
  readonly tileRows: number;
  readonly blockRows: number;
  /** What one row of the batch takes in all arguments and buffers. */
  readonly rowBytes: number;
}
