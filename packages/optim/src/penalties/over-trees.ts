import {
  add,
  isLeaf,
  leavesOf,
  type Operand,
  sub,
  type Tree,
  type Value,
} from '@steepest/autodiff';
import { each } from '../steppers/each.ts';
import type { Penalty } from './penalty.ts';

/** Σ h over all leaves, in operations: 1×1. */
export function penaltyOf(penalty: Penalty, params: Tree): Operand {
  return leavesOf(params).reduce<Operand>(
    (total, { leaf }) => add(total, penalty.value(asValue(leaf))),
    0,
  );
}

/**
 * The proximal operator leaf by leaf; `step` is one number for all entries, or a tree with one for each.
 * Throws a TypeError where entries differ in their steps and the penalty is not separable.
 */
export function proxOf(penalty: Penalty, x: Tree, step: Operand | Tree): Tree {
  const pull = (leaf: Operand, t: Operand): Value => {
    const own = typeof t !== 'number' && 'rows' in t && (t.rows !== 1 || t.columns !== 1);
    if (own && !penalty.separable) {
      throw new TypeError(
        `${penalty.name}: steps that differ from entry to entry have no closed form here; put it ` +
          'behind descend, momentum or sgd, whose step is one number',
      );
    }
    return penalty.prox(asValue(leaf), t);
  };
  if (isLeaf(step) && !isLeaf(x)) return each((leaf) => pull(leaf, step as Operand), x);
  return each(pull, x, step);
}

/** w − prox(w − g) with step 1: 0 exactly where w minimizes loss + penalty, if the loss is convex. */
export function gradientMapping(penalty: Penalty, gradient: Tree, params: Tree): Tree {
  const ahead = each(sub, params, gradient);
  return each(sub, params, proxOf(penalty, ahead, 1));
}

// Numbers become 1×1 values.
function asValue(leaf: Operand): Value {
  return typeof leaf === 'number' ? add(leaf, 0) : (leaf as Value);
}
