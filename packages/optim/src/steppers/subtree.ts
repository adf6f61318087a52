import { leavesOf, type Path, type Tree, withLeaves } from '@steepest/autodiff';
import type { Point } from '../stepper.ts';

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

/** A point as a stepper sees it that knows only some of the leaves: the others stand still. */
export function pointFor<P>(
  at: Point<P>,
  params: P,
  chosen: (path: Path) => boolean,
): Point<Subtree> {
  return {
    step: at.step,
    value: at.value,
    gradient: subtree(at.gradient, chosen),
    evaluate(part) {
      const { value, gradient } = at.evaluate(replaced(params, part));
      return { value, gradient: subtree(gradient, chosen) };
    },
    valueAt: (part) => at.valueAt(replaced(params, part)),
  };
}
