import { FlatMatrix, toFlatMatrix } from '@steepest/autodiff';
import type { Leaf, MatrixLike } from '../calling/skeleton.ts';
import type { Engine } from '../memory/engine.ts';
import type { Threads } from '../memory/threads.ts';
import type { PlanNode, View } from '../plan/node.ts';
import type { Plan } from '../plan/schedule.ts';
import { webAssembly } from '../wasm/index.ts';
import { type Layout, type LayoutOptions, layoutOf, type Totals } from './layout.ts';
import { type Extension, emitProgram, type ProgramModule, ruleOf } from './module.ts';

export interface ProgramOptions extends LayoutOptions {
  readonly threads?: Threads | undefined;
}

/** Bytes of data below which one thread is faster. */
const leastShared = 512 * 1024;
let programs = 0;

/** A plan as machine code, with its memory. */
export class Program {
  readonly plan: Plan;
  readonly layout: Layout;
  readonly module: ProgramModule;
  /** The functions of the module, those of an extension too. */
  readonly exports: Readonly<Record<string, unknown>>;
  readonly #engine: Engine;
  readonly #owned: number[];
  readonly #base: number;
  readonly #run: () => void;
  readonly #slots: Slot[];
  #buffer: ArrayBufferLike;
  #addresses: Int32Array;
  readonly #number = ++programs;
  #running = false;

  constructor(plan: Plan, engine: Engine, options: ProgramOptions = {}, extend?: Extension) {
    if (webAssembly === undefined) throw new Error('program: this runtime has no WebAssembly');
    this.plan = plan;
    this.layout = layoutOf(plan, options);
    this.#engine = engine;
    const { staticBytes, tileBytes, slots, slotsOffset } = this.layout;
    this.#base = engine.allocate(staticBytes);
    const { threads } = options;
    const buffers = engine.allocate(tileBytes * (threads?.count ?? 1));
    this.#owned = [this.#base, buffers];
    const placement = {
      base: this.#base,
      buffers,
      product: engine.product,
      shared: engine.shared,
    };
    this.module = emitProgram(plan, this.layout, placement, extend);
    const instance = new webAssembly.Instance(new webAssembly.Module(this.module.bytes), {
      env: { memory: engine.memory, ...this.#imports() },
    });
    this.exports = instance.exports;
    const run = instance.exports.run as () => void;
    this.#run =
      threads !== undefined && this.#canShare() ? () => this.#runShared(threads, buffers) : run;
    this.#slots = slots.map((slot) => ({ ...slot, ...this.#sizeOf(slot), address: 0, own: 0 }));
    this.#buffer = engine.memory.buffer;
    this.#addresses = this.#addressView(slotsOffset);
    this.#fillConstants();
    engine.freeWith(this, this.#owned);
  }

  /** Returns the program's memory; it must not run any more. */
  dispose(): void {
    this.#engine.freeNow(this, this.#owned);
    this.#owned.length = 0;
  }

  /**
   * Runs on the leaves of a call and returns the results, as entries; undefined where they do not
   * fit (an index out of range, a call from within itself), so that f itself must be called.
   */
  run(leaves: readonly Leaf[]): Float64Array[] | undefined {
    return this.runWith(leaves, this.#run, true);
  }

  /** The same with a function that changes its arguments in the place of `run`: all are copied. */
  runWith(leaves: readonly Leaf[], call: () => void, usesPins = false): Float64Array[] | undefined {
    if (this.#running) return undefined;
    for (const slot of this.#slots) {
      if (!this.#enter(slot, leaves[slot.leaf], usesPins)) return undefined;
    }
    this.#refresh();
    const addresses = this.#addresses;
    const slots = this.#slots;
    for (let i = 0; i < slots.length; i++) addresses[i] = slots[i].address;
    this.#running = true;
    try {
      call();
    } finally {
      this.#running = false;
    }
    return this.plan.outputs.map((view) => this.#result(view));
  }

  /** Enough work, and nothing that only this thread can do. */
  #canShare(): boolean {
    const { rowBytes, totals } = this.layout;
    const { hostOperations, hostEntries } = this.module;
    return (
      hostOperations.length + hostEntries.length === 0 &&
      totals.some(({ blocks }) => blocks > 1) &&
      rowBytes * this.plan.labels.rows >= leastShared
    );
  }

  #runShared(threads: Threads, buffers: number): void {
    const functions = this.exports as Readonly<Record<string, (...at: number[]) => void>>;
    for (const { kind, stage } of this.plan.phases) {
      if (kind === 'fixed') {
        functions[`fixed${stage}`]();
        continue;
      }
      const { blocks } = this.layout.totals.find((t) => t.stage === stage) as Totals;
      threads.run({
        program: this.#number,
        bytes: this.module.bytes,
        stage,
        blocks,
        buffers,
        bufferBytes: this.layout.tileBytes,
        blocksHere: functions[`blocks${stage}`],
      });
      functions[`finish${stage}`]();
    }
  }

  /** Indices in a slot must be smaller. */
  limitOf(slot: number): number {
    return this.#slots[slot].limit;
  }

  #imports(): Record<string, unknown> {
    const { kernels, hostOperations, hostEntries } = this.module;
    const env: Record<string, unknown> = {};
    for (const name of kernels) env[name] = this.#engine.kernels[name];
    hostOperations.forEach((node, k) => {
      env[`host${k}`] = hostOperation(this.#engine, node);
    });
    hostEntries.forEach((node, k) => {
      env[`entry${k}`] = ruleOf(node).entry;
    });
    return env;
  }

  #fillConstants(): void {
    const { constants, indexConstants } = this.layout;
    for (const { node, offset } of constants) {
      const { data } = node.value as FlatMatrix;
      this.#engine.numbers(this.#base + offset, data.length).set(data);
    }
    for (const [entries, offset] of indexConstants) {
      new Int32Array(this.#engine.memory.buffer, this.#base + offset, entries.length).set(entries);
    }
  }

  #sizeOf({ leaf, indices }: { leaf: number; indices: boolean }): {
    entries: number;
    limit: number;
  } {
    let entries = 0;
    let limit = Number.POSITIVE_INFINITY;
    for (const { node } of this.plan.labels.all) {
      if (!indices && node.leaf === leaf) entries = node.rows * node.columns;
      const source = node.indices;
      if (!indices || source === undefined || !('leaf' in source) || source.leaf !== leaf) continue;
      entries = source.length;
      limit = Math.min(limit, indexLimit(node));
    }
    return { entries, limit };
  }

  #addressView(offset: number): Int32Array {
    return new Int32Array(this.#buffer, this.#base + offset, this.layout.slots.length);
  }

  /** Views die when the memory grows. */
  #refresh(): void {
    const { buffer } = this.#engine.memory;
    if (buffer === this.#buffer) return;
    this.#buffer = buffer;
    this.#addresses = this.#addressView(this.layout.slotsOffset);
    for (const slot of this.#slots) delete slot.view;
  }

  /** Makes sure that an argument lies in memory. */
  #enter(slot: Slot, leaf: Leaf, usesPins: boolean): boolean {
    if (slot.indices) return this.#enterIndices(slot, leaf);
    if (typeof leaf !== 'number') {
      const { data } = leaf instanceof FlatMatrix ? leaf : toFlatMatrix(leaf);
      const pinned = usesPins ? this.#engine.pinned(data) : undefined;
      if (pinned !== undefined) {
        slot.address = pinned;
        return true;
      }
      this.#own(slot, 8);
      this.#view(slot).set(data);
      return true;
    }
    this.#own(slot, 8);
    this.#view(slot)[0] = leaf;
    return true;
  }

  #enterIndices(slot: Slot, leaf: Leaf): boolean {
    this.#own(slot, 4);
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
    if (slot.own === 0) {
      slot.own = this.#engine.allocate(bytes * slot.entries);
      this.#owned.push(slot.own);
    }
    slot.address = slot.own;
  }

  #view(slot: Slot): Float64Array {
    this.#refresh();
    slot.view ??= this.#engine.numbers(slot.address, slot.entries);
    return slot.view;
  }

  #result({ node, rows, columns }: View): Float64Array {
    const place = this.layout.places.get(node);
    if (place?.kind === 'number') return new Float64Array(rows * columns).fill(place.value);
    const address =
      place?.kind === 'slot'
        ? this.#slots[place.slot].address
        : this.#base + (place as { offset: number }).offset;
    const entries = this.#engine.numbers(address, node.rows * node.columns);
    if (node.rows === rows && node.columns === columns) return entries.slice();
    return stretched(entries, node, rows, columns);
  }
}

interface Slot {
  readonly leaf: number;
  readonly indices: boolean;
  readonly entries: number;
  /** Indices must be smaller. */
  readonly limit: number;
  address: number;
  own: number;
  view?: Float64Array;
}

function indexLimit(node: PlanNode): number {
  if (node.name === 'pick') return node.inputs[0].columns;
  if (node.name === 'place') return node.columns;
  return node.name === 'gather' ? node.inputs[0].rows : node.rows;
}

function stretched(
  entries: Float64Array,
  node: PlanNode,
  rows: number,
  columns: number,
): Float64Array {
  const result = new Float64Array(rows * columns);
  const down = node.rows === 1 ? 0 : node.columns;
  const right = node.columns === 1 ? 0 : 1;
  for (let i = 0, k = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) result[k++] = entries[i * down + j * right];
  }
  return result;
}

/** An operation without a kernel: its rule's value, on the rows at hand. */
function hostOperation(
  engine: Engine,
  node: PlanNode,
): (rows: number, to: number, ...inputs: number[]) => void {
  const { inputs, columns } = node;
  const rule = ruleOf(node);
  return (rows, to, ...addresses) => {
    const whole = rows === node.rows;
    const values = inputs.map((input, i) => {
      const height = whole ? input.rows : rows;
      // Copies: a rule may keep or return what it was given.
      const data = engine.numbers(addresses[i] >>> 0, height * input.columns).slice();
      return new FlatMatrix(height, input.columns, data);
    });
    const { data } = rule.value(...values);
    engine.numbers(to >>> 0, rows * columns).set(data);
  };
}
