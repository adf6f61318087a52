import { refusal } from '@steepest/ground';
import { DerivativeError } from '../primitive/derivative-error.ts';
import { Tracer } from '../primitive/tracer.ts';
import { FlatMatrix } from '../values/flat-matrix.ts';
import { toFlatMatrix } from '../values/lift.ts';
import { leavesOf, withLeaves } from '../values/tree.ts';
import type { Path } from '../values/tree-def.ts';
import { singleNumber } from './results.ts';

/** One entry of one leaf of a structure. */
export interface Entry {
  readonly path: Path;
  readonly row: number;
  readonly column: number;
  readonly x: number;
  /** The whole structure, copied, with this entry set to t. */
  moved(t: number): unknown;
}

/** All entries of a structure of matrices and numbers, leaf by leaf and row by row. */
export function entriesOf(operation: string, tree: unknown): Entry[][] {
  const found = leavesOf(tree);
  if (found.length === 0 && (typeof tree !== 'object' || tree === null)) {
    const expected = 'x must be a matrix, a number or a structure of them';
    throw refusal(operation, expected, tree, 'call it with new FlatMatrix(2, 1, [1, 2])');
  }
  const leaves = found.map(({ leaf }) => leaf);
  return found.map(({ path, leaf }, i) => {
    const replaced = (value: unknown) => withLeaves(tree, leaves.with(i, value as never));
    if (typeof leaf === 'number') {
      return [{ path, row: 0, column: 0, x: leaf, moved: replaced }];
    }
    const { rows, columns, data } = concreteFrom(operation, leaf);
    return Array.from(data, (x, k) => ({
      path,
      row: Math.floor(k / columns),
      column: k % columns,
      x,
      moved: (t: number) => {
        const copy = new FlatMatrix(rows, columns, data.slice());
        copy.data[k] = t;
        return replaced(copy);
      },
    }));
  });
}

/** A value without derivatives: differences of numbers know nothing of them. */
export function concreteFrom(operation: string, x: unknown): FlatMatrix {
  if (x instanceof Tracer) {
    throw new DerivativeError(
      `${operation}: works on numbers and cannot be differentiated or recorded itself; ` +
        'use grad or jacobian inside other derivatives',
    );
  }
  return toFlatMatrix(x, operation);
}

/** The 1×1 result of a function, without derivatives. */
export function numberFrom(operation: string, output: unknown): number {
  const { data } = concreteFrom(operation, singleNumber(operation, output));
  return data[0];
}
