import {
  add,
  leavesOf,
  mul,
  type Operand,
  sqrt,
  sum,
  type Tree,
  type Value,
} from '@steepest/autodiff';

/** Σ aᵢbᵢ over all entries of all leaves, in operations: 1×1. */
export function innerProduct(a: Tree, b: Tree): Value {
  const right = leavesOf(b);
  let total: Operand = 0;
  leavesOf(a).forEach(({ leaf }, k) => {
    total = add(total, sum(mul(leaf as Operand, right[k].leaf as Operand)));
  });
  return total as unknown as Value;
}

/** ‖a‖₂ over all entries of all leaves, in operations: 1×1. */
export function euclideanNorm(a: Tree): Value {
  return sqrt(innerProduct(a, a));
}
