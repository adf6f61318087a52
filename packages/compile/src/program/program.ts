import { webAssembly } from '@steepest/wasm';
import type { Leaf } from '../calling/skeleton.ts';
import { type Engine, MemoryError } from '../memory/engine.ts';
import { Holding } from '../memory/holding.ts';
import type { Job, Threads, Tile } from '../memory/threads.ts';
import type { PlanNode, View } from '../plan/node.ts';
import type { Plan } from '../plan/schedule.ts';
import { importsOf } from './host.ts';
import { type LayoutOptions, layoutOf } from './layout.ts';
import { type Extension, emitProgram, type ProgramModule } from './module.ts';
import type { Layout, Totals } from './place.ts';
import { Rings } from './rings.ts';
import { Slots } from './slots.ts';
import { blocksOf, mostWindowBytes, type Streamed, Windows } from './windows.ts';

export interface ProgramOptions extends LayoutOptions {
  readonly streamBytes?: number | undefined;
  readonly threads?: Threads | undefined;
}

/** Bytes of data below which one thread is faster. */
const leastShared = 512 * 1024;
/** Bytes of data that is not pinned beyond which threads do not get a copy of it. */
const threadsStream = 256 * 1024 * 1024;
let programs = 0;
const none: readonly Streamed[] = [];

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
  readonly #threads: Threads | undefined;
  /** Whether threads take part in the pipelines. */
  readonly #shares: boolean;
  readonly #rings: Rings | undefined;
  /** What streams while the program runs. */
  #streamed: readonly Streamed[] = none;
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
    this.#threads = threads;
    this.windows = this.#windowsOf(options.streamBytes ?? mostWindowBytes);
    const canShare = threads !== undefined && this.#hasWork();
    const placement = {
      base: this.#base,
      buffers,
      product: engine.product,
      shared: engine.shared,
      relaxed: engine.relaxed,
      hostRuns: canShare || this.windows !== undefined,
    };
    this.module = emitProgram(plan, this.layout, placement, extend);
    const instance = new webAssembly.Instance(new webAssembly.Module(this.module.bytes), {
      env: {
        memory: engine.memory,
        pipeline: (stage: number) => this.#runPipeline(stage),
        ...importsOf(engine, this.module),
      },
    });
    this.exports = instance.exports;
    this.#shares = canShare && onlyCode(this.module);
    this.#slots = new Slots(engine, plan, this.layout, this.#base, this.#memory);
    if (this.#shares && this.windows !== undefined) {
      const pool = threads as Threads;
      this.#rings = Rings.of(engine, plan, this.layout, this.windows, pool, this.#memory);
    }
    const copies = this.#shares && this.#rings === undefined;
    this.#streamBytes = options.streamBytes ?? (copies ? threadsStream : mostWindowBytes);
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
    if (windows === undefined) return this.#runWith(leaves, none);
    const streamed = this.#slots.streamed(leaves, windows, this.#streamBytes);
    try {
      if (streamed.length === 0) return this.#runWith(leaves, none);
    } catch (error) {
      if (!(error instanceof MemoryError)) throw error;
    }
    // Too much to copy, or no room for it.
    const parts = streamed.length > 0 ? streamed : this.#slots.streamed(leaves, windows, 0);
    return this.#runWith(leaves, parts);
  }

  #runWith(leaves: readonly Leaf[], streamed: readonly Streamed[]): Float64Array[] | undefined {
    if (this.#running) return undefined;
    // All threads find their rows in the rings, those that are pinned too.
    const rings = streamed.length > 0 ? this.#rings : undefined;
    const parts = rings === undefined ? streamed : this.#slots.rowsOf(leaves, rings.slots);
    return this.#whileRunning(() => {
      if (!this.#slots.enter(leaves, parts, rings?.addresses)) return undefined;
      this.#streamed = parts;
      (this.exports.run as () => void)();
      return this.plan.outputs.map((view) => this.#result(view));
    });
  }

  /**
   * Calls a function of an extension, which runs the program as often as it likes, on arguments of
   * which some lie at addresses of the caller's. False where the others do not fit.
   */
  runAt(
    leaves: readonly Leaf[],
    addresses: ReadonlyMap<number, number>,
    call: () => void,
  ): boolean {
    if (this.#running) throw new Error('program: it was called from within itself');
    return this.#whileRunning(() => {
      if (!this.#slots.enter(leaves, none, addresses)) return false;
      call();
      return true;
    });
  }

  #whileRunning<T>(call: () => T): T {
    this.#running = true;
    try {
      return call();
    } finally {
      this.#running = false;
      this.#streamed = none;
      // A host's function may have called for so many others that this one was let go.
      if (this.#disposed) this.#memory.freeAll();
    }
  }

  #windowsOf(streamBytes: number): Windows | undefined {
    const { plan, layout } = this;
    const { rows } = plan.labels;
    const windows = new Windows(this.#engine, plan, layout, this.#memory, streamBytes);
    const isLarge = windows.bytesPerRow * rows > Math.min(streamBytes, mostWindowBytes);
    return isLarge && rows > layout.tileRows ? windows : undefined;
  }

  /** Enough work for more than one thread. */
  #hasWork(): boolean {
    const { rowBytes, totals } = this.layout;
    return (
      totals.some(({ blocks }) => blocks > 1) && rowBytes * this.plan.labels.rows >= leastShared
    );
  }

  /** One pipeline, called from within the program. */
  #runPipeline(stage: number): void {
    const functions = this.exports as Readonly<Record<string, (...at: number[]) => void>>;
    const totals = this.layout.totals.find((t) => t.stage === stage) as Totals;
    const blocksHere = functions[`blocks${stage}`];
    const job = {
      program: this.#number,
      bytes: this.module.bytes,
      stage,
      blocks: totals.blocks,
      buffers: this.#buffers,
      bufferBytes: this.layout.tileBytes,
    };
    if (this.#streamed.length > 0) this.#stream(job, totals, functions[`tile${stage}`]);
    else if (this.#shares) (this.#threads as Threads).run({ ...job, blocksHere });
    else blocksHere(0, totals.blocks, this.#buffers, this.#engine.product);
    functions[`finish${stage}`]();
  }

  /** A pipeline whose rows come piece by piece. */
  #stream(job: Omit<Job, 'blocksHere'>, totals: Totals, tile: Tile): void {
    const streamed = this.#streamed;
    const { rows } = this.plan.labels;
    const blocks = blocksOf(this.#engine, this.layout, rows, totals, this.#base);
    const rings = this.#rings;
    if (rings !== undefined) {
      const load = (to: number, from: number, count: number): void =>
        rings.load(streamed, to, from, count);
      const { tileRows } = this.layout;
      (this.#threads as Threads).stream({ ...job, tileRows, blocks, load, tileHere: tile });
      return;
    }
    const windows = this.windows as Windows;
    for (const { from, to, totals: sums } of blocks) {
      for (let start = from; start < to; start += this.layout.tileRows) {
        if (start % windows.rows === 0) this.#slots.load(streamed, windows, start);
        const height = Math.min(this.layout.tileRows, to - start);
        tile(start, height, this.#buffers, sums, this.#engine.product);
      }
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

/** Whether all of a program can run on another thread. */
function onlyCode({ hostOperations, hostEntries }: ProgramModule): boolean {
  return hostOperations.length + hostEntries.length === 0;
}
