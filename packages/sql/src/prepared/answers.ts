import type { Expression } from '../expression/expression.ts';
import { type Aggregate, Query } from '../expression/query.ts';
import type { SqlSource } from '../rows/source.ts';
import { type Fault, refusedRows } from './frame.ts';

const noSlots = new Float64Array(0);

/** Sums over all rows, in as few queries as the engine's width allows. */
export async function sumsOf(
  rows: SqlSource,
  aggregates: readonly Aggregate[],
): Promise<Float64Array> {
  const found: number[] = [];
  const most = rows.dialect.mostColumns - 1;
  for (let from = 0; from < aggregates.length; from += most) {
    const query = new Query(aggregates.slice(from, from + most), rows.dialect);
    found.push(...(await rows.sums(query, noSlots)));
  }
  return Float64Array.from(found);
}

/** Throws a CsvError for the first of these of which there are rows. */
export async function refuseFaults(
  rows: SqlSource,
  faults: readonly Fault[],
  indicator: (truth: Expression) => Expression,
  operation: string,
): Promise<void> {
  if (faults.length === 0) return;
  const counts = faults.map(({ condition }) => ({
    fold: 'present' as const,
    of: indicator(condition),
  }));
  const found = await sumsOf(rows, counts);
  faults.forEach((fault, k) => {
    if (found[k] > 0) throw refusedRows(operation, fault, found[k], rows.relation.from);
  });
}
