import { listed, quoted } from '../error.ts';
import type { Warning } from '../warning.ts';
import type { Role, Table } from './table.ts';

interface Part {
  readonly role: Role;
  readonly table: Table;
}

/**
 * What is amiss where rows were parted in the order of the file: a part that lacks classes of the
 * target, or whose numbers lie wholly beside those of another part. Both betray a sorted file.
 */
export function orderWarnings(operation: string, parts: readonly Part[]): Warning[] {
  const target = parts[0]?.table.schema.target;
  if (target === undefined) return [];
  const found = lackingClasses(target, parts) ?? apart(target, parts);
  if (found === undefined) return [];
  const { what, stratify } = found;
  const remedy = stratify ? `seed: 1, stratify: ${JSON.stringify(target)}` : 'seed: 1';
  return [
    {
      kind: 'rows-in-order',
      column: target,
      message: `${operation}: without a seed the rows keep their order, and ${what}; pass ${remedy}`,
    },
  ];
}

interface Finding {
  readonly what: string;
  readonly stratify: boolean;
}

function lackingClasses(target: string, parts: readonly Part[]): Finding | undefined {
  const seen = parts.map(({ table }) => classesIn(table, target));
  const all = new Set(seen.flatMap((classes) => [...classes]));
  for (const [k, { role, table }] of parts.entries()) {
    const lacking = [...all].filter((label) => !seen[k].has(label));
    // Fewer rows than classes cannot hold them all, in whatever order.
    if (lacking.length === 0 || table.rows < all.size) continue;
    const what = `the ${role} rows have no ${listed(lacking)} in the column ${quoted(target)}`;
    return { what, stratify: true };
  }
  return undefined;
}

function classesIn(table: Table, target: string): Set<string> {
  const column = table.columns.get(target);
  if (column?.type === 'category') {
    return new Set([...new Set(column.codes)].flatMap((code) => column.levels[code] ?? []));
  }
  if (column?.type !== 'boolean') return new Set();
  return new Set([...new Set(column.values)].filter((v) => v >= 0).map((v) => String(v === 1)));
}

function apart(target: string, parts: readonly Part[]): Finding | undefined {
  const ranges = parts.flatMap(({ role, table }) => {
    const column = table.columns.get(target);
    if (column?.type !== 'number') return [];
    let [low, high, count] = [Infinity, -Infinity, 0];
    for (const value of column.values) {
      if (Number.isNaN(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
      count++;
    }
    return count < 2 ? [] : [{ role, low, high }]; // one row lies beside another easily
  });
  for (const below of ranges) {
    for (const above of ranges) {
      if (below === above || below.high > above.low || below.low === above.high) continue;
      const what = `no ${quoted(target)} of the ${below.role} rows is above any of the ${above.role} rows`;
      return { what, stratify: false };
    }
  }
  return undefined;
}
