import { isCallable, refusal } from '@steepest/ground';
import type { Operand } from './operand.ts';
import { flattenTree, type Path, type Tree } from './tree-def.ts';

/**
 * The same structure with every leaf replaced; further trees of the same structure give `change`
 * their leaves in the same places. Throws where they lack one.
 *
 * ```ts
 * mapTree((w, g) => sub(w, mul(0.1, g)), params, gradient);
 * ```
 */
export function mapTree<T>(change: (...leaves: never[]) => unknown, tree: T, ...others: Tree[]): T {
  if (!isCallable(change)) {
    throw refusal('mapTree', 'expected a function of leaves', change, 'write (leaf) => …');
  }
  const { leaves, def } = flattenTree(tree);
  const beside = others.map((other) => def.flatten(other, 'mapTree'));
  const changed = change as (...leaves: unknown[]) => unknown;
  return def.unflatten(leaves.map((leaf, i) => changed(leaf, ...beside.map((list) => list[i]))));
}

/** The leaves in order, each with its path. */
export function leavesOf(tree: Tree): { path: Path; leaf: Operand }[] {
  const { leaves, def } = flattenTree(tree);
  return leaves.map((leaf, i) => ({ path: def.pathOf(i), leaf }));
}

/** The leaves in order, without the cost of their paths. */
export function leafList(tree: Tree): Operand[] {
  return flattenTree(tree).leaves;
}

/** The structure with its leaves replaced, in order, by `leaves`. Throws where these are fewer or more. */
export function withLeaves<T>(tree: T, leaves: readonly unknown[]): T {
  const { def } = flattenTree(tree);
  if (!Array.isArray(leaves)) {
    throw refusal('withLeaves', 'the leaves must be an array', leaves, 'write [w, b]');
  }
  if (leaves.length !== def.size) {
    throw new RangeError(
      `withLeaves: the structure has ${def.size} leaves, got ${leaves.length}; give one for each`,
    );
  }
  return def.unflatten(leaves);
}
