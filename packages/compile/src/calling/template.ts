import { FlatMatrix, leavesOf } from '@steepest/autodiff';
import { SparseMatrix } from '../sparse.ts';
import type { AnyFunction } from './recorded.ts';
import {
  filledIn,
  firstSingleRows,
  isSingle,
  type Leaf,
  type MatrixLike,
  type Skeleton,
  sizeOf,
  skeletonOf,
} from './skeleton.ts';

/** What a function returns for arguments of one skeleton: structure, and which leaves are numbers. */
export interface Template {
  readonly skeleton: Skeleton;
  readonly sizes: readonly (readonly [rows: number, columns: number] | 'number')[];
}

/** The template of a result, or the reason why the program cannot return it. */
function templateOf(result: unknown): Template | string {
  const skeleton = skeletonOf(result);
  if (typeof skeleton === 'string')
    return `the result is not made of matrices and numbers: ${skeleton}`;
  const sizes: (readonly [number, number] | 'number')[] = [];
  for (const { leaf } of leavesOf(result)) {
    if (typeof leaf === 'number') sizes.push('number');
    else if (leaf instanceof FlatMatrix) sizes.push([leaf.rows, leaf.columns]);
    else return 'the result holds a matrix of the caller';
  }
  if (hasArray(skeleton)) return 'the result holds an array of indices';
  return { skeleton, sizes };
}

function hasArray(skeleton: Skeleton): boolean {
  if (skeleton.kind === 'array' || skeleton.kind === 'object') return skeleton.items.some(hasArray);
  return skeleton.kind === 'indices';
}

/** How many entries f may take in to show the form of its result. */
const cheap = 20_000;

/**
 * The templates of one function. Which leaves of a result are numbers does not depend on the sizes,
 * so f runs once for each structure: on two rows of the batch where there are many, if it can.
 */
export class Templates {
  readonly #known = new Map<string, Template | string>();

  of(
    f: AnyFunction,
    skeleton: Skeleton,
    leaves: readonly Leaf[],
    firstLeaves: number,
    recorded: unknown,
  ): Template | string {
    const key = JSON.stringify(skeleton, (name, x: unknown) => (sizes.has(name) ? 0 : x));
    const known = this.#known.get(key) ?? templateOf(example(f, skeleton, leaves, firstLeaves));
    this.#known.set(key, known);
    if (typeof known === 'string') return known;
    const ends = leavesOf(recorded).map(({ leaf }) => leaf as { rows: number; columns: number });
    if (ends.length !== known.sizes.length) return 'the recorded result has another structure';
    const found = known.sizes.map((size, i) =>
      size === 'number' ? size : ([ends[i].rows, ends[i].columns] as const),
    );
    return { skeleton: known.skeleton, sizes: found };
  }
}

const sizes = new Set(['rows', 'columns', 'length']);

function example(
  f: AnyFunction,
  skeleton: Skeleton,
  leaves: readonly Leaf[],
  firstLeaves: number,
): unknown {
  const sizes = leaves.map((leaf) => rowsAndEntries(leaf));
  const from = leaves.length > firstLeaves ? firstLeaves : 0;
  const data = sizes.slice(from);
  const [rows = 0] = data.reduce((a, b) => (b[1] > a[1] ? b : a), data[0] ?? [0, 0]);
  const call = (given: readonly unknown[]): unknown => f(...(filledIn(skeleton, given) as never[]));
  const short = (): unknown =>
    call(leaves.map((leaf, i) => (i < from ? leaf : shortened(leaf, rows))));
  // All of a sparse matrix, with its zeros, may be more than there is memory.
  if (rows > 2 && leaves.some((leaf) => leaf instanceof SparseMatrix)) return short();
  if (sizes.reduce((total, [, entries]) => total + entries, 0) > cheap) {
    try {
      return short();
    } catch {
      // Not every function takes fewer rows.
    }
  }
  return call(leaves);
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

/** The result with these entries. */
export function resultOf({ skeleton, sizes }: Template, entries: readonly Float64Array[]): unknown {
  const leaves = entries.map((data, i) => {
    const size = sizes[i];
    return size === 'number' ? data[0] : new FlatMatrix(size[0], size[1], data);
  });
  return filledIn(skeleton, leaves);
}
