import { type Entry, entries, powerEntry } from '../kernels/index.ts';
import { constantOf, type PlanNode } from '../plan/node.ts';

/** The code of an elementwise node; undefined where the host computes its entries. */
export function entryCode(node: PlanNode): Entry | undefined {
  if (node.name === 'promote') return (_, x) => x;
  if (node.name !== 'pow') return entries[node.name];
  const exponent = constantOf(node.inputs[1]);
  return exponent === undefined ? undefined : powerEntry(exponent);
}
