import { Worker } from 'node:worker_threads';
import { gemmScratchBytes } from '../kernels/index.ts';
import type { Engine } from '../memory/engine.ts';
import { sharedEngine } from '../memory/shared.ts';
import type { Job, StreamJob, Threads } from '../memory/threads.ts';
import { mailboxBytes, openRanges, Ring, takeBlocks, word, words } from './control.ts';
import { feed } from './feed.ts';

/** Workers that take blocks of rows from a shared list; the calling thread takes some too. */
export class Pool implements Threads {
  readonly count: number;
  readonly engine: Engine;
  readonly #control = new Int32Array(new SharedArrayBuffer(4 * words));
  readonly #mailbox: number;
  readonly #products: number;
  /** Of the other threads. */
  readonly #rings: readonly Ring[];
  #workers: Worker[];
  #posted = -1;
  #failure: string | undefined;
  readonly #patience: number;

  /** `patience`: how long nothing may happen before a thread counts as dead, in milliseconds. */
  constructor(count: number, patience = 10_000) {
    this.count = count;
    this.#patience = patience;
    this.engine = sharedEngine();
    this.#mailbox = this.engine.allocate(mailboxBytes);
    this.#products = this.engine.allocate(count * gemmScratchBytes);
    this.engine.freeWith(this, [this.#mailbox, this.#products]);
    const control = this.#control;
    control[word.threads] = count;
    control[word.mailbox] = this.#mailbox;
    control[word.products] = this.#products;
    control[word.productBytes] = gemmScratchBytes;
    this.#rings = Array.from({ length: count - 1 }, (_, i) => new Ring(control, i + 1));
    const file = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js';
    this.#workers = Array.from({ length: count - 1 }, (_, i) => {
      const workerData = { memory: this.engine.memory, control, thread: i + 1 };
      const worker = new Worker(new URL(file, import.meta.url), { workerData });
      const ended = (why: string): void => {
        if (this.#workers.includes(worker)) this.#failure ??= why;
      };
      worker.on('error', (error: Error) => ended(error.message));
      worker.on('exit', () => ended('it ended'));
      worker.unref();
      return worker;
    });
  }

  close(): void {
    const workers = this.#workers;
    this.#workers = [];
    for (const worker of workers) void worker.terminate();
  }

  run(job: Job): void {
    const control = this.#control;
    this.#throwFailure();
    const helped = this.#workers.length > 0 && job.bytes.length <= mailboxBytes;
    if (helped) this.#post(job, 0);
    else openRanges(control);
    takeBlocks(control, 0, job.blocks, (block) => {
      job.blocksHere(block, block + 1, job.buffers, this.#products);
    });
    if (helped) this.#finish();
  }

  #finish(): void {
    const control = this.#control;
    Atomics.store(control, word.open, 0);
    this.#wait();
    if (Atomics.exchange(control, word.failed, 0) === 1) this.#failure = 'it threw an error';
    this.#throwFailure();
  }

  stream(job: StreamJob): void {
    const control = this.#control;
    this.#throwFailure();
    const helped = this.#workers.length > 0 && job.bytes.length <= mailboxBytes;
    if (helped) this.#post({ ...job, blocks: 0 }, 1);
    const rings = helped ? this.#rings : [];
    feed(job, rings, control[word.generation], this.#products);
    if (helped) this.#finish();
  }

  #post(
    { program, bytes, stage, blocks, buffers, bufferBytes }: Omit<Job, 'blocksHere'>,
    streams: 0 | 1,
  ): void {
    const control = this.#control;
    if (this.#posted !== program) {
      new Uint8Array(this.engine.memory.buffer, this.#mailbox, bytes.length).set(bytes);
      control[word.program] = program;
      control[word.moduleBytes] = bytes.length;
      this.#posted = program;
    }
    control[word.stage] = stage;
    control[word.blocks] = blocks;
    control[word.buffers] = buffers;
    control[word.bufferBytes] = bufferBytes;
    control[word.streams] = streams;
    openRanges(control);
    Atomics.store(control, word.open, 1);
    Atomics.add(control, word.generation, 1);
    Atomics.notify(control, word.generation);
  }

  /** Until no thread is inside the job. */
  #wait(): void {
    const control = this.#control;
    const started = performance.now();
    for (;;) {
      const active = Atomics.load(control, word.active);
      if (active === 0) return;
      // The last blocks take a moment only: sleeping and waking would take longer.
      if (performance.now() - started < 1) continue;
      Atomics.wait(control, word.active, active, 100);
      if (performance.now() - started > this.#patience) {
        this.#failure = `nothing came from it for ${this.#patience / 1000} seconds`;
        return;
      }
    }
  }

  #throwFailure(): void {
    const failure = this.#failure;
    if (failure === undefined) return;
    this.#failure = undefined;
    this.close();
    throw new Error(`threads: a worker thread died: ${failure}; the pool is closed`);
  }
}
