import { DerivativeError } from '../primitive/derivative-error.ts';
import { FlatMatrix } from '../values/flat-matrix.ts';
import { describe, isLeaf, lift } from '../values/lift.ts';
import type { Operand, Value } from '../values/operand.ts';
import { formatShape } from '../values/shape.ts';
import { leafList } from '../values/tree.ts';
import { flattenTree } from '../values/tree-def.ts';

/** A result in the form of the leaf that it belongs to: a number where that was a number. */
export function inFormOf(leaf: Operand, result: Value): Value | number {
  return typeof leaf === 'number' && result instanceof FlatMatrix ? result.data[0] : result;
}

/** The leaves of a tree as values. */
export function valuesOf(tree: unknown, operation: string): Value[] {
  return leafList(tree).map((leaf) => lift(leaf, operation));
}

/** Results whose matrices are nobody else's: those that share memory with anything are copied. */
export function ownLeaves(leaves: readonly Operand[], others: readonly unknown[]): Operand[] {
  let taken: Set<unknown> | undefined;
  const own = new Array<Operand>(leaves.length);
  for (let i = 0; i < leaves.length; i++) {
    const leaf = leaves[i];
    own[i] = leaf;
    if (!(leaf instanceof FlatMatrix)) continue;
    const { buffer, byteLength } = leaf.data;
    let shared = buffer.byteLength !== byteLength;
    if (!shared) {
      taken ??= new Set(others.map((x) => (x instanceof FlatMatrix ? x.data.buffer : undefined)));
      shared = taken.has(buffer);
      taken.add(buffer);
    }
    if (shared) own[i] = ownCopy(leaf);
  }
  return own;
}

function ownCopy({ rows, columns, data }: FlatMatrix): FlatMatrix {
  return new FlatMatrix(rows, columns, data.slice());
}

/** Results for the leaves of an argument: in their forms, and nobody else's. */
export function resultsLike(
  leaves: readonly Operand[],
  results: readonly Value[],
  others: readonly unknown[],
): Operand[] {
  return ownLeaves(results, others).map((own, i) => inFormOf(leaves[i], own as Value));
}

/** A tree whose matrices are nobody else's. */
export function ownCopies<T>(tree: T, ...others: readonly unknown[]): T {
  const { leaves, def } = flattenTree(tree);
  return def.unflatten(ownLeaves(leaves, leafList(others)));
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
