import { loweringOf } from '../lowering/index.ts';
import type { Between } from '../lowering/lowering.ts';
import type { OperationNode } from '../plan/node.ts';
import type { Phase } from '../plan/schedule.ts';

/** An operation within which the loop after it runs. */
export interface Interleaved {
  readonly node: OperationNode;
  readonly between: Between;
}

/**
 * The operation of step k of a pipeline that goes on, after every two of its rows, with the loop of
 * the next step, if there is one for which that pays.
 */
export function interleavedAt({ kind, steps }: Phase, k: number): Interleaved | undefined {
  const [step, next] = [steps[k], steps[k + 1]];
  if (kind !== 'pipeline' || step?.kind !== 'call' || next?.kind !== 'loop') return undefined;
  const { node } = step;
  const between = loweringOf(node)?.between;
  if (between === undefined || !between.pays(node)) return undefined;
  const follows = next.rows === node.rows && next.columns === node.columns;
  const reads = next.nodes.some(({ inputs }) => inputs.includes(node));
  return follows && reads ? { node, between } : undefined;
}
