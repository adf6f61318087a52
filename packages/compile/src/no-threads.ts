import type { Threads } from './memory/threads.ts';

export type { Threads } from './memory/threads.ts';

/** Outside of Node there are none: work stays on the calling thread. */
export function threads(): Threads | undefined {
  return undefined;
}

/** The same. */
export function usualThreads(): Threads | undefined {
  return undefined;
}
