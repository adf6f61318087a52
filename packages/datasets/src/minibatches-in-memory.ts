import {
  advised,
  oneOf,
  option,
  refusal,
  required,
  type Spec,
  settle,
  show,
  wholeNumber,
} from '@steepest/ground';
import type { NdArray } from 'ndarray';
import ndarray from 'ndarray';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { FittedPreparation } from './prepare/prepare.ts';
import { blockwise } from './random/block-order.ts';
import { isGenerator, permutation, range } from './random/shuffle.ts';

type Rows2D = NdArray<Float64Array>;

/** Arrays with one row per example. */
export interface Examples {
  readonly x: Rows2D;
  readonly y?: Rows2D;
  readonly weights?: Rows2D;
}

/** The same arrays for some of the examples; `indices` says which rows they were. */
export type Batch<E extends Examples> = { readonly [K in keyof E & keyof Examples]: E[K] } & {
  readonly indices: Int32Array;
};

/** Batches for any number of epochs: the generator's state decides the order, so it can be replayed. */
export interface BatchSource<B> {
  readonly batchesPerEpoch: number;
  readonly rows: number;
  readonly columns?: number;
  epoch(random: RandomGenerator): Iterable<B>;
}

/** Batches that are rows of arrays in memory, so that an engine can gather them itself. */
export interface GatheredSource<B> extends BatchSource<B> {
  /** All rows, in the form of one batch. */
  readonly data: B;
  /** Rows of a batch; an epoch's last may have fewer. */
  readonly batchRows: number;
  /** The rows of an epoch's batches, one batch after the other; leaves the generator as `epoch` does. */
  order(random: RandomGenerator): Int32Array;
}

/**
 * `shuffle` is on and the short last batch is kept unless said otherwise. `'blocks'` keeps 65 536
 * neighbouring rows together, for a disk on which far-off rows are slow to reach: blocks are shuffled,
 * and the rows of each.
 */
export interface MinibatchOptions {
  readonly size: number;
  readonly shuffle?: boolean | 'blocks' | undefined;
  readonly last?: 'keep' | 'drop' | undefined;
}

/** Rows on disk become numbers as they are read. */
export interface DiskBatchOptions extends MinibatchOptions {
  readonly preparation: FittedPreparation;
}

const minibatchSpec = {
  size: required(advised(wholeNumber(), 'pass how many rows, such as { size: 32 }')),
  shuffle: option<boolean | 'blocks', boolean | 'blocks'>(
    {
      expected: "true, false or 'blocks'",
      accepts: (x) => typeof x === 'boolean' || x === 'blocks',
      sample: "'blocks'",
    },
    true,
  ),
  last: oneOf(['keep', 'drop'], 'keep'),
} satisfies Spec<MinibatchOptions>;

/** Minibatches of arrays in memory: in order views of them, shuffled a copy for each. */
export function minibatchesInMemory<E extends Examples>(
  examples: E,
  options: MinibatchOptions,
): GatheredSource<Batch<E>> {
  const arrays = arraysOf(examples);
  const { size, shuffle, last } = settle('minibatches', options, minibatchSpec, {
    example: 'minibatches(features, { size: 32 })',
  });
  const [rows, columns] = examples.x.shape;
  if (last === 'drop' && size > rows) {
    throw new RangeError(
      `minibatches: size ${size} is more than the ${rows} rows, so dropping the short last batch leaves none; choose a smaller size`,
    );
  }
  const batchesPerEpoch = last === 'drop' ? Math.floor(rows / size) : Math.ceil(rows / size);
  const order = (random: RandomGenerator): Int32Array => {
    if (shuffle && !isGenerator(random)) {
      throw new TypeError(
        'minibatches: epoch needs a generator to shuffle by; pass for example xoroshiro128plus(1) of pure-rand',
      );
    }
    const drawn =
      shuffle === 'blocks'
        ? blockwise(rows, random)
        : shuffle
          ? permutation(rows, random)
          : range(rows);
    return last === 'drop' ? drawn.subarray(0, batchesPerEpoch * size) : drawn;
  };
  let all: Batch<E> | undefined;
  return {
    batchesPerEpoch,
    rows,
    columns,
    batchRows: size,
    get data() {
      all ??= { ...Object.fromEntries(arrays), indices: range(rows) } as Batch<E>;
      return all;
    },
    order,
    epoch(random) {
      const drawn = order(random);
      return {
        *[Symbol.iterator]() {
          for (let b = 0; b < batchesPerEpoch; b++) {
            const indices = drawn.slice(b * size, Math.min((b + 1) * size, rows));
            const batch: Record<string, unknown> = { indices };
            for (const [name, array] of arrays) {
              batch[name] = shuffle
                ? gatherRows(array, indices)
                : rowsView(array, b * size, indices.length);
            }
            yield batch as Batch<E>;
          }
        },
      };
    },
  };
}

function arraysOf(examples: Examples): [string, Rows2D][] {
  if (typeof examples !== 'object' || examples?.x === undefined) {
    const advice = 'pass what a preparation’s apply returns';
    throw refusal('minibatches', 'expected { x, y }', examples, advice);
  }
  const arrays: [string, Rows2D][] = [];
  const rows = examples.x?.shape?.[0];
  for (const name of ['x', 'y', 'weights'] as const) {
    const array: unknown = examples[name];
    if (array === undefined) continue;
    if (!isMatrix(array)) {
      throw refusal(
        'minibatches',
        `${name} must be an ndarray of two dimensions`,
        array,
        'make one of a matrix: ndarray(matrix.data, [rows, columns])',
      );
    }
    if (array.shape[0] !== rows) {
      throw new RangeError(
        `minibatches: ${name} is ${array.shape.map(show).join(' × ')}, expected ${rows} rows, as x has; leave out the rows that have no partner`,
      );
    }
    arrays.push([name, array]);
  }
  return arrays;
}

/** Whether a value is an ndarray of rows and columns. */
function isMatrix(x: unknown): x is Rows2D {
  const { shape, stride, data, offset } = (x ?? {}) as Partial<Rows2D>;
  return (
    [shape, stride].every((two) => Array.isArray(two) && two.length === 2) &&
    shape!.every((size) => Number.isSafeInteger(size) && size >= 0) &&
    typeof (data as ArrayLike<number> | undefined)?.length === 'number' &&
    Number.isSafeInteger(offset)
  );
}

function rowsView(array: Rows2D, start: number, count: number): Rows2D {
  const offset = array.offset + start * array.stride[0];
  return ndarray(array.data, [count, array.shape[1]], array.stride, offset);
}

function gatherRows(array: Rows2D, indices: Int32Array): Rows2D {
  const { data, offset, stride } = array;
  const width = array.shape[1];
  const gathered = new Float64Array(indices.length * width);
  if (stride[1] === 1 && width > 8) {
    for (let i = 0; i < indices.length; i++) {
      const start = offset + indices[i] * stride[0];
      gathered.set(data.subarray(start, start + width), i * width);
    }
  } else {
    for (let i = 0, to = 0; i < indices.length; i++) {
      const start = offset + indices[i] * stride[0];
      for (let j = 0; j < width; j++) gathered[to++] = data[start + j * stride[1]];
    }
  }
  return ndarray(gathered, [indices.length, width]);
}
