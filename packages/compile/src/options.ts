import {
  advised,
  boolean,
  either,
  infinite,
  nonNegative,
  option,
  refusal,
  type Spec,
  settle,
  wholeNumber,
} from '@steepest/ground';
import { pools, type Threads } from './memory/threads.ts';
import { mostThreads } from './threads/control.ts';

/** What `compile` may be told. */
export interface CompileOptions {
  /** Rows of a tile; chosen from the sizes and the cache without. */
  readonly tileRows?: number | undefined;
  /** How many programs are kept, one for each structure and shape of the arguments; 32 without. */
  readonly programs?: number | undefined;
  /**
   * Threads that share the rows of large data: `threads(2)` of `@steepest/compile/threads`, or how
   * many, where that has been imported.
   */
  readonly threads?: Threads | number | undefined;
  /**
   * Bytes of rows that are not pinned beyond which they are copied piece by piece while the program
   * runs; 1 MB without (256 MB with threads where a program also reads rows by their number).
   */
  readonly streamBytes?: number | undefined;
  /**
   * Fused multiply-add where the runtime has it (relaxed SIMD): faster while data is in the cache,
   * but the last bits differ between machines. Off without; not together with threads.
   */
  readonly relaxed?: boolean | undefined;
}

const pool = option<Threads>({
  expected: 'threads',
  accepts: (x) => {
    const { engine, run } = Object(x) as Partial<Threads>;
    return typeof engine === 'object' && typeof run === 'function';
  },
  sample: 'threads(2)',
});

const spec = {
  tileRows: advised(wholeNumber(), 'leave it out: it is chosen from the sizes'),
  programs: wholeNumber(1, 32),
  threads: either(pool, wholeNumber(1, undefined, mostThreads)),
  streamBytes: either(nonNegative(), infinite()),
  relaxed: boolean(false),
} satisfies Spec<CompileOptions, 'programs' | 'relaxed'>;

/** The options of a call, checked, with threads for their number. */
export interface Chosen extends CompileOptions {
  readonly programs: number;
  readonly threads: Threads | undefined;
  readonly relaxed: boolean;
}

/** Throws where an option is none, or where threads are wanted that nobody has brought in. */
export function chosen(operation: string, given: CompileOptions): Chosen {
  const { threads, relaxed, ...others } = settle(operation, given, spec);
  if (threads !== undefined && relaxed) {
    throw refusal(
      operation,
      'relaxed must be false with threads, whose results are the same bytes for any number',
      relaxed,
      'leave one of them out',
    );
  }
  if (typeof threads !== 'number') return { ...others, relaxed, threads };
  if (pools.of === undefined) {
    throw new TypeError(
      `${operation}: threads: ${threads} needs an import, since browsers have no such threads; in ` +
        `Node write import { threads } from '@steepest/compile/threads' and threads: threads(${threads})`,
    );
  }
  return { ...others, relaxed, threads: pools.of(threads) };
}
