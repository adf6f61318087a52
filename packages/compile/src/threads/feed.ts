import { ringTiles, type StreamJob } from '../memory/threads.ts';
import type { Ring } from './control.ts';

/** Where a thread is in its block. */
interface Progress {
  at: number;
  to: number;
  totals: number;
}

/**
 * Brings all rows of a job into memory: for the threads that are ready, as long as there is room in
 * their rings, and otherwise for this one, which then computes on them itself. Each block's rows go
 * to one thread, in order, so that its totals have the same bytes whoever adds them up.
 */
export function feed(
  { blocks, tileRows, buffers, load, tileHere }: StreamJob,
  rings: readonly Ring[],
  generation: number,
  product: number,
): void {
  let taken = 0;
  const progress: Progress[] = [0, ...rings].map(() => ({ at: 0, to: 0, totals: 0 }));
  /** How many rows a thread's next tile has: of its block, or of another that it takes. */
  const nextOf = (own: Progress): number => {
    if (own.at === own.to && taken < blocks.length) {
      const { from, to, totals } = blocks[taken++];
      Object.assign(own, { at: from, to, totals });
    }
    return Math.min(tileRows, own.to - own.at);
  };
  for (let left = true; left; ) {
    left = false;
    for (let i = 0; i < rings.length; i++) {
      const own = progress[i + 1];
      if (!rings[i].isReady(generation)) continue;
      for (let room = rings[i].room(); room !== undefined; room = rings[i].room()) {
        const rows = nextOf(own);
        if (rows === 0) break;
        const start = ((i + 1) * ringTiles + room) * tileRows;
        load(start, own.at, rows);
        rings[i].put(start, rows, own.totals);
        own.at += rows;
      }
      if (own.at < own.to) left = true;
    }
    const own = progress[0];
    const rows = nextOf(own);
    if (rows === 0) continue;
    load(0, own.at, rows);
    tileHere(0, rows, buffers, own.totals, product);
    own.at += rows;
    left = true;
  }
}
