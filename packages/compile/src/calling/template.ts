import { FlatMatrix, leavesOf, TreeDef } from '@steepest/autodiff';
import { exampleOfTwoRows, isCheap } from './example.ts';
import type { AnyFunction, Recorded } from './recorded.ts';
import type { Leaf, Skeleton } from './skeleton.ts';

/** What a function returns for arguments of one skeleton: structure, and which leaves are numbers. */
export interface Template {
  readonly tree: TreeDef;
  readonly sizes: readonly (readonly [rows: number, columns: number] | 'number')[];
}

/**
 * The templates of one function. A recording shows the structure of the result, and the size of every
 * leaf, but not whether a 1×1 leaf is a number or a matrix: f runs once to show that, for each
 * structure of the arguments and the result.
 */
export class Templates {
  readonly #numbers = new Map<string, readonly boolean[]>();

  /** The template of a recorded result, or the reason why the program cannot return it. */
  of(
    f: AnyFunction,
    skeleton: Skeleton,
    leaves: readonly Leaf[],
    firstLeaves: number,
    { result, graph, roles }: Recorded,
  ): Template | string {
    const tree = TreeDef.of(result);
    if (tree.others().some(([, x]) => typeof x === 'object' && x !== null)) {
      return 'the result holds an array of indices, or an object of a class';
    }
    const given = leaves.filter((_, i) => roles[i] === 'value');
    const found = leavesOf(result).map(({ leaf }): Template['sizes'][number] | undefined => {
      if (typeof leaf === 'number') return 'number';
      const { rows, columns, primitive } = leaf as (typeof graph.inputs)[number];
      if (rows * columns !== 1) return [rows, columns];
      if (primitive !== null || leaf instanceof FlatMatrix) return undefined;
      return typeof given[graph.inputs.indexOf(leaf as never)] === 'number' ? 'number' : [1, 1];
    });
    const isOfCaller = leavesOf(result).some(({ leaf }) => {
      const argument = given[graph.inputs.indexOf(leaf as never)];
      return typeof argument === 'object' && !(argument instanceof FlatMatrix);
    });
    if (isOfCaller) return 'the result holds a matrix of the caller';
    if (!found.includes(undefined)) return { tree, sizes: found as Template['sizes'] };
    const numbers = this.#numbersOf(f, skeleton, leaves, firstLeaves, result);
    if (typeof numbers === 'string') return numbers;
    const sizes = found.map((size, i) => size ?? (numbers[i] ? 'number' : ([1, 1] as const)));
    return { tree, sizes };
  }

  #numbersOf(
    f: AnyFunction,
    skeleton: Skeleton,
    leaves: readonly Leaf[],
    firstLeaves: number,
    result: unknown,
  ): readonly boolean[] | string {
    const paths = pathsOf(result);
    const cheap = isCheap(leaves);
    // Numbers are leaves, so that those of the leaves stand for nothing else.
    const structure = skeleton.tree.unflatten(leaves.map((_, i) => i));
    const key = JSON.stringify([structure, skeleton.kinds, paths], (name, x: unknown) =>
      !cheap && sizes.has(name) && typeof x === 'number' ? 0 : x,
    );
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const full = (): unknown => f(...(skeleton.tree.unflatten(leaves) as never[]));
    let shown: unknown;
    try {
      shown = cheap ? full() : exampleOfTwoRows(f, skeleton, leaves, firstLeaves);
    } catch (error) {
      if (cheap) throw error;
    }
    // Not every function takes fewer rows, or returns the same structure for them.
    if (!cheap && pathsOf(shown) !== paths) shown = full();
    if (pathsOf(shown) !== paths) return 'the result has another structure when it is recorded';
    const numbers = leavesOf(shown).map(({ leaf }) => typeof leaf === 'number');
    this.#numbers.set(key, numbers);
    return numbers;
  }
}

const sizes = new Set(['rows', 'columns', 'length']);

function pathsOf(result: unknown): string {
  return leavesOf(result)
    .map(({ path }) => path)
    .join(' ');
}

/** The result with these entries. */
export function resultOf({ tree, sizes }: Template, entries: readonly Float64Array[]): unknown {
  const leaves = entries.map((data, i) => {
    const size = sizes[i];
    return size === 'number' ? data[0] : new FlatMatrix(size[0], size[1], data);
  });
  return tree.unflatten(leaves);
}
