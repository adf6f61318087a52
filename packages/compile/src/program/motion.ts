import type { PlanNode } from '../plan/node.ts';
import type { Target } from './target.ts';

/** How an operand moves with the loop: with every entry, down the rows, across the columns, not. */
export type Motion = 'entry' | 'down' | 'across' | 'still';

/** How a node moves with a loop over so many rows and columns. */
export function motionOf(
  { layout }: Target,
  { rows, columns }: { readonly rows: number; readonly columns: number },
  node: PlanNode,
): Motion {
  if (layout.places.get(node)?.kind === 'number') return 'still';
  const moves = [node.rows === rows, node.columns === columns];
  if (moves[0] && moves[1]) return 'entry';
  if (node.rows === 1 && node.columns === 1) return 'still';
  return moves[0] ? 'down' : 'across';
}
