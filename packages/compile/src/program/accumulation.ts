import {
  type F64,
  f64x2,
  type I32,
  i32,
  type Local,
  type Locals,
  memory,
  type Statement,
  until,
  type V128,
  v128,
} from '@steepest/wasm';
import { loweringOf } from '../lowering/index.ts';
import type { Fold } from '../lowering/lowering.ts';
import { isSource, type PlanNode } from '../plan/node.ts';

/** Whether a node's memory is added to, for each of the rows: a total, or a reduction of rows. */
export function accumulates(node: PlanNode): boolean {
  if (isSource(node) || (node.kind === 'reduction' && node.axis === 1)) return false;
  return loweringOf(node)?.accumulates !== undefined;
}

/** How partial results of a node become one. */
export function foldOf(node: PlanNode): Fold {
  const fold = isSource(node) ? undefined : loweringOf(node)?.accumulates;
  if (fold === undefined) throw new Error(`${node.name}: has no partial results`);
  return fold;
}

/** The low half of the first operand, the high half of the second. */
export const lowOfFirst: readonly number[] = [
  0, 1, 2, 3, 4, 5, 6, 7, 24, 25, 26, 27, 28, 29, 30, 31,
];

/** The partial results of both lanes as one. */
export function combined({ one }: Fold, sum: Local<V128>): F64 {
  return one(f64x2.extract(sum, 0), f64x2.extract(sum, 1));
}

/** Fills a node's memory (rounded up to pairs) with what its accumulation starts from. */
export function setAll(address: I32, node: PlanNode, locals: Locals): Statement {
  const bytes = (8 * node.rows * node.columns + 15) & ~15;
  const { start } = foldOf(node);
  if (start === 0) return memory.fill(address, i32.const(0), i32.const(bytes));
  const [at, end] = [locals.local('i32'), locals.local('i32')];
  return [
    at.set(address),
    end.set(i32.add(at, i32.const(bytes))),
    until(at, end, 16, memory.store(at, v128.twice(start))),
  ];
}

/** Adds the memory of one block's total to another's. */
export function merge(to: I32, from: I32, node: PlanNode, locals: Locals): Statement {
  const bytes = (8 * node.rows * node.columns + 15) & ~15;
  const at = locals.local('i32');
  const { pair } = foldOf(node);
  const target = i32.add(to, at);
  return [
    at.set(i32.const(0)),
    until(
      at,
      i32.const(bytes),
      16,
      memory.store(target, pair(memory.load(target), memory.load(i32.add(from, at)))),
    ),
  ];
}
