import { FlatMatrix, leavesOf } from '@steepest/autodiff';
import { refusal } from '@steepest/ground';
import { holdsItself, skeletonOf } from '../calling/skeleton.ts';
import { SparseMatrix } from '../sparse.ts';

/** A part of a buffer whose entries do not change any more. */
export interface Pin {
  readonly begin: number;
  readonly end: number;
  /** Give the memory of its copies back. */
  readonly releases: (() => void)[];
}

// A pin is gone with its buffer, when the same part is pinned again, or when it is released.
const pins = new WeakMap<ArrayBufferLike, Pin[]>();

/** The pinned part of a buffer in which data lies. */
export function pinOf({
  buffer,
  byteOffset,
  byteLength,
}: Float64Array | Float32Array | Int32Array): Pin | undefined {
  return pins
    .get(buffer)
    ?.find(({ begin, end }) => begin <= byteOffset && byteOffset + byteLength <= end);
}

/**
 * Declares that the matrices in a structure will not change: compiled functions copy them once and
 * use that copy from then on, also for matrices that view a part of the same data. Returns its
 * argument. After a change, pin again.
 *
 * Takes effect for `FlatMatrix` leaves and ndarrays over a `Float64Array` or `Float32Array`,
 * and for a `SparseMatrix`; throws a TypeError for other matrices, whose entries lie in many arrays.
 *
 * ```ts
 * const batch = pin({ X, y });
 * for (;;) step(compiled(params, batch)); // X is copied once
 * ```
 */
export function pin<T>(data: T): T {
  for (const array of arraysIn(data)) pinArray(array);
  return data;
}

/**
 * Pins what of a structure is not pinned yet, until the returned function is called: that gives the memory
 * of its copies back at once, where `pin` waits for the data to be garbage.
 *
 * ```ts
 * const release = hold({ X, y });
 * try { solve(X, y); } finally { release(); }
 * ```
 */
export function hold(data: unknown): () => void {
  const made = arraysIn(data)
    .filter((array) => pinOf(array) === undefined)
    .map((array) => ({ buffer: array.buffer, pin: pinArray(array) }));
  return () => {
    for (const { buffer, pin } of made) {
      pins.set(buffer, pins.get(buffer)?.filter((other) => other !== pin) ?? []);
      for (const release of pin.releases.splice(0)) release();
    }
  };
}

function arraysIn(data: unknown): (Float64Array | Float32Array | Int32Array)[] {
  if (typeof data !== 'object' || data === null || skeletonOf(data) === holdsItself) {
    const expected = 'it takes a matrix, or matrices in arrays and objects';
    throw refusal('pin', expected, data, 'write pin({ X, y })');
  }
  return leavesOf(data).flatMap(({ path, leaf }) =>
    typeof leaf === 'number' ? [] : arraysOf(leaf as object, path),
  );
}

function arraysOf(leaf: object, path: string): (Float64Array | Float32Array | Int32Array)[] {
  if (leaf instanceof SparseMatrix) return [leaf.values, leaf.columnsOf, leaf.starts];
  const entries = 'data' in leaf ? leaf.data : undefined;
  const flat = leaf instanceof FlatMatrix || 'shape' in leaf;
  if (flat && (entries instanceof Float64Array || entries instanceof Float32Array))
    return [entries];
  const place = path === '' ? 'the matrix' : path;
  throw new TypeError(`pin: ${place} must be a FlatMatrix; use toFlatMatrix(x), and pin that`);
}

function pinArray({
  buffer,
  byteOffset,
  byteLength,
}: Float64Array | Float32Array | Int32Array): Pin {
  const made: Pin = { begin: byteOffset, end: byteOffset + byteLength, releases: [] };
  const others = pins.get(buffer)?.filter((p) => p.end <= made.begin || made.end <= p.begin);
  pins.set(buffer, [...(others ?? []), made]);
  return made;
}
