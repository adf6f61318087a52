import { argument, isCallable, type Option, option, required, wholeNumber } from '@steepest/ground';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** A seed (an integer) or a generator, whose state is moved on. */
export type Seed = number | RandomGenerator;

/** The generator of a seed; throws a TypeError for a seed that is neither. */
export function generatorOf(seed: Seed, operation: string): RandomGenerator {
  const own = argument(operation, 'the seed', seed, required(seedOption));
  return typeof own === 'number' ? xoroshiro128plus(own) : own;
}

const generator = option<RandomGenerator>({
  expected: 'a generator of random numbers',
  accepts: isGenerator,
  sample: 'xoroshiro128plus(1)',
  advice: 'take one of pure-rand, such as xoroshiro128plus(1)',
});

/** What decides what is drawn. */
export const seedOption: Option<Seed, 'optional'> = option({
  expected: 'an integer or a generator',
  accepts: (x) => Number.isSafeInteger(x) || isGenerator(x),
  sample: '1',
  advice: 'pass for example 1',
});

/** Whether it can draw: pure-rand asks a generator for its next 32 bits. */
export function isGenerator(x: unknown): x is RandomGenerator {
  return isCallable((x as Partial<RandomGenerator> | null | undefined)?.next);
}

/**
 * Puts indices in random order, in place; every order is equally likely (Fisher and Yates; Durstenfeld,
 * Algorithm 235, 1964).
 */
export function shuffleInPlace(indices: Int32Array, random: RandomGenerator): Int32Array {
  for (let i = indices.length - 1; i > 0; i--) {
    const j = below(random, i + 1);
    const held = indices[i];
    indices[i] = indices[j];
    indices[j] = held;
  }
  return indices;
}

/**
 * A whole number from 0 to size − 1, each equally likely: the one that pure-rand's uniformInt(random, 0,
 * size − 1) gives, without its remainder of two doubles, which takes most of the time of a shuffle.
 */
export function below(random: RandomGenerator, size: number): number {
  // Draws beyond the last multiple of size would favour the first numbers: they are drawn again.
  const most = size > 2 ? Math.trunc(2 ** 32 / size) * size : 2 ** 32;
  let drawn = random.next() + 2 ** 31;
  while (drawn >= most) drawn = random.next() + 2 ** 31;
  return drawn - Math.floor(drawn / size) * size;
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
  argument('permutation', 'n', n, required(wholeNumber(0, undefined, 2 ** 31 - 1)));
  argument('permutation', 'random', random, required(generator));
  return shuffleInPlace(range(n), random);
}
