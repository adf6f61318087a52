import { FlatMatrix } from '../flat-matrix.ts';
import { lift } from '../lift.ts';
import type { Operand, Value } from '../primitive.ts';
import { leavesOf, mapTree } from '../tree.ts';

/** A result in the form of the leaf that it belongs to: a number where that was a number. */
export function inFormOf(leaf: Operand, result: Value): Value | number {
  return typeof leaf === 'number' && result instanceof FlatMatrix ? result.data[0] : result;
}

/** The leaves of a tree as values. */
export function valuesOf(tree: unknown, operation: string): Value[] {
  return leavesOf(tree).map(({ leaf }) => lift(leaf, operation));
}

/** A tree whose matrices are nobody else's: those that occur in `others` or twice are copied. */
export function ownCopies<T>(tree: T, ...others: readonly unknown[]): T {
  const taken = new Set<unknown>();
  for (const other of others) for (const { leaf } of leavesOf(other)) take(taken, leaf);
  return mapTree((leaf: Operand) => {
    if (!(leaf instanceof FlatMatrix)) return leaf;
    if (!taken.has(leaf.data.buffer)) return take(taken, leaf);
    return new FlatMatrix(leaf.rows, leaf.columns, leaf.data.slice());
  }, tree);
}

function take(taken: Set<unknown>, leaf: Operand): Operand {
  if (leaf instanceof FlatMatrix) taken.add(leaf.data.buffer);
  return leaf;
}
