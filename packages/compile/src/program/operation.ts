import type { Call, Statement } from '@steepest/wasm';
import { loweringOf } from '../lowering/index.ts';
import type { KernelCalls } from '../lowering/lowering.ts';
import type { OperationNode } from '../plan/node.ts';
import { accumulates } from './accumulation.ts';
import { knownCount, type Target, tile } from './target.ts';

/** A call of the host: rows of the result, its address, the inputs' addresses. */
export type HostCalls = ReadonlyMap<OperationNode, Call<Statement>>;

/** The code of an operation on the rows of the target's tile, or on all rows. */
export function emitOperation(
  target: Target,
  node: OperationNode,
  kernels: KernelCalls,
  host: HostCalls,
): Statement {
  const rows = target.tile?.rows ?? knownCount(rowsSeen(node));
  const emit = loweringOf(node)?.emit;
  if (emit !== undefined) return emit({ target, node, kernels, rows });
  const call = host.get(node) as Call<Statement>;
  const inputs = node.inputs.map((input) => tile(target, input));
  return call(rows.code, tile(target, node), ...inputs);
}

/** Operations that add up their rows see other rows than they return. */
function rowsSeen(node: OperationNode): number {
  return accumulates(node) ? node.inputs[0].rows : node.rows;
}
