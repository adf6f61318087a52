import {
  type F64,
  f64,
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
import type { PlanNode } from '../plan/node.ts';

/** The number where a reduction starts. */
export function startOf(name: string): number {
  if (name === 'max') return Number.NEGATIVE_INFINITY;
  return name === 'min' ? Number.POSITIVE_INFINITY : 0;
}

/** The low half of the first operand, the high half of the second. */
export const lowOfFirst: readonly number[] = [
  0, 1, 2, 3, 4, 5, 6, 7, 24, 25, 26, 27, 28, 29, 30, 31,
];

/** Two pairs of partial results as one. */
export function mergedPair(node: PlanNode, a: V128, b: V128): V128 {
  if (node.name === 'max') return f64x2.max(a, b);
  return node.name === 'min' ? f64x2.min(a, b) : f64x2.add(a, b);
}

/** Two partial results as one. */
export function merged(node: PlanNode, a: F64, b: F64): F64 {
  if (node.name === 'max') return f64.max(a, b);
  return node.name === 'min' ? f64.min(a, b) : f64.add(a, b);
}

/** The partial results of both lanes as one. */
export function combined(node: PlanNode, sum: Local<V128>): F64 {
  return merged(node, f64x2.extract(sum, 0), f64x2.extract(sum, 1));
}

/** Fills a node's memory (rounded up to pairs) with what its accumulation starts from. */
export function setAll(address: I32, node: PlanNode, locals: Locals): Statement {
  const bytes = (8 * node.rows * node.columns + 15) & ~15;
  const start = startOf(node.name);
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
  const operation: (a: V128, b: V128) => V128 =
    node.name === 'max' ? f64x2.max : node.name === 'min' ? f64x2.min : f64x2.add;
  const target = i32.add(to, at);
  return [
    at.set(i32.const(0)),
    until(
      at,
      i32.const(bytes),
      16,
      memory.store(target, operation(memory.load(target), memory.load(i32.add(from, at)))),
    ),
  ];
}
