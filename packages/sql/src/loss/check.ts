import { CsvError } from '@steepest/datasets';
import type { SqlSource } from '../rows/source.ts';

/** What must hold of a column: the numbers that stand for rows or classes are whole and below it. */
export interface Demand {
  readonly name: string;
  readonly below?: number | undefined;
}

/**
 * Throws a CsvError where a column has holes, cells that are no finite number, labels that are none of
 * its levels, or indices that are none: what reading the same rows from a file would refuse.
 */
export async function checkColumns(
  rows: SqlSource,
  demands: readonly Demand[],
  operation: string,
  signal?: AbortSignal,
): Promise<void> {
  const faults = demands.flatMap((demand) => faultsOf(rows, demand));
  if (faults.length === 0) return;
  const counts = faults.map(({ condition }) => `SUM(CASE WHEN ${condition} THEN 1 ELSE 0 END)`);
  const found = await rows.totals(counts, signal);
  faults.forEach(({ name, reason, problem, advice }, k) => {
    if (found[k] === 0) return;
    const count = found[k] === 1 ? '1 row' : `${found[k]} rows`;
    throw new CsvError({
      operation,
      reason,
      file: rows.relation.from,
      column: name,
      problem: `${count} ${problem}`,
      advice,
    });
  });
}

interface Fault {
  readonly name: string;
  readonly condition: string;
  readonly reason: 'missing' | 'not-finite' | 'unknown-category';
  readonly problem: string;
  readonly advice: string;
}

function faultsOf(rows: SqlSource, { name, below }: Demand): Fault[] {
  const { dialect } = rows;
  const column = dialect.quote(name);
  const declared = rows.declared(name);
  const faults: Fault[] = [
    {
      name,
      condition: `${column} IS NULL`,
      reason: 'missing',
      problem: 'have no value (NULL)',
      advice: `leave such rows out: where: '${column} IS NOT NULL'`,
    },
  ];
  if (declared === undefined || declared.type === 'number') {
    faults.push({
      name,
      condition: `${column} IS NOT NULL AND (${dialect.notFinite(column)})`,
      reason: 'not-finite',
      problem: 'are NaN, infinite or no number',
      advice: 'correct these cells, or leave such rows out by where',
    });
    if (below !== undefined) {
      const number = dialect.double(column);
      faults.push({
        name,
        condition: `NOT (${number} >= 0 AND ${number} < ${below} AND floor(${number}) = ${number})`,
        reason: 'unknown-category',
        problem: `hold no whole number from 0 to ${below - 1}`,
        advice: 'the loss takes the column as places among its classes',
      });
    }
  }
  if (declared?.type === 'category') {
    const levels = (declared.levels ?? []).map((level) => dialect.text(level)).join(', ');
    faults.push({
      name,
      condition: `${column} IS NOT NULL AND ${column} NOT IN (${levels})`,
      reason: 'unknown-category',
      problem: 'hold none of the declared levels',
      advice: 'correct these cells, or add the levels to the schema',
    });
  }
  return faults;
}
