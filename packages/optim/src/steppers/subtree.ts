import { leavesOf, type Path, type Tree, withLeaves } from '@steepest/autodiff';

/** Some leaves of a tree, keyed by their paths. */
export type Subtree = Readonly<Record<Path, unknown>>;

/** The leaves whose path is chosen. */
export function subtree(tree: Tree, chosen: (path: Path) => boolean): Subtree {
  const found: Record<Path, unknown> = Object.create(null);
  for (const { path, leaf } of leavesOf(tree)) if (chosen(path)) found[path] = leaf;
  return found;
}

/** The tree with those leaves replaced that occur in a subtree. */
export function replaced<T>(tree: T, part: Subtree): T {
  return withLeaves(
    tree,
    leavesOf(tree).map(({ path, leaf }) => (path in part ? part[path] : leaf)),
  );
}
