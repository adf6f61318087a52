import { argument, required, wholeNumber } from '@steepest/ground';
import { canShare, sharedEngine } from './shared.ts';

/**
 * An array of `length` zeros in the memory of compiled functions: these read it where it lies,
 * without a copy or a pin, and see every change. An ordinary array where the runtime has no shared
 * memory, or 1 GB of it is in use. Its memory returns when the array is garbage.
 *
 * Throws where the length is no whole number. Its buffer is shared memory: copy the array (`slice`)
 * for what refuses that, and before it goes to another thread.
 *
 * ```ts
 * const X = new FlatMatrix(1000, 3, allocate(3000));
 * const { x } = preparation.apply(table, { allocate }); // features where the engine reads them
 * ```
 */
export function allocate(length: number): Float64Array {
  argument('allocate', 'the length', length, required(wholeNumber(0)));
  return lent(length) ?? new Float64Array(length);
}

function lent(length: number): Float64Array | undefined {
  if (!canShare()) return undefined;
  try {
    return sharedEngine().lend(length);
  } catch (error) {
    // The runtime refused to reserve a shared memory.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
