import { availableParallelism } from 'node:os';
import { argument, wholeNumber } from '@steepest/ground';
import { canShare } from './memory/shared.ts';
import { pools, type Threads } from './memory/threads.ts';
import { mostThreads } from './threads/control.ts';
import { Pool } from './threads/pool.ts';

export type { Threads } from './memory/threads.ts';

const known = new Map<number, Threads>();
pools.of = threads;

/**
 * Threads for compiled functions: `compile(f, { threads: threads(2) })`. One pool for each count, the
 * calling thread included; all processors without a count. The workers end with the process.
 *
 * Results are the same bytes for every count. Small programs run on the calling thread alone, and
 * so do those that call back into JavaScript. Undefined where the runtime has no shared memory.
 *
 * ```ts
 * const step = compile(valueAndGrad(loss), { threads: threads(2) });
 * ```
 */
export function threads(count: number = availableParallelism()): Threads | undefined {
  argument('threads', 'the count', count, wholeNumber(1, 2, mostThreads));
  if (!canShare()) return undefined;
  let pool = known.get(count);
  if (pool === undefined) {
    pool = new Pool(count);
    known.set(count, pool);
  }
  return pool;
}

/** Two threads, which is what memory feeds on most machines; undefined where there is one processor. */
export function usualThreads(): Threads | undefined {
  return availableParallelism() < 2 ? undefined : threads(2);
}
