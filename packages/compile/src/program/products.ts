import { i32, type Statement, type V128 } from '@steepest/wasm';
import { float64, rowProducts } from '../kernels/index.ts';
import { isSource } from '../plan/label.ts';
import { type PlanNode, rowBytes } from '../plan/node.ts';
import type { Phase, Step } from '../plan/schedule.ts';
import { addressOf, type Target } from './target.ts';

export type LoopStep = Extract<Step, { kind: 'loop' }>;

/** Bytes of X above which its rows come from memory, so that there is something to wait for. */
const leastBytes = 16 * 1024 * 1024;
/** Shorter rows, and those in float32, take too little time to hide anything in. */
const leastColumns = 32;

/** The product X·w that step k of a pipeline computes and the loop after it goes on with, if any. */
export function productBefore({ kind, steps }: Phase, k: number): PlanNode | undefined {
  const [step, next] = [steps[k], steps[k + 1]];
  if (kind !== 'pipeline' || step?.kind !== 'call' || next?.kind !== 'loop') return undefined;
  const { node } = step;
  if (node.name !== 'matmul' || node.columns !== 1) return undefined;
  const [x] = node.inputs;
  const fromMemory =
    isSource(x) &&
    !x.sparse &&
    !x.single &&
    x.columns >= leastColumns &&
    rowBytes(x) * x.rows > leastBytes;
  const follows = next.rows === node.rows && next.columns === 1;
  return fromMemory && follows && next.nodes.some(({ inputs }) => inputs.includes(node))
    ? node
    : undefined;
}

/** The rows of a product with what is to be done after each two of them, or a last one. */
export function emitProducts(
  target: Target,
  product: PlanNode,
  finish: (products: V128, count: 1 | 2) => Statement,
): Statement {
  const { locals, arithmetic, tile } = target;
  const [a, b] = product.inputs;
  const [x, w, columns] = Array.from({ length: 3 }, () => locals.local('i32'));
  const { code: rows } = (tile as NonNullable<typeof tile>).rows;
  return [
    x.set(addressOf(target, a, 'tile')),
    w.set(addressOf(target, b, 'whole')),
    columns.set(i32.const(a.columns)),
    rowProducts(locals, arithmetic, float64, { x, w, rows, columns }, finish),
  ];
}
