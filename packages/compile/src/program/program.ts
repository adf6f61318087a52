import { webAssembly } from '@steepest/wasm';
import type { Leaf } from '../calling/skeleton.ts';
import { type Engine, MemoryError } from '../memory/engine.ts';
import { Holding } from '../memory/holding.ts';
import type { Threads } from '../memory/threads.ts';
import type { PlanNode, View } from '../plan/node.ts';
import type { Plan } from '../plan/schedule.ts';
import { importsOf } from './host.ts';
import { type LayoutOptions, layoutOf } from './layout.ts';
import { type Extension, emitProgram, type ProgramModule } from './module.ts';
import type { Layout, Totals } from './place.ts';
import { Slots } from './slots.ts';
import { mostWindowBytes, runInWindows, type Streamed, Windows } from './windows.ts';

export interface ProgramOptions extends LayoutOptions {
  readonly streamBytes?: number | undefined;
  readonly threads?: Threads | undefined;
}

/** Bytes of data below which one thread is faster. */
const leastShared = 512 * 1024;
/** Bytes of data that is not pinned beyond which threads do not get a copy of it. */
const threadsStream = 256 * 1024 * 1024;
let programs = 0;

/** A plan as machine code, with its memory. */
export class Program {
  readonly plan: Plan;
  readonly layout: Layout;
  readonly module: ProgramModule;
  /** The functions of the module, those of an extension too. */
  readonly exports: Readonly<Record<string, unknown>>;
  readonly #engine: Engine;
  readonly #memory: Holding;
  readonly #base: number;
  readonly #run: () => void;
  readonly #slots: Slots;
  readonly #number = ++programs;
  readonly #buffers: number;
  /** Present where the data that can be streamed may be more than `#streamBytes`. */
  readonly windows: Windows | undefined;
  readonly #streamBytes: number;
  #running = false;
  #disposed = false;

  constructor(plan: Plan, engine: Engine, options: ProgramOptions = {}, extend?: Extension) {
    if (webAssembly === undefined) throw new Error('program: this runtime has no WebAssembly');
    this.plan = plan;
    this.layout = layoutOf(plan, options);
    this.#engine = engine;
    const { staticBytes, tileBytes } = this.layout;
    this.#memory = new Holding(engine, this);
    this.#base = this.#memory.allocate(staticBytes);
    const { threads } = options;
    const buffers = this.#memory.allocate(tileBytes * (threads?.count ?? 1));
    this.#buffers = buffers;
    const placement = {
      base: this.#base,
      buffers,
      product: engine.product,
      shared: engine.shared,
      relaxed: engine.relaxed,
    };
    this.module = emitProgram(plan, this.layout, placement, extend);
    const instance = new webAssembly.Instance(new webAssembly.Module(this.module.bytes), {
      env: { memory: engine.memory, ...importsOf(engine, this.module) },
    });
    this.exports = instance.exports;
    const run = instance.exports.run as () => void;
    this.#run =
      threads !== undefined && this.#canShare() ? () => this.#runShared(threads, buffers) : run;
    this.#slots = new Slots(engine, plan, this.layout, this.#base, this.#memory);
    this.#streamBytes = options.streamBytes ?? (threads ? threadsStream : mostWindowBytes);
    this.windows = this.#windows();
    this.#fillConstants();
  }

  /** Returns the program's memory, once it no longer runs; it must not be started any more. */
  dispose(): void {
    this.#disposed = true;
    if (!this.#running) this.#memory.freeAll();
  }

  /**
   * Runs on the leaves of a call and returns the results, as entries; undefined where they do not
   * fit (an index out of range, a call from within itself), so that f itself must be called.
   */
  run(leaves: readonly Leaf[]): Float64Array[] | undefined {
    const { windows } = this;
    if (windows === undefined) return this.runWith(leaves, this.#run, true);
    const streamed = this.#slots.streamed(leaves, windows, this.#streamBytes);
    try {
      if (streamed.length === 0) return this.runWith(leaves, this.#run, true);
    } catch (error) {
      if (!(error instanceof MemoryError)) throw error;
    }
    // Too much to copy, or no room for it.
    const parts = streamed.length > 0 ? streamed : this.#slots.streamed(leaves, windows, 0);
    return this.runWith(leaves, () => this.#runStreamed(parts, windows), true, parts);
  }

  /** The same with a function that changes its arguments in the place of `run`: all are copied. */
  runWith(
    leaves: readonly Leaf[],
    call: () => void,
    usesPins = false,
    streamed?: readonly Streamed[],
  ): Float64Array[] | undefined {
    if (this.#running) return undefined;
    this.#running = true;
    try {
      if (!this.#slots.enter(leaves, usesPins, streamed)) return undefined;
      call();
      return this.plan.outputs.map((view) => this.#result(view));
    } finally {
      this.#running = false;
      // A host's function may have called for so many others that this one was let go.
      if (this.#disposed) this.#memory.freeAll();
    }
  }

  #windows(): Windows | undefined {
    const { plan, layout } = this;
    const { rows } = plan.labels;
    const windows = new Windows(this.#engine, plan, layout, this.#memory, this.#streamBytes);
    const isLarge = windows.bytesPerRow * rows > Math.min(this.#streamBytes, mostWindowBytes);
    return isLarge && rows > layout.tileRows ? windows : undefined;
  }

  /** Every pipeline, window after window; this thread alone. */
  #runStreamed(streamed: readonly Streamed[], windows: Windows): void {
    const functions = this.exports as Readonly<Record<string, (...at: number[]) => void>>;
    for (const { kind, stage } of this.plan.phases) {
      if (kind === 'fixed') {
        functions[`fixed${stage}`]();
        continue;
      }
      const tile = functions[`tile${stage}`];
      runInWindows({
        engine: this.#engine,
        layout: this.layout,
        rows: this.plan.labels.rows,
        totals: this.layout.totals.find((t) => t.stage === stage) as Totals,
        base: this.#base,
        windowRows: windows.rows,
        load: (from) => this.#slots.load(streamed, windows, from),
        tile: (start, rows, totals) => {
          tile(start, rows, this.#buffers, totals, this.#engine.product);
        },
      });
      functions[`finish${stage}`]();
    }
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
    return this.#slots.limitOf(slot);
  }

  #fillConstants(): void {
    const { constants, indexConstants } = this.layout;
    for (const { node, offset } of constants) {
      const { data } = node.value;
      this.#engine.numbers(this.#base + offset, data.length).set(data);
    }
    for (const [entries, offset] of indexConstants) {
      new Int32Array(this.#engine.memory.buffer, this.#base + offset, entries.length).set(entries);
    }
  }

  #result({ node, rows, columns }: View): Float64Array {
    const place = this.layout.places.get(node);
    if (place?.kind === 'number') return new Float64Array(rows * columns).fill(place.value);
    const address =
      place?.kind === 'slot'
        ? this.#slots.addressOf(place.slot)
        : this.#base + (place as { offset: number }).offset;
    const entries = this.#engine.numbers(address, node.rows * node.columns);
    if (node.rows === rows && node.columns === columns) return entries.slice();
    return stretched(entries, node, rows, columns);
  }
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
