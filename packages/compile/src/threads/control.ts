import { ringTiles } from '../memory/threads.ts';

/** The words of the shared control block, by index. */
export const word = {
  /** Counts jobs: threads sleep until it changes. */
  generation: 0,
  /** Whether the job takes more threads. */
  open: 1,
  /** How many threads share the blocks. */
  threads: 2,
  /** Threads inside the job. */
  active: 3,
  /** Set where a thread failed. */
  failed: 4,
  program: 5,
  moduleBytes: 6,
  stage: 7,
  blocks: 8,
  buffers: 9,
  bufferBytes: 10,
  /** Where the module's bytes lie, and the scratch memory of matrix products of each thread. */
  mailbox: 11,
  products: 12,
  productBytes: 13,
  /** Whether tiles come through rings, and are not taken from ranges of blocks. */
  streams: 14,
} as const;

/** From here on: how many blocks were taken of each thread's range. */
const taken = 16;
export const mostThreads = 64;
const rings: number = taken + mostThreads;
/** Of each ring: for which job its thread is ready, tiles put in, tiles done, then the tiles. */
const ringWords: number = 3 + 3 * ringTiles;
export const words: number = rings + ringWords * mostThreads;

/** Nothing has been taken. */
export function openRanges(control: Int32Array): void {
  for (let thread = 0; thread < mostThreads; thread++) control[taken + thread] = 0;
}

/**
 * Takes blocks until none is left: first those of the thread's own range, which its cache may still
 * hold from the last time, then what others have left.
 */
export function takeBlocks(
  control: Int32Array,
  thread: number,
  blocks: number,
  take: (block: number) => void,
): void {
  const threads = control[word.threads];
  const start = (range: number): number => Math.floor((range * blocks) / threads);
  for (let k = 0; k < threads; k++) {
    const range = (thread + k) % threads;
    const end = start(range + 1);
    for (;;) {
      const block = start(range) + Atomics.add(control, taken + range, 1);
      if (block >= end) break;
      take(block);
    }
  }
}
/** The largest module that is handed to threads. */
export const mailboxBytes: number = 256 * 1024;

/** How often a thread looks for its next tile before it sleeps. */
const mostIdle = 2000;

/** The tiles that wait for one thread: put in by the calling thread, taken out by the thread. */
export class Ring {
  readonly #control: Int32Array;
  readonly #at: number;

  constructor(control: Int32Array, thread: number) {
    this.#control = control;
    this.#at = rings + thread * ringWords;
  }

  /** Says that the thread of this ring works on a job, and that nothing waits. */
  enter(generation: number): void {
    Atomics.store(this.#control, this.#at + 1, 0);
    Atomics.store(this.#control, this.#at + 2, 0);
    Atomics.store(this.#control, this.#at, generation);
  }

  isReady(generation: number): boolean {
    return Atomics.load(this.#control, this.#at) === generation;
  }

  /** The place of the next tile; undefined where as many wait as may. */
  room(): number | undefined {
    const [put, done] = [this.#control[this.#at + 1], Atomics.load(this.#control, this.#at + 2)];
    return put - done < ringTiles ? put % ringTiles : undefined;
  }

  put(start: number, rows: number, totals: number): void {
    const put = this.#control[this.#at + 1];
    const at = this.#at + 3 + 3 * (put % ringTiles);
    this.#control[at] = start;
    this.#control[at + 1] = rows;
    this.#control[at + 2] = totals;
    Atomics.store(this.#control, this.#at + 1, put + 1);
    Atomics.notify(this.#control, this.#at + 1);
  }

  /** Takes tiles until none waits and there will be no more. */
  takeAll(take: (start: number, rows: number, totals: number) => void): void {
    const control = this.#control;
    let idle = 0;
    for (let done = 0; ; ) {
      // Whether there will be more is asked before whether one waits.
      const open = Atomics.load(control, word.open);
      if (Atomics.load(control, this.#at + 1) === done) {
        if (open === 0) return;
        // Awake for a moment only: a processor of its own is not certain, and the calling thread needs one.
        if (++idle > mostIdle) Atomics.wait(control, this.#at + 1, done, 1);
        continue;
      }
      idle = 0;
      const at = this.#at + 3 + 3 * (done % ringTiles);
      take(control[at], control[at + 1], control[at + 2] >>> 0);
      Atomics.store(control, this.#at + 2, ++done);
    }
  }
}
