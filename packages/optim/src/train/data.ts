import { refusal } from '@steepest/ground';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** Which batch of a fixed partition a step is at. */
export interface FixedBatch {
  /** From 0 to of − 1. */
  readonly number: number;
  /** How many batches there are. */
  readonly of: number;
  /** Its share of all rows: the objective is the mean of the batches' losses by these. */
  readonly share: number;
  /** How likely a step is to be at it: the same for all, unless they are drawn by weights. */
  readonly chance: number;
}

/**
 * Data in batches: `epoch` gives each batch of one pass, in an order that depends on the
 * generator's state alone, so that it can be replayed. What `minibatches` of @steepest/datasets
 * returns is one.
 */
export interface BatchSource<B> {
  readonly batchesPerEpoch: number;
  readonly rows: number;
  epoch(random: RandomGenerator): Iterable<B>;
  /**
   * A source whose batches are rows of arrays in memory offers all of them, in the form of one batch:
   * members with `rows` rows (matrices, ndarrays, typed arrays) are gathered by rows, all others are
   * the same for every batch. It then has `batchRows` and `order` as well.
   */
  readonly data?: B | undefined;
  /** Rows of a batch; only an epoch's last may have fewer. */
  readonly batchRows?: number | undefined;
  /**
   * The rows of one epoch's batches, one batch after the other: what `epoch` would give, leaving the
   * generator in the same state.
   */
  order?(random: RandomGenerator): Int32Array;
  /** Which one a batch is, where they are the same in every epoch but for their order. */
  fixed?(batch: B): FixedBatch;
  /** All of these, once each: questions about all data are answered from them. */
  readonly batches?: readonly B[] | undefined;
}

export function isBatchSource<B>(data: unknown): data is BatchSource<B> {
  return (
    typeof data === 'object' &&
    data !== null &&
    typeof (data as BatchSource<B>).epoch === 'function' &&
    typeof (data as BatchSource<B>).batchesPerEpoch === 'number'
  );
}

/** One batch that is used whole, as a source: each epoch is one step. */
export function wholeBatch<B>(batch: B): BatchSource<B> {
  return { batchesPerEpoch: 1, rows: rowsOf(batch), epoch: () => [batch], data: batch };
}

/** How many rows a batch has, as far as its form tells: 0 if it does not. */
export function rowsOf(batch: unknown, depth = 0): number {
  if (typeof batch !== 'object' || batch === null || depth > 100) return 0;
  const { rows, shape } = batch as { rows?: unknown; shape?: unknown };
  if (typeof rows === 'number') return rows;
  if (Array.isArray(shape) && typeof shape[0] === 'number') return shape[0];
  if (Array.isArray(batch)) return 0;
  for (const member of Object.values(batch)) {
    if (typeof member !== 'object' || member === null) continue;
    const found = rowsOf(member, depth + 1);
    if (found > 0) return found;
  }
  return 0;
}

/**
 * One pass over a source from a position on. Throws a RangeError where the source yields another
 * number of batches than it declared.
 */
export function* batchesFrom<B>(
  source: BatchSource<B>,
  random: RandomGenerator,
  position: number,
): Generator<B, void> {
  let count = 0;
  for (const batch of batchesOf('train', source, random)) {
    if (++count > source.batchesPerEpoch) break;
    if (count > position) yield batch;
  }
  if (count === source.batchesPerEpoch) return;
  throw new RangeError(
    `train: data.batchesPerEpoch is ${source.batchesPerEpoch}, but an epoch yields ` +
      `${count > source.batchesPerEpoch ? 'more' : `only ${count}`}; make the two agree`,
  );
}

/** The batches of one pass. Throws a TypeError where the source gives none to go through. */
export function batchesOf<B>(
  operation: string,
  source: BatchSource<B>,
  random: RandomGenerator,
): Iterable<B> {
  const batches: unknown = source.epoch(random);
  if (typeof (batches as Partial<Iterable<B>> | undefined)?.[Symbol.iterator] !== 'function') {
    const expected = 'data.epoch must return its batches, one after the other';
    throw refusal(operation, expected, batches, 'write *epoch(random) { yield batch; }');
  }
  return batches as Iterable<B>;
}
