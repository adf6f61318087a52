import { FlatMatrix, toFlatMatrix } from '@steepest/autodiff';
import { type Leaf, type MatrixLike, sizeOf } from './skeleton.ts';

/** The whole numbers from 0 in a vector or an index array; undefined where it holds others. */
export function wholeNumbers(leaf: Leaf): Int32Array | undefined {
  if (typeof leaf === 'number') return undefined;
  let entries: ArrayLike<number>;
  if (isArray(leaf)) {
    entries = leaf;
  } else {
    const [rows, columns] = sizeOf(leaf as MatrixLike);
    if (columns !== 1 && rows !== 1) return undefined;
    entries = toFlatMatrix(leaf).data;
  }
  const result = new Int32Array(entries.length);
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i];
    if (!Number.isInteger(entry) || entry < 0 || entry > 0x7fffffff) return undefined;
    result[i] = entry;
  }
  return result;
}

/** Whole numbers of the same range in another order, different in every place on the two turns. */
export function standIn(contents: Int32Array, leaf: number, turn: 0 | 1): Int32Array {
  let top = 1;
  for (const entry of contents) top = Math.max(top, entry);
  const result = new Int32Array(contents.length);
  let state = (leaf + 1) * 0x9e3779b1;
  for (let i = 0; i < result.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    result[i] = ((state >>> 8) + turn) % (top + 1);
  }
  return result;
}

/** The numbers in the form of a leaf. */
export function standInLike(leaf: Leaf, numbers: Int32Array): unknown {
  if (isArray(leaf)) {
    const Kind = leaf.constructor as new (entries: ArrayLike<number>) => unknown;
    return new Kind(numbers);
  }
  const { rows, columns } = toFlatMatrix(leaf);
  return new FlatMatrix(rows, columns, numbers);
}

export function isArray(leaf: Leaf): leaf is Exclude<Leaf, number | FlatMatrix> & Int32Array {
  return ArrayBuffer.isView(leaf);
}
