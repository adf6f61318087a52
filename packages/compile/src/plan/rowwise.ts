import { loweringOf } from '../lowering/index.ts';
import type { Rowwise } from '../lowering/lowering.ts';
import type { ComputedNode } from './node.ts';

/**
 * How a node runs over tiles of rows; undefined where it must see all rows at once. `byRows` says
 * which inputs are known row by row.
 */
export function rowwise(
  node: ComputedNode,
  byRows: readonly boolean[],
  rows: number,
): Rowwise | undefined {
  if (rows === 1) return undefined;
  switch (node.kind) {
    case 'entries': {
      if (!byRows.includes(true) || node.rows !== rows) return undefined;
      const uses = node.inputs.map((input) => (input.rows === 1 ? 'whole' : 'tile'));
      return { label: 'rows', uses };
    }
    // A value for each row, or a total over everything but the columns.
    case 'reduction':
      if (!byRows[0]) return undefined;
      return { label: node.axis === 1 ? 'rows' : 'total', uses: ['tile'] };
    case 'operation':
      return loweringOf(node)?.rowwise?.(node, byRows, rows);
  }
}
