import { mapTree, type Operand, type Tree } from '@steepest/autodiff';

/**
 * The way in which formulas compute: an operation for every leaf, given the same leaf of every tree.
 *
 * ```ts
 * each((v, g) => add(mul(0.9, v), g), velocity, gradient);
 * ```
 */
export function each(change: (...leaves: Operand[]) => Operand, tree: Tree, ...others: Tree[]) {
  return mapTree(change as (...leaves: never[]) => unknown, tree, ...others) as Tree;
}
