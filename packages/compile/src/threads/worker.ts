import { workerData } from 'node:worker_threads';
import { type WasmMemory, webAssembly } from '@steepest/wasm';
import { createKernels } from '../kernels/index.ts';
import type { Tile } from '../memory/threads.ts';
import { Ring, takeBlocks, word } from './control.ts';

type Blocks = (from: number, to: number, buffers: number, product: number) => void;
type Exports = Readonly<Record<string, Blocks>>;

interface Start {
  readonly memory: WasmMemory;
  readonly control: Int32Array;
  /** Counted from 1; 0 is the main thread. */
  readonly thread: number;
}

const mostPrograms = 64;

const { memory, control, thread } = workerData as Start;
const kernels = createKernels(memory, { shared: true });
const programs = new Map<number, Exports>();
const ring = new Ring(control, thread);
let seen = 0;
const get = (index: number): number => Atomics.load(control, index);

/** The calling thread's part of a program. */
function onlyThere(): never {
  throw new Error('worker: pipelines begin on the calling thread');
}

/** The program of the job; its module is compiled when it is met for the first time. */
function programOf(): Exports {
  const number = get(word.program);
  const known = programs.get(number);
  if (known !== undefined) return known;
  if (programs.size >= mostPrograms) programs.clear();
  if (webAssembly === undefined) throw new Error('worker: this runtime has no WebAssembly');
  const bytes = new Uint8Array(memory.buffer, get(word.mailbox), get(word.moduleBytes)).slice();
  const module = new webAssembly.Module(bytes);
  const instance = new webAssembly.Instance(module, {
    env: { memory, pipeline: onlyThere, ...kernels },
  });
  const made = instance.exports as unknown as Exports;
  programs.set(number, made);
  return made;
}

function work(): void {
  const program = programOf();
  const blocks = program[`blocks${get(word.stage)}`];
  const buffers = get(word.buffers) + thread * get(word.bufferBytes);
  const product = get(word.products) + thread * get(word.productBytes);
  if (get(word.streams) === 1) {
    const tile = program[`tile${get(word.stage)}`] as unknown as Tile;
    ring.enter(seen);
    ring.takeAll((start, rows, totals) => tile(start, rows, buffers, totals, product));
    return;
  }
  takeBlocks(control, thread, get(word.blocks), (block) => {
    blocks(block, block + 1, buffers, product);
  });
}

for (;;) {
  // Awake for a moment: the next job often comes soon, and waking takes longer than that.
  for (let spin = 0; spin < 2000 && get(word.generation) === seen; spin++);
  Atomics.wait(control, word.generation, seen);
  seen = get(word.generation);
  // Inside before looking whether the job is open: the main thread closes, then looks for threads.
  Atomics.add(control, word.active, 1);
  try {
    if (get(word.open) === 1) work();
  } catch {
    Atomics.store(control, word.failed, 1);
  } finally {
    Atomics.sub(control, word.active, 1);
    Atomics.notify(control, word.active);
  }
}
