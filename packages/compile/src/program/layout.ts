import { isSource } from '../plan/label.ts';
import type { IndexSource, PlanNode } from '../plan/node.ts';
import { constantOf, rowBytes } from '../plan/node.ts';
import { isReduction, type Plan, type Step } from '../plan/schedule.ts';

/** Where a value lies. Offsets are bytes from the start of their region. */
export type Place =
  /** A number in the code itself. */
  | { readonly kind: 'number'; readonly value: number }
  /** An argument; its address stands in the slot of that number. */
  | { readonly kind: 'slot'; readonly slot: number }
  /** The program's own memory. */
  | { readonly kind: 'static'; readonly offset: number }
  /** A tile's worth of rows, in memory of the running thread. */
  | { readonly kind: 'tile'; readonly offset: number }
  /** Between the entries of one loop only. */
  | { readonly kind: 'local' };

/** The accumulators of a pipeline: sums, maxima and minima over a block of rows. */
export interface Totals {
  readonly stage: number;
  /** In the program's own memory: the finished totals, then one copy for each block of rows. */
  readonly offset: number;
  readonly blocks: number;
  readonly bytes: number;
  readonly members: readonly { readonly node: PlanNode; readonly offset: number }[];
}

/** What a slot holds the address of: a matrix, its row or class numbers, or an array of a sparse one. */
export interface Argument {
  readonly leaf: number;
  readonly part: 'entries' | 'indices' | 'values' | 'columns' | 'starts';
}

export interface Layout {
  readonly places: ReadonlyMap<PlanNode, Place>;
  readonly totals: readonly Totals[];
  /** The arguments, by slot: which leaf, and whether it holds indices. */
  readonly slots: readonly Argument[];
  readonly slotsOffset: number;
  readonly constants: readonly { readonly node: PlanNode; readonly offset: number }[];
  readonly indexConstants: ReadonlyMap<Int32Array, number>;
  readonly staticBytes: number;
  readonly tileBytes: number;
  readonly tileRows: number;
  readonly blockRows: number;
  /** What one row of the batch takes in all arguments and buffers. */
  readonly rowBytes: number;
}

export interface LayoutOptions {
  readonly tileRows?: number | undefined;
}

/** Bytes that a tile and its buffers may take: what stays in the second cache. */
const tileBudget = 160 * 1024;
/** Blocks of rows whose totals are added in order: enough for any number of threads. */
const mostBlocks = 64;
const leastTilesPerBlock = 2;
/** Bytes that the totals of all blocks may take. */
const blockBudget = 8 * 1024 * 1024;

/** Gives every value that outlives its loop a place in memory. */
export function layoutOf(plan: Plan, options: LayoutOptions = {}): Layout {
  const { labels, phases } = plan;
  const places = new Map<PlanNode, Place>();
  const slots: Argument[] = [];
  const constants: { node: PlanNode; offset: number }[] = [];
  const indexConstants = new Map<Int32Array, number>();
  let staticBytes = 0;
  const reserve = (bytes: number): number => {
    const offset = staticBytes;
    staticBytes += (bytes + 15) & ~15;
    return offset;
  };
  const slotOf = (leaf: number, part: Argument['part']): number => {
    const known = slots.findIndex((slot) => slot.leaf === leaf && slot.part === part);
    return known >= 0 ? known : slots.push({ leaf, part }) - 1;
  };
  const rowsInTiles = rowBytesOf(plan);
  const { tileRows, blockRows } = tiling(plan, rowsInTiles, options.tileRows);
  const outlives = outliving(plan);
  const called = new Set(
    phases.flatMap(({ steps }) => steps).flatMap((s) => (s.kind === 'call' ? s.node.inputs : [])),
  );
  let tileBytes = 0;
  for (const { node, label } of labels.all) {
    // Operations read their inputs from memory, loops take numbers from the code.
    const number = called.has(node) ? undefined : constantOf(node);
    const bytes = 8 * node.rows * node.columns;
    if (number !== undefined) {
      places.set(node, { kind: 'number', value: number });
    } else if (node.kind === 'input') {
      const leaf = node.leaf as number;
      // The three arrays of a sparse matrix have slots side by side.
      const [slot] = node.sparse
        ? (['values', 'columns', 'starts'] as const).map((part) => slotOf(leaf, part))
        : [slotOf(leaf, 'entries')];
      places.set(node, { kind: 'slot', slot });
    } else if (node.kind === 'constant') {
      const offset = reserve(bytes);
      constants.push({ node, offset });
      places.set(node, { kind: 'static', offset });
    } else if (!outlives.has(node)) {
      places.set(node, { kind: 'local' });
    } else if (label === 'fixed' || labels.kept.has(node)) {
      places.set(node, { kind: 'static', offset: reserve(bytes) });
    } else if (label === 'rows') {
      places.set(node, { kind: 'tile', offset: tileBytes });
      tileBytes += (8 * tileRows * node.columns + 15) & ~15;
    }
    if (node.indices !== undefined) placeIndices(node.indices);
  }
  function placeIndices(indices: IndexSource): void {
    if ('leaf' in indices) slotOf(indices.leaf, 'indices');
    else if (!indexConstants.has(indices.entries)) {
      indexConstants.set(indices.entries, reserve(4 * indices.length));
    }
  }
  const totals: Totals[] = [];
  for (const { kind, stage } of phases) {
    if (kind !== 'pipeline') continue;
    const sums = labels.all.filter((made) => made.label === 'total' && made.stage === stage);
    let bytes = 0;
    const members = sums.map(({ node }) => {
      const offset = bytes;
      bytes += (8 * node.rows * node.columns + 15) & ~15;
      return { node, offset };
    });
    const blocks = Math.ceil(labels.rows / blockRows);
    const offset = reserve(bytes * (blocks === 1 ? 1 : blocks + 1));
    for (const member of members) {
      places.set(member.node, { kind: 'static', offset: offset + member.offset });
    }
    totals.push({ stage, offset, blocks, bytes, members });
  }
  const slotsOffset = reserve(4 * slots.length);
  return {
    places,
    totals,
    slots,
    slotsOffset,
    constants,
    indexConstants,
    staticBytes,
    tileBytes,
    tileRows,
    blockRows,
    rowBytes: rowsInTiles,
  };
}

/** Nodes that something outside their own loop reads. */
function outliving({ labels, phases, outputs }: Plan): ReadonlySet<PlanNode> {
  const found = new Set<PlanNode>(outputs.map(({ node }) => node));
  const home = new Map<PlanNode, Step>();
  for (const { steps } of phases) {
    for (const step of steps) {
      for (const node of step.kind === 'loop' ? step.nodes : [step.node]) home.set(node, step);
    }
  }
  for (const { node } of labels.all) {
    const own = home.get(node);
    const outside = own === undefined || own.kind === 'call' || isReduction(node);
    if (!isSource(node) && outside) found.add(node);
    for (const input of node.inputs) if (home.get(input) !== own) found.add(input);
  }
  return found;
}

function rowBytesOf({ labels, phases }: Plan): number {
  let bytes = 0;
  for (const { node, label } of labels.all) {
    if (isSource(node) && label === 'rows') bytes += rowBytes(node);
  }
  for (const { kind, steps } of phases) {
    if (kind !== 'pipeline') continue;
    for (const step of steps) {
      if (step.kind === 'call') bytes += 8 * step.node.columns;
      else bytes += 8 * step.columns;
    }
  }
  return bytes;
}

function tiling(
  { labels }: Plan,
  rowBytes: number,
  given: number | undefined,
): { readonly tileRows: number; readonly blockRows: number } {
  const { rows } = labels;
  const fitting = 2 ** Math.floor(Math.log2(tileBudget / Math.max(rowBytes, 1)));
  const tileRows = given ?? Math.min(512, Math.max(64, fitting));
  if (rows <= tileRows) return { tileRows: rows, blockRows: rows };
  const tiles = Math.ceil(rows / tileRows);
  const totalBytes = labels.all.reduce(
    (sum, { node, label }) => sum + (label === 'total' ? 8 * node.rows * node.columns : 0),
    1,
  );
  const blocks = Math.max(4, Math.min(mostBlocks, Math.floor(blockBudget / totalBytes)));
  const perBlock = Math.max(leastTilesPerBlock, Math.ceil(tiles / blocks));
  return { tileRows, blockRows: perBlock * tileRows };
}
