import { isPlain, refusal } from '@steepest/ground';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** A setting as JSON has it. */
export type Plain = number | string | boolean | null;

/** Numbers between two, both included; `log`: their logarithms are drawn evenly; `whole`: whole ones. */
export interface Between {
  readonly from: number;
  readonly to: number;
  readonly log?: boolean | undefined;
  readonly whole?: boolean | undefined;
}

/** What each setting may be: a list of values, or numbers between two, which are drawn. */
export type SearchSpace = Readonly<Record<string, readonly Plain[] | Between>>;

/** One choice of all settings. */
export type Candidate = Readonly<Record<string, Plain>>;

/** Throws for a space that is none. */
export function expectSpace(space: unknown): asserts space is SearchSpace {
  const names = isPlain(space) ? Object.keys(space) : [];
  if (!isPlain(space) || names.length === 0) {
    const advice = 'try { l2: [0.01, 0.1, 1] }, or { l2: { from: 1e-4, to: 1, log: true } }';
    throw refusal('search', 'over must be settings with their values', space, advice);
  }
  for (const name of names) {
    const values = space[name];
    const fits = Array.isArray(values)
      ? values.length > 0 && values.every(isJson) && new Set(values).size === values.length
      : isBetween(values);
    if (fits) continue;
    const advice = 'list different values, or give { from, to, log }';
    throw refusal('search', `over.${name} must be values or a range`, values, advice);
  }
}

function isJson(x: unknown): x is Plain {
  return x === null || ['string', 'boolean'].includes(typeof x) || Number.isFinite(x);
}

function isBetween(x: unknown): x is Between {
  if (!isPlain(x)) return false;
  const { from, to, log, whole, ...others } = x;
  return (
    Object.keys(others).length === 0 &&
    typeof from === 'number' &&
    typeof to === 'number' &&
    Number.isFinite(to - from) &&
    from < to &&
    [log, whole].every((flag) => flag === undefined || typeof flag === 'boolean') &&
    (log !== true || from > 0) &&
    (whole !== true || (Number.isSafeInteger(from) && Number.isSafeInteger(to)))
  );
}

/** Every combination, the last setting the fastest. Throws for ranges. */
export function everyCandidate(space: SearchSpace, most: number): Candidate[] {
  let all: Candidate[] = [{}];
  for (const [name, values] of Object.entries(space)) {
    if (!isList(values)) {
      throw new TypeError(
        `search: over.${name} is a range, of which a grid knows no values; list them, or take method: 'random'`,
      );
    }
    if (all.length * values.length > most) {
      throw new RangeError(
        `search: the grid has more than ${most} candidates; take method: 'random' or 'halving', or list fewer values`,
      );
    }
    all = all.flatMap((one) => values.map((value) => ({ ...one, [name]: value })));
  }
  return all;
}

/** Candidates drawn by the seed, none twice; fewer where there are no more. */
export function drawnCandidates(space: SearchSpace, count: number, seed: number): Candidate[] {
  const random = xoroshiro128plus(seed);
  const found = new Map<string, Candidate>();
  // A space of few values is drawn from until all have come, but not for ever.
  for (let tries = 0; found.size < count && tries < 50 * count; tries++) {
    const one = Object.fromEntries(
      Object.entries(space).map(([name, values]) => [name, drawn(values, random)]),
    );
    found.set(JSON.stringify(one), one);
  }
  return [...found.values()];
}

function drawn(values: readonly Plain[] | Between, random: RandomGenerator): Plain {
  if (isList(values)) return values[uniformInt(random, 0, values.length - 1)];
  const { from, to, log = false, whole = false } = values;
  if (whole && !log) return uniformInt(random, from, to);
  const share = uniformFloat64(random);
  const value = log ? from * (to / from) ** share : from + share * (to - from);
  return whole ? Math.min(to, Math.max(from, Math.round(value))) : value;
}

function isList(values: readonly Plain[] | Between): values is readonly Plain[] {
  return Array.isArray(values);
}
