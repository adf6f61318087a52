import { type ConstantNode, type InputNode, isSource, type PlanNode, type View } from './node.ts';
import { rowwise } from './rowwise.ts';

/**
 * fixed: computed once, between pipelines. rows: row i depends on row i of the batch only. total:
 * accumulated over the rows of a pipeline.
 */
export type Label = 'fixed' | 'rows' | 'total';

/** How an operation reads an input: its rows of the tile, or all of it. */
export type Use = 'tile' | 'whole';

export interface Labelled {
  readonly node: PlanNode;
  readonly label: Label;
  /**
   * Of rows and totals: the pipeline that computes them, counted from 1. Of fixed values: after
   * which pipeline they can be computed, 0: before the first.
   */
  readonly stage: number;
  readonly uses: readonly Use[];
}

export interface Labels {
  /** The number of rows of the batch; 1 where nothing is computed by rows. */
  readonly rows: number;
  /** What the outputs depend on, in order. */
  readonly all: readonly Labelled[];
  readonly of: ReadonlyMap<PlanNode, Labelled>;
  /** Rows that a later pipeline, an operation on the whole, or a result needs. */
  readonly kept: ReadonlySet<PlanNode>;
}

/** The label of every node that the outputs depend on; leaves before `firstLeaves` are parameters. */
export function labelled(outputs: readonly View[], firstLeaves: number): Labels {
  const nodes = reachable(outputs.map(({ node }) => node));
  const batch = rowsOfBatch(nodes, firstLeaves);
  const of = new Map<PlanNode, Labelled>();
  const kept = new Set<PlanNode>();
  for (const node of nodes) {
    const made = labelOf(node, of, batch, kept);
    of.set(node, made);
  }
  for (const { node } of outputs) if (of.get(node)?.label === 'rows') kept.add(node);
  return { rows: batch.rows, all: nodes.map((node) => of.get(node) as Labelled), of, kept };
}

function reachable(ends: readonly PlanNode[]): PlanNode[] {
  const found = new Set<PlanNode>();
  const waiting = [...ends];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (found.has(node)) continue;
    found.add(node);
    waiting.push(...node.inputs);
  }
  return [...found].sort((a, b) => a.id - b.id);
}

interface Batch {
  readonly rows: number;
  /** Whether a leaf or a constant is read by rows. */
  readonly holds: (node: PlanNode) => boolean;
}

/**
 * The batch's rows: the row count that most entries of the arguments after the first share; of the
 * function's own matrices where those have none; of the first argument's where there are no others.
 */
function rowsOfBatch(nodes: readonly PlanNode[], firstLeaves: number): Batch {
  const inputs = nodes.filter((node): node is InputNode => node.kind === 'input');
  const parameters = inputs.filter(({ leaf }) => leaf < firstLeaves);
  const later = inputs.filter(({ leaf }) => leaf >= firstLeaves);
  const own = nodes.filter((node): node is ConstantNode => node.kind === 'constant');
  for (const group of [later, own, parameters]) {
    const entries = new Map<number, number>();
    for (const { rows, columns } of group) {
      if (rows > 1) entries.set(rows, (entries.get(rows) ?? 0) + rows * columns);
    }
    const [best] = [...entries].sort((a, b) => b[1] - a[1]);
    if (best === undefined) continue;
    const [rows] = best;
    const members = new Set<PlanNode>(
      [...later, ...own, ...group].filter((node) => node.rows === rows),
    );
    return { rows, holds: (node) => members.has(node) };
  }
  return { rows: 1, holds: () => false };
}

function labelOf(
  node: PlanNode,
  of: ReadonlyMap<PlanNode, Labelled>,
  batch: Batch,
  kept: Set<PlanNode>,
): Labelled {
  if (isSource(node)) {
    return batch.holds(node)
      ? { node, label: 'rows', stage: 1, uses: [] }
      : { node, label: 'fixed', stage: 0, uses: [] };
  }
  const inputs = node.inputs.map((input) => of.get(input) as Labelled);
  const byRows = rowwise(
    node,
    inputs.map(({ label }) => label === 'rows'),
    batch.rows,
  );
  const uses: readonly Use[] = byRows?.uses ?? inputs.map(() => 'whole');
  let stage = byRows === undefined ? 0 : 1;
  inputs.forEach((input, i) => {
    const available = availableAfter(input);
    if (byRows === undefined) stage = Math.max(stage, available);
    else if (uses[i] === 'tile' && input.label === 'rows') stage = Math.max(stage, input.stage);
    else stage = Math.max(stage, available + 1);
  });
  inputs.forEach((input, i) => {
    if (input.label !== 'rows' || isSource(input.node)) return;
    if (uses[i] === 'whole' || input.stage < stage) kept.add(input.node);
  });
  return { node, label: byRows?.label ?? 'fixed', stage, uses };
}

/** After which pipeline all entries of a value are there. */
function availableAfter({ node, label, stage }: Labelled): number {
  return label === 'rows' && isSource(node) ? 0 : stage;
}
