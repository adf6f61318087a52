import { type OperationRecord, table } from '@steepest/autodiff';
import { type ComputedNode, recordOfNode } from '../plan/node.ts';
import { elementwise } from './elementwise.ts';
import { indexing } from './indexing.ts';
import type { Lowering } from './lowering.ts';
import { own } from './own.ts';
import { products } from './products.ts';
import { reductions } from './reductions.ts';
import { shaping } from './shaping.ts';

/**
 * What is known about computing operations, by the operation's record, which all its primitives share
 * whatever their parameters. An operation that is not here is computed by the host.
 */
const lowerings: ReadonlyMap<OperationRecord, Lowering> = new Map(
  [...elementwise, ...reductions, ...products, ...shaping, ...indexing, ...own].map(
    ([{ primitive }, lowering]) => [primitive, lowering],
  ),
);

/** The lowering of a node's operation; undefined where there is none. */
export function loweringOf(node: ComputedNode): Lowering | undefined {
  return lowerings.get(recordOfNode(node));
}

/**
 * The lowering of an operation; undefined where there is none. Throws a TypeError where another copy
 * of autodiff made it: its own records would be strangers here.
 */
export function loweringOfRecord(record: OperationRecord): Lowering | undefined {
  const lowering = lowerings.get(record);
  // Only the library's own operations come in families.
  if (lowering !== undefined || !('examples' in record) || table.includes(record)) return lowering;
  throw new TypeError(
    `${record.name} comes from another copy of @steepest/autodiff; install one version only`,
  );
}
