import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** A seed (an integer) or a generator, whose state is moved on. */
export type Seed = number | RandomGenerator;

/** The generator of a seed; throws a TypeError for a seed that is neither. */
export function generatorOf(seed: Seed, operation: string): RandomGenerator {
  if (typeof seed === 'object' && typeof seed?.next === 'function') return seed;
  if (!Number.isSafeInteger(seed)) {
    throw new TypeError(
      `${operation}: the seed must be an integer or a generator, found ${JSON.stringify(seed)}; pass for example 1`,
    );
  }
  return xoroshiro128plus(Number(seed));
}

/**
 * Puts indices in random order, in place; every order is equally likely (Fisher and Yates; Durstenfeld,
 * Algorithm 235, 1964).
 */
export function shuffleInPlace(indices: Int32Array, random: RandomGenerator): Int32Array {
  for (let i = indices.length - 1; i > 0; i--) {
    const j = uniformInt(random, 0, i);
    const held = indices[i];
    indices[i] = indices[j];
    indices[j] = held;
  }
  return indices;
}

/** The indices 0 … n − 1 in order. */
export function range(n: number): Int32Array {
  const indices = new Int32Array(n);
  for (let i = 0; i < n; i++) indices[i] = i;
  return indices;
}

/**
 * The indices 0 … n − 1 in random order, every order equally likely; moves the generator on.
 *
 * @example
 * const order = permutation(table.rows, xoroshiro128plus(1));
 * takeRows(table, order) // the table shuffled
 */
export function permutation(n: number, random: RandomGenerator): Int32Array {
  return shuffleInPlace(range(n), random);
}
