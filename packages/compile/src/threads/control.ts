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
} as const;

/** From here on: how many blocks were taken of each thread's range. */
const taken = 16;
export const mostThreads = 64;
export const words: number = taken + mostThreads;

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
