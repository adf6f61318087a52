import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { permutation, shuffleInPlace } from './shuffle.ts';

/** So many neighbouring rows stay together when blocks are shuffled. */
const blockRows = 65_536;

/**
 * The indices 0 … n − 1 block by block: blocks in random order, and the rows of each. For a disk on which
 * far-off rows are slow to reach; not every order is possible.
 */
export function blockwise(n: number, random: RandomGenerator): Int32Array {
  const order = new Int32Array(n);
  let filled = 0;
  for (const block of permutation(Math.ceil(n / blockRows), random)) {
    const from = block * blockRows;
    const count = Math.min(blockRows, n - from);
    const part = order.subarray(filled, filled + count);
    for (let i = 0; i < count; i++) part[i] = from + i;
    shuffleInPlace(part, random);
    filled += count;
  }
  return order;
}
