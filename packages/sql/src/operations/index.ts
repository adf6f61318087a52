import type { OperationRecord } from '@steepest/autodiff';
import { promote, stretch } from '@steepest/compile/plan';
import { elementwise } from './elementwise.ts';
import { indexing } from './indexing.ts';
import type { Sql, Written } from './operation.ts';
import { products } from './products.ts';
import { reductions } from './reductions.ts';
import { shaping } from './shaping.ts';

const same: Sql = { entry: (_, x) => x };
const own: readonly Written[] = [
  [promote, same],
  [stretch, same],
];

const table: ReadonlyMap<OperationRecord, Sql> = new Map(
  [...elementwise, ...reductions, ...products, ...shaping, ...indexing, ...own].map(
    ([{ primitive }, sql]) => [primitive, sql],
  ),
);

/** How an operation is written in SQL; undefined where it is not. */
export function sqlOf(record: OperationRecord): Sql | undefined {
  return table.get(record);
}
