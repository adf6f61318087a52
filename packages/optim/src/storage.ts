const slabEntries = 8192;
const largestPiece = 1024;

let slab = new ArrayBuffer(0);
let used = 0;

/**
 * Zeroed entries for one leaf of a step's result. A typed array with storage of its own costs most
 * of a microsecond, more than the arithmetic on small leaves; these are cut from a slab that lives
 * as long as any of its pieces, which a next step replaces. What is handed out for good is copied.
 */
export function briefStorage(length: number): Float64Array {
  if (length > largestPiece) return new Float64Array(length);
  const bytes = length * Float64Array.BYTES_PER_ELEMENT;
  if (used + bytes > slab.byteLength) {
    slab = new ArrayBuffer(slabEntries * Float64Array.BYTES_PER_ELEMENT);
    used = 0;
  }
  const piece = new Float64Array(slab, used, length);
  used += bytes;
  return piece;
}
