const slabEntries = 8192;
const largest = 512;

let depth = 0;
let slab = new ArrayBuffer(0);
let used = 0;

/**
 * Zeroed storage for n entries. A small typed array of its own costs some 700 ns; inside `temporary`
 * it is cut from a slab, which costs 40 ns but keeps 64 kB alive as long as any of its pieces.
 */
export function allocate(n: number): Float64Array {
  if (depth === 0 || n > largest) return new Float64Array(n);
  const bytes = n * 8;
  if (used + bytes > slab.byteLength) {
    slab = new ArrayBuffer(slabEntries * 8);
    used = 0;
  }
  const piece = new Float64Array(slab, used, n);
  used += bytes;
  return piece;
}

/** Runs work whose matrices are garbage afterwards; what outlives it must be copied. */
export function temporary<T>(work: () => T): T {
  depth++;
  try {
    return work();
  } finally {
    depth--;
  }
}
