import { FlatMatrix, type Tree } from '@steepest/autodiff';
import { entriesOf, entrywise } from './leaves.ts';

/** Σ aᵢbᵢ over all entries of all leaves. */
export function dot(a: Tree, b: Tree): number {
  const left = entriesOf(a);
  const right = entriesOf(b);
  let total = 0;
  for (let k = 0; k < left.length; k++) {
    const x = left[k];
    const y = right[k];
    for (let i = 0; i < x.length; i++) total += x[i] * y[i];
  }
  return total;
}

// Below the first, squares lose digits to underflow; at Infinity, they overflowed.
const smallestSafeSquare = 1e-290;

/** The Euclidean norm over all entries of all leaves; safe from overflow and underflow. */
export function norm(tree: Tree): number {
  const leaves = entriesOf(tree);
  let squares = 0;
  for (const x of leaves) squares += squaresOf(x);
  if (squares > smallestSafeSquare && squares < Infinity) return Math.sqrt(squares);
  let largest = 0;
  for (const x of leaves) {
    for (let i = 0; i < x.length; i++) {
      const size = Math.abs(x[i]);
      if (!(size <= largest)) largest = size;
    }
  }
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  squares = 0;
  for (const x of leaves) squares += squaresOf(x.map((y) => y / largest));
  return largest * Math.sqrt(squares);
}

// Two sums at once, so that an addition need not wait for the one before it.
function squaresOf(x: Float64Array): number {
  let even = 0;
  let odd = 0;
  const pairs = x.length - 1;
  let i = 0;
  for (; i < pairs; i += 2) {
    even += x[i] * x[i];
    odd += x[i + 1] * x[i + 1];
  }
  if (i < x.length) even += x[i] * x[i];
  return even + odd;
}

/** a + b, leaf by leaf. */
export function plus<T>(a: T, b: Tree): T {
  return entrywise(
    (out, x, y) => {
      for (let i = 0; i < out.length; i++) out[i] = x[i] + y[i];
    },
    a,
    b,
  );
}

/** factor · a, leaf by leaf. */
export function times<T>(factor: number, a: T): T {
  return entrywise((out, x) => {
    for (let i = 0; i < out.length; i++) out[i] = factor * x[i];
  }, a);
}

/** Whether no entry is NaN or infinite. */
export function allFinite(tree: Tree): boolean {
  let zero = 0;
  for (const x of entriesOf(tree)) for (let i = 0; i < x.length; i++) zero += x[i] * 0;
  return zero === 0;
}

/** Whether two trees of one structure hold the same numbers. */
export function sameEntries(a: Tree, b: Tree): boolean {
  const left = entriesOf(a);
  const right = entriesOf(b);
  if (left.length !== right.length) return false;
  return left.every((x, k) => {
    const y = right[k];
    if (x.length !== y.length) return false;
    for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return false;
    return true;
  });
}

/** All entries of all leaves as one column. */
export function flatten(tree: Tree): FlatMatrix {
  const leaves = entriesOf(tree);
  const column = new FlatMatrix(
    leaves.reduce((n, x) => n + x.length, 0),
    1,
  );
  let offset = 0;
  for (const x of leaves) {
    column.data.set(x, offset);
    offset += x.length;
  }
  return column;
}

/** The structure of `like` with the entries of a column: what `flatten` undoes. */
export function unflatten<T>(column: FlatMatrix, like: T): T {
  let offset = 0;
  return entrywise((out) => {
    out.set(column.data.subarray(offset, offset + out.length));
    offset += out.length;
  }, like);
}
