import type { Engine } from './engine.ts';

/** Some blocks of rows of one pipeline, for threads to share. */
export interface Job {
  /** The same number for the same module. */
  readonly program: number;
  readonly bytes: Uint8Array;
  readonly stage: number;
  readonly blocks: number;
  /** Tile buffers, one after the other for each thread. */
  readonly buffers: number;
  readonly bufferBytes: number;
  /** The main thread's own way to compute blocks. */
  readonly blocksHere: (from: number, to: number, buffers: number, product: number) => void;
}

/** The code of some rows of a pipeline. */
export type Tile = (
  start: number,
  rows: number,
  buffers: number,
  totals: number,
  product: number,
) => void;

/**
 * Tiles that wait for each thread at most: more than its second cache holds, since a cache that another
 * core still reads from takes twice as long to fill.
 */
export const ringTiles = 16;

/** A pipeline whose rows the calling thread brings into memory while the others compute. */
export interface StreamJob extends Omit<Job, 'blocksHere' | 'blocks'> {
  readonly tileRows: number;
  readonly blocks: readonly {
    readonly from: number;
    readonly to: number;
    readonly totals: number;
  }[];
  /** Copies `rows` rows of the data, from row `from` on, to a row of the rings. */
  readonly load: (to: number, from: number, rows: number) => void;
  readonly tileHere: Tile;
}

/**
 * Threads over one shared memory, made by `threads` from `@steepest/compile/threads`; given to
 * `compile` as an option.
 */
export interface Threads {
  /** How many compute, the calling one included. */
  readonly count: number;
  readonly engine: Engine;
  /** Computes all blocks of a job, and returns when they are done; throws where a thread died. */
  run(job: Job): void;
  /** The same for rows that are brought into memory meanwhile. */
  stream(job: StreamJob): void;
  /** Ends the other threads; programs go on with the calling one. */
  close(): void;
}

/** Where threads come from by their number: `@steepest/compile/threads`, once it is imported. */
export const pools: { of?: (count: number) => Threads | undefined } = {};
