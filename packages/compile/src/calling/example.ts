import { FlatMatrix } from '@steepest/autodiff';
import { SparseMatrix } from '../sparse.ts';
import type { AnyFunction } from './recorded.ts';
import {
  firstSingleRows,
  isSingle,
  type Leaf,
  type MatrixLike,
  type Skeleton,
  sizeOf,
} from './skeleton.ts';

/** How many entries f may take in to show the form of its result. */
const cheap = 20_000;

/** Whether f takes no time to speak of on these leaves. */
export function isCheap(leaves: readonly Leaf[]): boolean {
  if (leaves.some((leaf) => leaf instanceof SparseMatrix)) return false;
  return leaves.reduce<number>((total, leaf) => total + rowsAndEntries(leaf)[1], 0) <= cheap;
}

/** f's result for two rows of the batch; throws where f does not take fewer rows. */
export function exampleOfTwoRows(
  f: AnyFunction,
  skeleton: Skeleton,
  leaves: readonly Leaf[],
  firstLeaves: number,
): unknown {
  const from = leaves.length > firstLeaves ? firstLeaves : 0;
  const data = leaves.slice(from).map(rowsAndEntries);
  const [rows] = data.reduce((a, b) => (b[1] > a[1] ? b : a));
  const given = leaves.map((leaf, i) => (i < from ? leaf : shortened(leaf, rows)));
  return f(...(skeleton.tree.unflatten(given) as never[]));
}

function rowsAndEntries(leaf: Leaf): readonly [rows: number, entries: number] {
  if (typeof leaf === 'number') return [1, 1];
  if (ArrayBuffer.isView(leaf)) return [0, 1];
  const [rows, columns] = sizeOf(leaf as MatrixLike);
  return [rows, rows * columns];
}

function shortened(leaf: Leaf, rows: number): Leaf {
  if (ArrayBuffer.isView(leaf) && leaf.length === rows) return leaf.slice(0, 2) as Leaf;
  if (typeof leaf === 'object' && !ArrayBuffer.isView(leaf) && rowsAndEntries(leaf)[0] === rows) {
    if (leaf instanceof SparseMatrix) return leaf.firstRows(2);
    if (isSingle(leaf)) return firstSingleRows(leaf, 2);
  }
  if (!(leaf instanceof FlatMatrix) || leaf.rows !== rows) return leaf;
  return new FlatMatrix(2, leaf.columns, leaf.data.slice(0, 2 * leaf.columns));
}
