import { allocate } from '@steepest/compile';

/** Numbers below which an array is soon made. */
const least = 1e5;

/** What fits that have ended wrote their features to, unless it is garbage by now. */
let spare: readonly WeakRef<Float64Array>[] = [];

/** Where the features of one fit are written. */
export interface Scratch {
  /** An array in the memory of compiled functions, whatever it holds. */
  readonly allocate: (length: number) => Float64Array;
  /** Says that nobody reads the arrays any more: the next fit may write to them. */
  end(): void;
}

/**
 * Memory for features that one fit leaves to the next: the first touch of new memory costs more than what
 * is written there.
 */
export function scratch(): Scratch {
  const taken: Float64Array[] = [];
  return {
    allocate(length) {
      const array = (length < least ? undefined : left(length)) ?? allocate(length);
      taken.push(array);
      return array.length === length ? array : array.subarray(0, length);
    },
    end() {
      const large = taken.splice(0).filter(({ length }) => length >= least);
      if (large.length > 0) spare = large.map((array) => new WeakRef(array));
    },
  };
}

/** An array that is left over, at most twice as long. */
function left(length: number): Float64Array | undefined {
  const found = spare.find((ref) => {
    const { length: most = 0 } = ref.deref() ?? {};
    return length <= most && most <= 2 * length;
  });
  spare = spare.filter((ref) => ref !== found);
  return found?.deref();
}
