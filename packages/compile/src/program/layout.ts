import { loweringOf } from '../lowering/index.ts';
import type { Labels } from '../plan/label.ts';
import {
  type ConstantNode,
  constantOf,
  type IndexSource,
  isSource,
  isSparse,
  type PlanNode,
  rowBytes,
} from '../plan/node.ts';
import type { Plan, Step } from '../plan/schedule.ts';
import type { Argument, Layout, Place, Totals } from './place.ts';

export interface LayoutOptions {
  readonly tileRows?: number | undefined;
}

/** Bytes that a tile and its buffers may take: what stays in the second cache. */
const tileBudget = 160 * 1024;
/** Blocks of rows whose totals are added in order: enough for any number of threads. */
const mostBlocks = 64;
const leastTilesPerBlock = 2;
/** Operations of a tile that are worth a block of their own, and so a thread: a millisecond's or so. */
const largeTile = 2 ** 23;
/** Bytes that the totals of all blocks may take. */
const blockBudget = 8 * 1024 * 1024;

/** Gives every value that outlives its loop a place in memory. */
export function layoutOf(plan: Plan, options: LayoutOptions = {}): Layout {
  const { labels, phases } = plan;
  const places = new Map<PlanNode, Place>();
  const slots: Argument[] = [];
  const constants: { node: ConstantNode; offset: number }[] = [];
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
      const { leaf } = node;
      // The three arrays of a sparse matrix have slots side by side.
      const [slot] = isSparse(node)
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
    if (node.kind === 'operation' && node.indices !== undefined) placeIndices(node.indices);
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
    const outside = own === undefined || own.kind === 'call' || node.kind === 'reduction';
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
  const least = operationsPerRow(labels) * tileRows >= largeTile ? 1 : leastTilesPerBlock;
  const perBlock = Math.max(least, Math.ceil(tiles / blocks));
  return { tileRows, blockRows: perBlock * tileRows };
}

/** Additions and multiplications of what is computed row by row. */
function operationsPerRow({ all }: Labels): number {
  let operations = 0;
  for (const { node, label } of all) {
    if (label === 'fixed' || isSource(node)) continue;
    operations += loweringOf(node)?.cost?.(node) ?? node.columns;
  }
  return operations;
}
