import { FlatMatrix, toFlatMatrix } from '@steepest/autodiff';
import {
  type Leaf,
  type MatrixLike,
  type SingleMatrix,
  singleEntries,
} from '../calling/skeleton.ts';
import { loweringOf } from '../lowering/index.ts';
import { type Engine, MemoryError } from '../memory/engine.ts';
import type { Holding } from '../memory/holding.ts';
import { isFloat32 } from '../plan/node.ts';
import type { Plan } from '../plan/schedule.ts';
import { SparseMatrix } from '../sparse.ts';
import type { Argument, Layout } from './place.ts';
import type { Streamed, Windows } from './windows.ts';

const none: readonly Streamed[] = [];

/** The arguments of a program in memory: their addresses, in the list that the program reads. */
export class Slots {
  readonly #engine: Engine;
  readonly #plan: Plan;
  readonly #slots: Slot[];
  readonly #listAddress: number;
  readonly #memory: Holding;
  #buffer: ArrayBufferLike;
  #list: Int32Array;

  constructor(engine: Engine, plan: Plan, layout: Layout, base: number, held: Holding) {
    this.#engine = engine;
    this.#plan = plan;
    this.#memory = held;
    this.#slots = layout.slots.map((slot) => ({
      ...slot,
      ...this.#sizeOf(slot),
      address: 0,
      own: 0,
      ownBytes: 0,
    }));
    this.#listAddress = base + layout.slotsOffset;
    this.#buffer = engine.memory.buffer;
    this.#list = this.#listView();
  }

  /**
   * Brings the arguments of a call in, beside those streamed and those at given addresses; false
   * where an index is out of range.
   */
  enter(
    leaves: readonly Leaf[],
    streamed: readonly Streamed[] = none,
    addresses?: ReadonlyMap<number, number>,
  ): boolean {
    const slots = this.#slots;
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i];
      const address = addresses?.get(i);
      if (address !== undefined) {
        slot.address = address;
        continue;
      }
      if (streamed.length > 0 && streamed.some((s) => s.slot === i)) continue;
      if (!this.#enter(slot, leaves[slot.leaf])) return false;
    }
    this.#refresh();
    for (let i = 0; i < slots.length; i++) this.#list[i] = slots[i].address;
    return true;
  }

  /** The arguments that can be streamed and are not in this memory, where they exceed some bytes. */
  streamed(leaves: readonly Leaf[], { rowBytes }: Windows, beyond: number): readonly Streamed[] {
    const found: Streamed[] = [];
    let bytes = 0;
    for (const slot of rowBytes.keys()) {
      const leaf = leaves[this.#slots[slot].leaf];
      if (typeof leaf === 'number') continue;
      const data = entriesOf(leaf as MatrixLike, this.#slots[slot].single);
      if (this.#isPinned(data)) continue;
      found.push({ slot, data });
      bytes += data.byteLength;
    }
    return bytes > beyond ? found : none;
  }

  /** The entries of arguments that are read by rows. */
  rowsOf(leaves: readonly Leaf[], slots: Iterable<number>): readonly Streamed[] {
    return Array.from(slots, (slot) => {
      const leaf = leaves[this.#slots[slot].leaf];
      return { slot, data: entriesOf(leaf as MatrixLike, this.#slots[slot].single) };
    });
  }

  /** Puts a window of rows of these arguments into memory. */
  load(streamed: readonly Streamed[], windows: Windows, from: number): void {
    const addresses = windows.load(streamed, from);
    this.#refresh();
    streamed.forEach(({ slot }, i) => {
      this.#list[slot] = addresses[i];
    });
  }

  /** Whether data is pinned and has room in this memory. */
  #isPinned(data: Float64Array | Float32Array): boolean {
    try {
      return this.#engine.pinned(data) !== undefined;
    } catch (error) {
      if (error instanceof MemoryError) return false;
      throw error;
    }
  }

  /** Indices in a slot must be smaller. */
  limitOf(slot: number): number {
    return this.#slots[slot].limit;
  }

  addressOf(slot: number): number {
    return this.#slots[slot].address;
  }

  #sizeOf({ leaf, part }: Argument): {
    entries: number;
    limit: number;
    single: boolean;
  } {
    let entries = 0;
    let limit = Number.POSITIVE_INFINITY;
    let single = false;
    const indices = part === 'indices';
    for (const { node } of this.#plan.labels.all) {
      if (!indices && node.kind === 'input' && node.leaf === leaf) {
        entries = node.rows * node.columns;
        single = isFloat32(node);
      }
      if (!indices || node.kind !== 'operation') continue;
      const source = node.indices;
      if (source === undefined || !('leaf' in source) || source.leaf !== leaf) continue;
      entries = source.length;
      limit = Math.min(limit, loweringOf(node)?.indexLimit?.(node) ?? limit);
    }
    return { entries, limit, single };
  }

  #listView(): Int32Array {
    return new Int32Array(this.#engine.memory.buffer, this.#listAddress, this.#slots.length);
  }

  /** Views die when the memory grows. */
  #refresh(): void {
    const { buffer } = this.#engine.memory;
    if (buffer === this.#buffer) return;
    this.#buffer = buffer;
    this.#list = this.#listView();
    for (const slot of this.#slots) delete slot.view;
  }

  /** Makes sure that an argument lies in memory. */
  #enter(slot: Slot, leaf: Leaf): boolean {
    if (slot.part === 'indices') return this.#enterIndices(slot, leaf);
    if (leaf instanceof SparseMatrix) return this.#enterArray(slot, arrayOf(leaf, slot));
    if (slot.single) return this.#enterArray(slot, singleEntries(leaf as SingleMatrix));
    if (typeof leaf !== 'number') {
      const { data } = leaf instanceof FlatMatrix ? leaf : toFlatMatrix(leaf);
      const pinned = this.#engine.pinned(data);
      if (pinned !== undefined) {
        slot.address = pinned;
        return true;
      }
      this.#own(slot, 8 * slot.entries);
      this.#view(slot).set(data);
      return true;
    }
    this.#own(slot, 8 * slot.entries);
    this.#view(slot)[0] = leaf;
    return true;
  }

  #enterArray(slot: Slot, data: Float64Array | Float32Array | Int32Array): boolean {
    const pinned = this.#engine.pinned(data);
    if (pinned !== undefined) {
      slot.address = pinned;
      return true;
    }
    // The values of a sparse matrix may be more than those of the last one.
    if (slot.own !== 0 && data.byteLength > slot.ownBytes) this.#release(slot);
    slot.ownBytes = Math.max(slot.ownBytes, data.byteLength);
    this.#own(slot, slot.ownBytes);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    new Uint8Array(this.#engine.memory.buffer, slot.address, data.byteLength).set(bytes);
    return true;
  }

  #release(slot: Slot): void {
    this.#memory.free(slot.own);
    slot.own = 0;
  }

  #enterIndices(slot: Slot, leaf: Leaf): boolean {
    this.#own(slot, 4 * slot.entries);
    const entries = ArrayBuffer.isView(leaf)
      ? (leaf as ArrayLike<number>)
      : toFlatMatrix(leaf as MatrixLike).data;
    const to = new Int32Array(this.#engine.memory.buffer, slot.address, slot.entries);
    const { limit } = slot;
    for (let i = 0; i < to.length; i++) {
      const entry = entries[i];
      if (!(entry >= 0 && entry < limit) || entry !== Math.floor(entry)) return false;
      to[i] = entry;
    }
    return true;
  }

  /** The slot's own memory, for arguments that are copied at every call. */
  #own(slot: Slot, bytes: number): void {
    if (slot.own === 0) slot.own = this.#memory.allocate(bytes);
    slot.address = slot.own;
  }

  #view(slot: Slot): Float64Array {
    this.#refresh();
    slot.view ??= this.#engine.numbers(slot.address, slot.entries);
    return slot.view;
  }
}

interface Slot {
  readonly leaf: number;
  readonly part: Argument['part'];
  readonly entries: number;
  readonly single: boolean;
  /** Indices must be smaller. */
  readonly limit: number;
  address: number;
  own: number;
  ownBytes: number;
  view?: Float64Array;
}

function entriesOf(leaf: MatrixLike, single: boolean): Float64Array | Float32Array {
  if (single) return singleEntries(leaf as SingleMatrix);
  return (leaf instanceof FlatMatrix ? leaf : toFlatMatrix(leaf)).data;
}

function arrayOf(x: SparseMatrix, { part }: Slot): Float64Array | Int32Array {
  if (part === 'starts') return x.starts;
  return part === 'columns' ? x.columnsOf : x.values;
}
