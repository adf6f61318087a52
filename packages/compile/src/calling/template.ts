import { FlatMatrix, leavesOf, type Operand } from '@steepest/autodiff';
import { filledIn, type Skeleton, skeletonOf } from './skeleton.ts';

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

/** Whether a recorded result has the leaves of the template. */
export function matches({ sizes }: Template, ends: readonly { leaf: Operand }[]): boolean {
  return (
    sizes.length === ends.length &&
    sizes.every((size, i) => {
      const { rows, columns } = ends[i].leaf as { rows: number; columns: number };
      const [r, c] = size === 'number' ? [1, 1] : size;
      return r === rows && c === columns;
    })
  );
}

/** The result with these entries. */
export function resultOf({ skeleton, sizes }: Template, entries: readonly Float64Array[]): unknown {
  const leaves = entries.map((data, i) => {
    const size = sizes[i];
    return size === 'number' ? data[0] : new FlatMatrix(size[0], size[1], data);
  });
  return filledIn(skeleton, leaves);
}
