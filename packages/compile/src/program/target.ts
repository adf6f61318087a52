import { type I32, i32, type Locals, memory } from '@steepest/wasm';
import type { Arithmetic } from '../kernels/index.ts';
import { type OperationNode, type PlanNode, rowBytes } from '../plan/node.ts';
import type { Layout } from './place.ts';

/** How many rows a step sees: known when the program is made, or a parameter of the tile. */
export interface Count {
  readonly code: I32;
  readonly known?: number;
}

/** Where code for a phase is being written: its rows, and the regions that its tile may use. */
export interface Target {
  readonly layout: Layout;
  readonly arithmetic: Arithmetic;
  readonly locals: Locals;
  /** Address of the program's own memory. */
  readonly base: number;
  /** Address of scratch memory for matrix products. */
  readonly product: I32;
  /** Of a pipeline: the rows of the tile, its first row, its buffers, its block's accumulators. */
  readonly tile?: {
    readonly rows: Count;
    readonly start: I32 | undefined;
    readonly buffers: I32;
    readonly totals: I32;
    readonly totalOffsets: ReadonlyMap<PlanNode, number>;
  };
}

/** The address of a value: all of it, or where the rows of the tile begin. */
export function addressOf(target: Target, node: PlanNode, use: 'tile' | 'whole'): I32 {
  const { layout, base, tile } = target;
  const place = layout.places.get(node);
  if (tile !== undefined) {
    const total = tile.totalOffsets.get(node);
    if (total !== undefined) return i32.add(tile.totals, i32.const(total));
    if (place?.kind === 'tile') return i32.add(tile.buffers, i32.const(place.offset));
  }
  if (place?.kind === 'static') return atStart(i32.const(base + place.offset), target, node, use);
  if (place?.kind === 'slot') {
    return atStart(slotAddress(target, place.slot), target, node, use);
  }
  throw new Error(`${node.name}: has no place in memory`);
}

/** Where the rows of the tile begin. */
export const tile = (target: Target, node: PlanNode): I32 => addressOf(target, node, 'tile');
/** Where all of a value begins. */
export const all = (target: Target, node: PlanNode): I32 => addressOf(target, node, 'whole');

/** What the slot of an argument holds: its address. */
export function slotAddress({ layout, base }: Pick<Target, 'layout' | 'base'>, slot: number): I32 {
  return memory.loadI32(i32.const(base + layout.slotsOffset + 4 * slot));
}

function atStart(address: I32, { tile }: Target, node: PlanNode, use: 'tile' | 'whole'): I32 {
  if (use === 'whole' || tile?.start === undefined) return address;
  return i32.add(address, i32.mul(tile.start, i32.const(rowBytes(node))));
}

/** The address of the row or class numbers that a node's operation uses, from the tile's rows on. */
export function indexAddress(target: Target, { name, indices }: OperationNode): I32 {
  const { layout, base, tile } = target;
  if (indices === undefined) throw new Error(`${name}: has no indices`);
  let address: I32;
  if ('leaf' in indices) {
    const slot = layout.slots.findIndex((s) => s.leaf === indices.leaf && s.part === 'indices');
    address = slotAddress(target, slot);
  } else {
    address = i32.const(base + (layout.indexConstants.get(indices.entries) as number));
  }
  if (tile?.start === undefined) return address;
  return i32.add(address, i32.shl(tile.start, i32.const(2)));
}

export function times(count: Count, factor: number): Count {
  if (factor === 1) return count;
  if (count.known !== undefined) return knownCount(count.known * factor);
  return { code: i32.mul(count.code, i32.const(factor)) };
}

export function knownCount(known: number): Count {
  return { code: i32.const(known), known };
}

/** The addresses of the values, the columns, and the starts of the tile's rows of a sparse matrix. */
export function sparseAddresses(target: Target, node: PlanNode): readonly [I32, I32, I32] {
  const place = target.layout.places.get(node);
  if (place?.kind !== 'slot') throw new Error(`${node.name}: has no place in memory`);
  const [values, columns, starts] = [0, 1, 2].map((k) => slotAddress(target, place.slot + k));
  const { tile } = target;
  if (tile?.start === undefined) return [values, columns, starts];
  return [values, columns, i32.add(starts, i32.shl(tile.start, i32.const(2)))];
}
