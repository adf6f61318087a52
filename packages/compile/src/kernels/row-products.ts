import {
  type F64,
  f64,
  f64x2,
  highHalves,
  type I32,
  i32,
  type Local,
  type Locals,
  lowHalves,
  memory,
  type Statement,
  sumOfLanes,
  until,
  type V128,
  v128,
  when,
  whileTrue,
} from '@steepest/wasm';
import { advance, entry } from './addresses.ts';
import type { Arithmetic } from './arithmetic.ts';
import type { Precision } from './precision.ts';

/** X (rows × columns) at x, which moves on to the end of the rows, and w. */
export interface RowProducts {
  readonly x: Local<I32>;
  readonly w: I32;
  readonly rows: I32;
  readonly columns: I32;
}

/** Code that adds up one row after the other. */
interface RowSums {
  readonly setup: Statement;
  /** Whether the last column has no partner. */
  readonly isOdd: I32;
  /** Reads a row: the product is the sum of both lanes and, where `isOdd`, the tail. */
  row(sum: Local<V128>, tail: Local<F64>): Statement;
}

// One row after the other, as memory likes it (two or four at once took up to three times as long),
// with four sums: one alone would wait for each addition.
function rowSums(
  locals: Locals,
  { madd }: Arithmetic,
  { bytes, pair, single }: Precision,
  { x, w, columns }: RowProducts,
): RowSums {
  const sums = Array.from({ length: 4 }, () => locals.local('v128'));
  const [at, wideEnd, pairEnd] = Array.from({ length: 3 }, () => locals.local('i32'));
  const isOdd = i32.and(columns, i32.const(1));
  const addPair = (k: number) =>
    sums[k].set(madd(pair(x, 2 * k * bytes), memory.load(at, 16 * k), sums[k]));
  return {
    isOdd,
    setup: [
      wideEnd.set(entry(w, i32.and(columns, i32.const(-8)))),
      pairEnd.set(entry(w, i32.and(columns, i32.const(-2)))),
    ],
    row: (sum, tail) => [
      sums.map((s) => s.set(v128.twice(0))),
      at.set(w),
      until(at, wideEnd, 64, [[0, 1, 2, 3].map(addPair), advance(x, 8 * bytes)]),
      until(at, pairEnd, 16, [addPair(0), advance(x, 2 * bytes)]),
      sum.set(f64x2.add(f64x2.add(sums[0], sums[1]), f64x2.add(sums[2], sums[3]))),
      when(isOdd, [tail.set(f64.mul(single(x), memory.loadF64(at))), advance(x, bytes)]),
    ],
  };
}

/** out = X·w */
export function rowsTimesColumn(
  locals: Locals,
  arithmetic: Arithmetic,
  precision: Precision,
  matrix: RowProducts & { readonly out: Local<I32> },
): Statement {
  const { setup, isOdd, row } = rowSums(locals, arithmetic, precision, matrix);
  const sum = locals.local('v128');
  const [tail, product] = [locals.local('f64'), locals.local('f64')];
  const end = locals.local('i32');
  return [
    setup,
    end.set(entry(matrix.out, matrix.rows)),
    until(matrix.out, end, 8, [
      row(sum, tail),
      product.set(sumOfLanes(sum)),
      when(isOdd, product.set(f64.add(product, tail))),
      memory.storeF64(matrix.out, product),
    ]),
  ];
}

/**
 * X·w, two rows at a time, and what is to be done with each pair of products: `finish(t, 2)`, and
 * `finish(t, 1)` for a last one in the low lane. The products have the bits of `rowsTimesColumn`.
 *
 * A chain of entries that follows here, instead of in a loop of its own, is computed while the next
 * rows come from memory: that hides half of it. Where X is in the cache there is nothing to hide
 * behind, and a loop of its own is a little faster.
 */
export function rowProducts(
  locals: Locals,
  arithmetic: Arithmetic,
  precision: Precision,
  matrix: RowProducts,
  finish: (products: V128, count: 1 | 2) => Statement,
): Statement {
  const { setup, isOdd, row } = rowSums(locals, arithmetic, precision, matrix);
  const [first, second, products] = Array.from({ length: 3 }, () => locals.local('v128'));
  const tails = [locals.local('f64'), locals.local('f64')];
  const left = locals.local('i32');
  // The two sums of each row, then what an odd column adds.
  const joined = (a: Local<V128>, b: Local<V128>, tail: V128): Statement => [
    products.set(f64x2.add(lowHalves(a, b), highHalves(a, b))),
    when(isOdd, products.set(f64x2.add(products, tail))),
  ];
  return [
    setup,
    left.set(matrix.rows),
    whileTrue(i32.geU(left, i32.const(2)), [
      row(first, tails[0]),
      row(second, tails[1]),
      joined(first, second, f64x2.pair(tails[0], tails[1])),
      finish(products, 2),
      left.set(i32.sub(left, i32.const(2))),
    ]),
    when(left, [
      row(first, tails[0]),
      joined(first, first, f64x2.splat(tails[0])),
      finish(products, 1),
    ]),
  ];
}
