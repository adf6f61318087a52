import { FlatMatrix, leavesOf } from '@steepest/autodiff';
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
export function templateOf(result: unknown): Template | string {
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
    recorded: unknown,
  ): Template | string {
    const key = JSON.stringify(skeleton, (name, x: unknown) => (sizes.has(name) ? 0 : x));
    const known = this.#known.get(key) ?? templateOf(example(f, skeleton, leaves));
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

function example(f: AnyFunction, skeleton: Skeleton, leaves: readonly Leaf[]): unknown {
  const heights = leaves.map(heightOf);
  const most = Math.max(0, ...heights);
  const entries = leaves.reduce<number>((total, leaf, i) => {
    const size = typeof leaf === 'number' ? 1 : (leaf as { data?: ArrayLike<number> }).data?.length;
    return total + (size ?? heights[i]);
  }, 0);
  const call = (given: readonly unknown[]): unknown => f(...(filledIn(skeleton, given) as never[]));
  if (entries > cheap) {
    try {
      return call(leaves.map((leaf) => shortened(leaf, most)));
    } catch {
      // Not every function takes fewer rows.
    }
  }
  return call(leaves);
}

function heightOf(leaf: Leaf): number {
  if (typeof leaf === 'number' || ArrayBuffer.isView(leaf)) return 0;
  return sizeOf(leaf as MatrixLike)[0];
}

function shortened(leaf: Leaf, rows: number): Leaf {
  if (ArrayBuffer.isView(leaf) && leaf.length === rows) return leaf.slice(0, 2) as Leaf;
  if (typeof leaf === 'object' && heightOf(leaf) === rows && isSingle(leaf)) {
    return firstSingleRows(leaf, 2);
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
