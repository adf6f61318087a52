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
  /** Ends the other threads; programs go on with the calling one. */
  close(): void;
}

/** Where threads come from by their number: `@steepest/compile/threads`, once it is imported. */
export const pools: { of?: (count: number) => Threads | undefined } = {};
