import { isCallable, listOf, positive, refusal, type Spec, settle } from '@steepest/ground';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { type BatchSource, batchesOf, type FixedBatch, isBatchSource, rowsOf } from './data.ts';

/** A source whose batches keep their members. */
export interface FixedSource<B> extends BatchSource<B> {
  fixed(batch: B): FixedBatch;
  readonly batches: readonly B[];
}

export interface FixedBatchesSettings {
  /**
   * A weight for each batch, in the order of `batches`: an epoch then draws as many batches as there
   * are, with replacement, each in proportion to its weight. Put `unweighted()` first in the chain.
   */
  readonly weights?: readonly number[] | undefined;
}

const fixedBatchesSpec = { weights: listOf(positive(1)) } satisfies Spec<FixedBatchesSettings>;

/**
 * The batches of a source's first epoch (by seed 0), kept as they are: each epoch shuffles their order,
 * not their members, so that `saga` and `sag` can remember a gradient for each. They stay in memory.
 * Drawn by weights, reported losses are means over what was drawn.
 *
 * ```ts
 * fixedBatches(minibatches(features, { size: 32 }));
 * ```
 */
export function fixedBatches<B extends object>(
  source: BatchSource<B>,
  settings: FixedBatchesSettings = {},
): FixedSource<B> {
  if (!isBatchSource<B>(source) || !isCallable(source.epoch)) {
    const advice = 'write fixedBatches(minibatches(features, { size: 32 }))';
    throw refusal('fixedBatches', 'expected a source of batches', source, advice);
  }
  const { weights } = settle('fixedBatches', settings, fixedBatchesSpec);
  const batches = [...batchesOf('fixedBatches', source, xoroshiro128plus(0))];
  const of = batches.length;
  if (weights !== undefined && weights.length !== of) {
    const advice = 'give one for each of source.batches';
    throw refusal('fixedBatches', `weights must be ${of} numbers`, weights.length, advice);
  }
  const shares = partsOf(batches.map((batch) => rowsOf(batch) || 1));
  const chances = partsOf(weights ?? batches.map(() => 1));
  const facts = new Map<unknown, FixedBatch>(
    batches.map((batch, number) => [
      batch,
      { number, of, share: shares[number], chance: chances[number] },
    ]),
  );
  const numbers = (random: RandomGenerator) =>
    weights === undefined ? shuffled(of, random) : drawn(chances, random);
  return {
    batchesPerEpoch: of,
    rows: source.rows,
    batches,
    *epoch(random) {
      for (const number of numbers(random)) yield batches[number];
    },
    fixed(batch) {
      const found = facts.get(batch);
      if (found !== undefined) return found;
      throw new RangeError('fixedBatches: the batch is none of its own; take one that epoch gives');
    },
  };
}

function partsOf(sizes: readonly number[]): number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return sizes.map((size) => size / total);
}

function shuffled(count: number, random: RandomGenerator): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = uniformInt(random, 0, i);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** As many numbers as there are chances, each drawn by them. */
function drawn(chances: readonly number[], random: RandomGenerator): number[] {
  return chances.map(() => {
    let left = uniformFloat64(random);
    const found = chances.findIndex((chance) => {
      left -= chance;
      return left < 0;
    });
    // The chances may sum to a little less than 1.
    return found < 0 ? chances.length - 1 : found;
  });
}
