import { recordOf, transpose } from '@steepest/autodiff';
import type { OperationNode, PlanNode } from '../plan/node.ts';

/** Whether a node is the transpose of its input, so that a product can take that. */
export function isTransposed(node: PlanNode): node is OperationNode {
  return node.kind === 'operation' && recordOf(node.primitive) === transpose.primitive;
}
