import { div, mul } from '@steepest/autodiff';
import type { Builder } from '../plan/builder.ts';
import { constantOf, type PlanNode } from '../plan/node.ts';

/** a · b; the other one where one is 1. */
export function times(builder: Builder, a: PlanNode, b: PlanNode): PlanNode {
  if (constantOf(a) === 1) return b;
  return constantOf(b) === 1 ? a : builder.entries(mul.primitive, [a, b]);
}

/** a / b; a where b is 1. */
export function quotient(builder: Builder, a: PlanNode, b: PlanNode): PlanNode {
  return constantOf(b) === 1 ? a : builder.entries(div.primitive, [a, b]);
}
