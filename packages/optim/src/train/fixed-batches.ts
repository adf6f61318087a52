import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { type BatchSource, type FixedBatch, rowsOf } from './data.ts';

/** A source whose batches keep their members. */
export interface FixedSource<B> extends BatchSource<B> {
  fixed(batch: B): FixedBatch;
}

/**
 * The batches of a source's first epoch (by seed 0), kept as they are: each epoch shuffles their order,
 * not their members, so that `saga` and `sag` can remember a gradient for each. They stay in memory.
 *
 * ```ts
 * fixedBatches(minibatches(features, { size: 32 }));
 * ```
 */
export function fixedBatches<B extends object>(source: BatchSource<B>): FixedSource<B> {
  const batches = [...source.epoch(xoroshiro128plus(0))];
  const of = batches.length;
  const sizes = batches.map((batch) => rowsOf(batch) || 1);
  const rows = sizes.reduce((sum, size) => sum + size, 0);
  const facts = new Map<unknown, FixedBatch>(
    batches.map((batch, number) => [batch, { number, of, share: sizes[number] / rows }]),
  );
  return {
    batchesPerEpoch: of,
    rows: source.rows,
    *epoch(random) {
      const order = [...batches];
      for (let i = of - 1; i > 0; i--) {
        const j = uniformInt(random, 0, i);
        [order[i], order[j]] = [order[j], order[i]];
      }
      yield* order;
    },
    fixed(batch) {
      const found = facts.get(batch);
      if (found !== undefined) return found;
      throw new RangeError('fixedBatches: the batch is none of its own; take one that epoch gives');
    },
  };
}
