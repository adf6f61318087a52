import { FlatMatrix, toFlatMatrix } from '@steepest/autodiff';
import {
  filledIn,
  fits,
  isSingle,
  type Leaf,
  type MatrixLike,
  type Skeleton,
  sizeOf,
  skeletonOf,
} from '../calling/skeleton.ts';
import { SparseMatrix } from '../sparse.ts';

/** The rows that most entries of the data share. */
export function rowsOf(data: unknown): number {
  const entries = new Map<number, number>();
  for (const leaf of leavesIn(data)) {
    if (typeof leaf === 'number') continue;
    const [rows, columns] = ArrayBuffer.isView(leaf)
      ? [(leaf as Int32Array).length, 1]
      : sizeOf(leaf as MatrixLike);
    entries.set(rows, (entries.get(rows) ?? 0) + rows * columns);
  }
  const [best] = [...entries].sort((a, b) => b[1] - a[1]);
  if (best === undefined) throw new TypeError('compileTraining: the data holds no matrix');
  return best[0];
}

/** The matrices, index arrays and numbers of the data, in order. */
export function leavesIn(data: unknown): Leaf[] {
  const skeleton = skeletonOf(data);
  if (typeof skeleton === 'string') throw new TypeError(`compileTraining: ${skeleton}`);
  const leaves: Leaf[] = [];
  fits(skeleton, data, leaves);
  return leaves;
}

/** Throws where a row number is not one of the data's. */
export function checkOrder(order: Int32Array, rows: number): void {
  for (let i = 0; i < order.length; i++) {
    if (!(order[i] >= 0 && order[i] < rows)) {
      throw new RangeError(
        `compileTraining: row number ${i} is ${order[i]}, but the data has ${rows} rows`,
      );
    }
  }
}

/** The first rows of the data, as a batch has them. */
export function batchOf(data: unknown, rows: number, height: number): unknown {
  const skeleton = skeletonOf(data) as Skeleton;
  return filledIn(
    skeleton,
    leavesIn(data).map((leaf) => firstRows(leaf, rows, height)),
  );
}

function firstRows(leaf: Leaf, rows: number, height: number): Leaf {
  if (typeof leaf === 'number') return leaf;
  const wrap = (i: number): number => i % rows;
  if (ArrayBuffer.isView(leaf)) {
    const array = leaf as Int32Array;
    if (array.length !== rows) return leaf;
    const Kind = array.constructor as Int32ArrayConstructor;
    return Kind.from({ length: height }, (_, i) => array[wrap(i)]);
  }
  if (leaf instanceof SparseMatrix) {
    throw new TypeError(
      'compileTraining: the rows of a sparse matrix are not gathered; use compile',
    );
  }
  if (isSingle(leaf)) {
    const [total, columns] = sizeOf(leaf);
    if (total !== rows) return leaf;
    const data = new Float32Array(height * columns);
    return { data, shape: [height, columns], stride: [columns, 1], offset: 0 };
  }
  const matrix = toFlatMatrix(leaf);
  if (matrix.rows !== rows) return leaf;
  const { columns } = matrix;
  const result = new FlatMatrix(height, columns);
  for (let i = 0; i < height; i++) {
    const row = wrap(i) * columns;
    result.data.set(matrix.data.subarray(row, row + columns), i * columns);
  }
  return result;
}
