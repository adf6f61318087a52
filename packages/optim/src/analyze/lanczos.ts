import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { dotOf } from '../linear-algebra/columns.ts';

/** What is known of a symmetric matrix's spectrum after some products. */
export interface Spectrum {
  readonly largest: number;
  readonly smallest: number;
  /** How many products with the matrix were taken. */
  readonly products: number;
  /**
   * Whether both ends have settled. An end that has not is an estimate from inside: the true largest
   * eigenvalue is at least, the true smallest at most what is said.
   */
  readonly settled: boolean;
}

/** How far a search goes, and where it begins. */
export interface Search {
  /** The most products that are taken. */
  readonly most: number;
  /** The direction that it begins with; its length does not matter, but must not be 0. */
  readonly first: Float64Array;
  /** Whether the smallest eigenvalue is looked for as well. */
  readonly both: boolean;
  /** Two estimates of an end that differ by less than this share of the largest have settled. */
  readonly share?: number;
}

const settledShare = 1e-7;

/**
 * The ends of the spectrum of a symmetric n×n matrix by Lanczos' method with full reorthogonalization
 * (Golub & Van Loan, *Matrix Computations*, 10.1), from products with columns alone: yields the columns
 * and is given the products, at most `most` of them; after n, both ends are exact to rounding.
 */
export function* spectrum({
  most,
  first,
  both,
  share = settledShare,
}: Search): Generator<Float64Array, Spectrum, Float64Array> {
  const basis: Float64Array[] = [];
  const diagonal: number[] = [];
  const beside: number[] = [];
  let v = unit(first);
  let ends = { largest: Number.NaN, smallest: Number.NaN };
  for (let k = 1; ; k++) {
    basis.push(v);
    const w = (yield v).slice();
    diagonal.push(dotOf(w, v));
    // Twice, so that the basis stays orthogonal to rounding.
    for (let round = 0; round < 2; round++) for (const q of basis) subtract(w, dotOf(w, q), q);
    const rest = Math.sqrt(dotOf(w, w));
    const before = ends;
    ends = endsOfTridiagonal(diagonal, beside);
    const size = Math.max(Math.abs(ends.largest), Math.abs(ends.smallest));
    const whole = k === first.length || rest <= Number.EPSILON * size * first.length;
    const still =
      Math.abs(ends.largest - before.largest) <= share * size &&
      (!both || Math.abs(ends.smallest - before.smallest) <= share * size * 1e-3);
    // Both ends may stand still for a while and move again: only one's rough size is cut short.
    if (whole || (still && !both) || k >= most || !Number.isFinite(rest)) {
      return { ...ends, products: k, settled: whole || still };
    }
    beside.push(rest);
    v = w.map((y) => y / rest);
  }
}

/** The largest and the smallest eigenvalue, by bisection on counts of sign changes (Sturm). */
function endsOfTridiagonal(
  diagonal: readonly number[],
  beside: readonly number[],
): { largest: number; smallest: number } {
  const n = diagonal.length;
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < n; i++) {
    const reach = Math.abs(beside[i - 1] ?? 0) + Math.abs(beside[i] ?? 0);
    low = Math.min(low, diagonal[i] - reach);
    high = Math.max(high, diagonal[i] + reach);
  }
  const countBelow = (x: number): number => {
    let count = 0;
    let pivot = 1;
    for (let i = 0; i < n; i++) {
      pivot = diagonal[i] - x - (i === 0 ? 0 : beside[i - 1] ** 2 / pivot);
      if (pivot === 0) pivot = Number.EPSILON * (Math.abs(high) + Math.abs(low));
      if (pivot < 0) count++;
    }
    return count;
  };
  // The eigenvalue that has `index` others below it.
  const eigenvalue = (index: number): number => {
    let a = low;
    let b = high;
    for (let turn = 0; turn < 120 && a < b; turn++) {
      const middle = (a + b) / 2;
      if (middle === a || middle === b) break;
      if (countBelow(middle) > index) b = middle;
      else a = middle;
    }
    return (a + b) / 2;
  };
  return { largest: eigenvalue(n - 1), smallest: eigenvalue(0) };
}

/** A column of n random entries, none of them 0. */
export function randomColumn(n: number, seed: number): Float64Array {
  const random = xoroshiro128plus(seed);
  return Float64Array.from({ length: n }, () => uniformInt(random, -(2 ** 30), 2 ** 30) || 1);
}

function unit(v: Float64Array): Float64Array {
  const length = Math.sqrt(dotOf(v, v));
  return v.map((y) => y / length);
}

/** a ← a − factor · b */
function subtract(a: Float64Array, factor: number, b: Float64Array): void {
  for (let i = 0; i < a.length; i++) a[i] -= factor * b[i];
}
