import { DerivativeError } from '../primitive/derivative-error.ts';
import { FlatMatrix } from '../values/flat-matrix.ts';
import { describe, isLeaf, lift } from '../values/lift.ts';
import type { Operand, Value } from '../values/operand.ts';
import { formatShape } from '../values/shape.ts';
import { leafList, mapTree } from '../values/tree.ts';

/** A result in the form of the leaf that it belongs to: a number where that was a number. */
export function inFormOf(leaf: Operand, result: Value): Value | number {
  return typeof leaf === 'number' && result instanceof FlatMatrix ? result.data[0] : result;
}

/** The leaves of a tree as values. */
export function valuesOf(tree: unknown, operation: string): Value[] {
  return leafList(tree).map((leaf) => lift(leaf, operation));
}

/** A tree whose matrices are nobody else's: those that share memory with anything are copied. */
export function ownCopies<T>(tree: T, ...others: readonly unknown[]): T {
  const taken = new Set<unknown>();
  for (const other of others) for (const leaf of leafList(other)) take(taken, leaf);
  return mapTree((leaf: Operand) => {
    if (!(leaf instanceof FlatMatrix)) return leaf;
    const { buffer, byteLength } = leaf.data;
    const shared = buffer.byteLength !== byteLength || taken.has(buffer);
    return shared ? new FlatMatrix(leaf.rows, leaf.columns, leaf.data.slice()) : take(taken, leaf);
  }, tree);
}

function take(taken: Set<unknown>, leaf: Operand): Operand {
  if (leaf instanceof FlatMatrix) taken.add(leaf.data.buffer);
  return leaf;
}

function remedyFor(output: unknown): string {
  if (output === undefined) return '; is a return missing?';
  if (typeof (output as { then?: unknown } | null)?.then !== 'function') return '';
  return '; is it an async function? Fetch the data before, it must return its value at once';
}

/** A function's result as the single value that a gradient starts from. */
export function singleNumber(operation: string, output: unknown): Value {
  if (!isLeaf(output)) {
    throw new DerivativeError(
      `${operation}: the function must return a single number (1×1), it returned ` +
        describe(output) +
        remedyFor(output),
    );
  }
  const end = lift(output, operation);
  if (end.rows !== 1 || end.columns !== 1) {
    throw new DerivativeError(
      `${operation}: the function must return a single number (1×1), it returned ` +
        `${formatShape(end)}; use jacobian, or sum the result`,
    );
  }
  return end;
}
