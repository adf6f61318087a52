import { type PlanNode, parametersOf } from './node.ts';

/** How an operation runs over rows: what becomes of it, and how it reads its inputs. */
export interface Rowwise {
  readonly label: 'rows' | 'total';
  readonly uses: readonly ('tile' | 'whole')[];
}

type Test = (node: PlanNode, byRows: readonly boolean[], rows: number) => Rowwise | undefined;

const rowsOf = (...uses: ('tile' | 'whole')[]): Rowwise => ({ label: 'rows', uses });
const totalOf = (...uses: ('tile' | 'whole')[]): Rowwise => ({ label: 'total', uses });

/** X·W, X·Wᵀ: a row of the result from a row of X. */
const product: Test = (_, [left]) => (left ? rowsOf('tile', 'whole') : undefined);

/** A total over everything but the columns, or a value for each row. */
const reduction: Test = (node, [byRows]) => {
  if (!byRows) return undefined;
  return node.axis === 1 ? rowsOf('tile') : totalOf('tile');
};

const sameRows: Test = (node, [byRows], rows) =>
  byRows && node.rows === rows && node.inputs[0].rows === rows ? rowsOf('tile') : undefined;

/** Whether the arguments hold an index for each row of the batch. */
function oneIndexPerRow({ indices }: PlanNode, rows: number): boolean {
  return indices !== undefined && 'leaf' in indices && indices.length === rows;
}

/** The operations, beside elementwise ones, that can run row by row. */
const tests: Readonly<Record<string, Test>> = {
  matmul: product,
  matmulRight: product,
  // Xᵀ·R: Σ over rows of (row of X)ᵀ (row of R).
  matmulLeft: (node, byRows, rows) =>
    byRows.includes(true) && node.inputs[0].rows === rows ? totalOf('tile', 'tile') : undefined,
  sum: reduction,
  max: reduction,
  min: reduction,
  stretch: sameRows,
  slice: (node, byRows, rows) => {
    const [top, bottom] = parametersOf<{ rows: [number, number] }>(node).rows;
    return top === 0 && bottom === rows ? sameRows(node, byRows, rows) : undefined;
  },
  embed: (node, byRows, rows) => {
    const { top } = parametersOf<{ top: number }>(node);
    return top === 0 ? sameRows(node, byRows, rows) : undefined;
  },
  concat: (node, byRows) => {
    const { axis } = parametersOf<{ axis: 0 | 1 }>(node);
    if (axis === 0 || !byRows.includes(true)) return undefined;
    return rowsOf(...node.inputs.map(() => 'tile' as const));
  },
  pick: (node, byRows, rows) =>
    oneIndexPerRow(node, rows) ? rowsOf('tile') : sameRows(node, byRows, rows),
  place: (node, byRows, rows) =>
    oneIndexPerRow(node, rows) ? rowsOf('tile') : sameRows(node, byRows, rows),
  gather: (node, _, rows) => (oneIndexPerRow(node, rows) ? rowsOf('whole') : undefined),
  scatter: (node, [byRows], rows) =>
    byRows && node.inputs[0].rows === rows ? totalOf('tile') : undefined,
  cumsum: (node, byRows, rows) => {
    const { axis } = parametersOf<{ axis: 0 | 1 }>(node);
    return axis === 1 ? sameRows(node, byRows, rows) : undefined;
  },
};

/**
 * How a node runs over tiles of rows; undefined where it must see all rows at once. `byRows` says
 * which inputs are known row by row.
 */
export function rowwise(
  node: PlanNode,
  byRows: readonly boolean[],
  rows: number,
): Rowwise | undefined {
  if (rows === 1) return undefined;
  if (node.kind === 'elementwise') {
    if (!byRows.includes(true) || node.rows !== rows) return undefined;
    return rowsOf(...node.inputs.map((input) => (input.rows === 1 ? 'whole' : 'tile')));
  }
  return tests[node.name]?.(node, byRows, rows);
}
