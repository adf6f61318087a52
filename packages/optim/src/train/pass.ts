import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { type BatchSource, batchesFrom } from './data.ts';

/**
 * One pass over a source, from a position on: its batches one by one, or the rows of many at once.
 * Either way its generator ends in the same state, which the next pass begins with.
 */
export class Pass<B> {
  readonly #source: BatchSource<B>;
  readonly #random: readonly number[];
  #one: { batches: Generator<B, void>; next: number; random: RandomGenerator } | undefined;
  #many: { order: Int32Array; random: RandomGenerator } | undefined;

  constructor(source: BatchSource<B>, random: readonly number[]) {
    this.#source = source;
    this.#random = random;
  }

  /** The batch at a position; positions may be left out, but not gone back to. */
  batchAt(position: number): B {
    this.#one ??= this.#from(position);
    for (;;) {
      const { value } = this.#one.batches.next();
      if (this.#one.next++ === position) return value as B;
    }
  }

  /** The rows of so many batches from a position on, one batch after the other. */
  rows(position: number, batches: number): Int32Array {
    const { batchRows = 0 } = this.#source;
    this.#many ??= this.#drawn();
    return this.#many.order.subarray(position * batchRows, (position + batches) * batchRows);
  }

  /** The generator's state after the whole pass. */
  end(): readonly number[] {
    if (this.#many !== undefined) return this.#many.random.getState();
    // Asking for one batch too many is how a source is held to its number of batches.
    this.#one?.batches.next();
    return this.#one?.random.getState() ?? this.#random;
  }

  #from(position: number) {
    const random = xoroshiro128plusFromState(this.#random);
    return { batches: batchesFrom(this.#source, random, position), next: position, random };
  }

  #drawn() {
    const { batchRows = 0, batchesPerEpoch } = this.#source;
    const random = xoroshiro128plusFromState(this.#random);
    const order = this.#source.order?.(random) ?? new Int32Array(0);
    const given = Math.ceil(order.length / batchRows);
    if (given === batchesPerEpoch) return { order, random };
    throw new RangeError(
      `train: data.batchesPerEpoch is ${batchesPerEpoch}, but data.order gives rows for ${given} ` +
        `batches of ${batchRows}; make the two agree`,
    );
  }
}
