import { type FileHandle, open } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { setImmediate as breath } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { laneCode } from '../csv/lane/compiled.ts';
import type { Part } from '../csv/shared.ts';
import { type ReadOptions, TableReader } from '../csv/table-reader.ts';
import { isGzip, unpacked } from '../csv/unpack.ts';
import { nameOf } from '../reading/options.ts';
import type { Columns } from '../schema/schema.ts';
import type { Table } from '../table/table.ts';
import { gunzip } from './gunzip.ts';
import { type SegmentJob, takeSegments, word } from './segments.ts';

/** When a second thread helps, and how the file is cut for it. */
export interface Cutting {
  readonly threads: number;
  /** The least rest of a file that is worth a thread, in bytes. */
  readonly leastRest: number;
  readonly segmentBytes: number;
  readonly chunkBytes: number;
}

export const usualCutting = (): Cutting => ({
  threads: Math.min(2, availableParallelism()),
  leastRest: 16 * 1024 * 1024,
  segmentBytes: 1024 * 1024,
  chunkBytes: 256 * 1024,
});

/** Reads a file in order, a chunk ahead; the rest of a large, plain one is read by two threads. */
export async function readFile<C extends Columns>(
  path: string | URL,
  options: ReadOptions<C>,
  cutting: Cutting = usualCutting(),
): Promise<Table<C>> {
  const handle = await open(path);
  try {
    const stat = await handle.stat();
    const size = stat.isFile() ? stat.size : 0;
    const reader = new TableReader(options);
    if (size === 0 || isGzip((await handle.read(new Uint8Array(2), 0, 2, 0)).buffer)) {
      const place = { operation: nameOf(options), file: options.file };
      return await readThrough(handle, reader, place, size > 0);
    }
    let planned = false;
    let position = 0;
    const chunks = chunksOf(handle, cutting.chunkBytes);
    let from = chunks(0);
    for (;;) {
      const chunk = await from.next();
      if (chunk === undefined) break;
      position += chunk.length;
      if (!reader.push(chunk)) break;
      if (planned) continue;
      planned = true;
      const job = jobFor(reader, handle, size, cutting);
      if (job === undefined) {
        reader.expect(size);
        continue;
      }
      await from.drop();
      const parts = await together(job, () =>
        reader.tick(Atomics.load(job.control, word.rows), job.reached[0]),
      );
      if (parts === undefined) return await readFile(path, options, { ...cutting, threads: 1 });
      const { control, reached } = job;
      const [rows, lines, dropped] = [word.rows, word.lines, word.dropped].map((w) => control[w]);
      reader.adopt({ rows, lines, dropped, position: reached[0] }, parts);
      position = reached[0];
      from = chunks(position);
    }
    return reader.end();
  } finally {
    await handle.close();
  }
}

/** Reads what is no large plain file from the start to the end: a pipe, or gzip. */
async function readThrough<C extends Columns>(
  handle: FileHandle,
  reader: TableReader<C>,
  place: { readonly operation: string; readonly file: string | undefined },
  seekable: boolean,
): Promise<Table<C>> {
  const bytes = handle.createReadStream({
    autoClose: false,
    highWaterMark: 256 * 1024,
    ...(seekable ? { start: 0 } : {}),
  });
  for await (const chunk of unpacked(bytes, place, gunzip)) {
    if (!reader.push(chunk)) break;
  }
  return reader.end();
}

interface Chunks {
  next(): Promise<Uint8Array | undefined>;
  /** Waits for the read that is under way, whose bytes nobody wants. */
  drop(): Promise<void>;
}

/** The file's bytes from a position on, read one chunk ahead into two buffers. */
function chunksOf(handle: FileHandle, chunkBytes: number): (position: number) => Chunks {
  const buffers = [new Uint8Array(chunkBytes), new Uint8Array(chunkBytes)];
  return (start) => {
    let position = start;
    let turn = 0;
    const read = async (): Promise<Uint8Array> => {
      const buffer = buffers[turn];
      turn = 1 - turn;
      const { bytesRead } = await handle.read(buffer, 0, chunkBytes, position);
      position += bytesRead;
      return buffer.subarray(0, bytesRead);
    };
    let ahead: Promise<Uint8Array> = read();
    ahead.catch(() => {}); // whoever awaits it is told
    return {
      async next() {
        const chunk = await ahead;
        if (chunk.length === 0) return undefined;
        ahead = read();
        ahead.catch(() => {});
        return chunk;
      },
      async drop() {
        await ahead;
      },
    };
  };
}

function jobFor<C extends Columns>(
  reader: TableReader<C>,
  { fd }: FileHandle,
  size: number,
  { threads, leastRest, segmentBytes }: Cutting,
): SegmentJob | undefined {
  if (threads < 2 || size < leastRest) return undefined;
  const shared = reader.share(size);
  if (shared === undefined) return undefined;
  const control = new Int32Array(new SharedArrayBuffer(4 * word.count));
  control[word.rows] = shared.rows;
  const reached = new Float64Array(new SharedArrayBuffer(8));
  reached[0] = shared.position;
  const perRow = shared.position / shared.rows;
  const overhang = Math.ceil(Math.max(64 * 1024, 8 * perRow));
  const atOnce = Math.ceil(Math.max(segmentBytes, 64 * perRow));
  return { ...shared, file: fd, size, segmentBytes: atOnce, overhang, control, reached };
}

/**
 * Reads segments here and in a second thread, until they are all stored or one of them stops. Where the
 * thread cannot start, it goes without; undefined if it broke down at work.
 */
async function together(job: SegmentJob, tick: () => void): Promise<Part[] | undefined> {
  const { control } = job;
  const file = import.meta.url.endsWith('.ts') ? './segment-worker.ts' : './segment-worker.js';
  const worker = new Worker(new URL(file, import.meta.url), {
    workerData: { ...job, code: laneCode() } satisfies SegmentJob,
    execArgv: loaders(process.execArgv),
  });
  let ended = false;
  const theirs = new Promise<Part | undefined>((resolve) => {
    worker.on('message', resolve);
    for (const end of ['error', 'exit']) {
      worker.on(end, () => {
        ended = true;
        resolve(undefined);
      });
    }
  });
  try {
    const segments = takeSegments(job);
    let step = segments.next();
    while (!step.done) {
      if (step.value < 0) await breath();
      else await turnAfter(control, step.value);
      if (ended && control[word.joined] === 1 && (await theirs) === undefined) return undefined;
      tick();
      step = segments.next();
    }
    // A helper that has not begun by now need not.
    if (Atomics.compareExchange(control, word.joined, 0, -1) === 0) return [step.value];
    const part = await theirs;
    return part === undefined ? undefined : [step.value, part];
  } finally {
    Atomics.store(control, word.stopped, 1);
    void worker.terminate();
  }
}

/** The options of this process without a program that was given on the command line. */
function loaders(options: readonly string[]): string[] {
  const program = options.findIndex((option) => /^(-e|-p|-pe|--eval|--print)$/.test(option));
  const others = options.filter((_, i) => program < 0 || (i !== program && i !== program + 1));
  return others.filter((option) => !option.startsWith('--input-type='));
}

// Newer than the library of types that this is compiled with
const { waitAsync } = Atomics as {
  waitAsync?(words: Int32Array, at: number, value: number, ms: number): { value: unknown };
};

/** Waits until the turn is another one, or a while. */
async function turnAfter(control: Int32Array, turn: number): Promise<void> {
  if (waitAsync === undefined) await breath();
  else await waitAsync(control, word.turn, turn, 100).value;
}
