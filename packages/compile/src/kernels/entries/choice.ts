import { f64x2, v128 } from '@steepest/wasm';
import { oneWhere, unordered } from '../entry-builder.ts';
import type { EntryTable } from './table.ts';

/** Comparisons and choices, with JavaScript's NaN and −0. */
export const choiceEntries: EntryTable<
  | 'greater'
  | 'greaterEqual'
  | 'less'
  | 'lessEqual'
  | 'equal'
  | 'abs'
  | 'maximum'
  | 'minimum'
  | 'relu'
  | 'sign'
  | 'share'
  | 'where'
> = {
  greater: (b, x, y) => oneWhere(b, f64x2.gt(x, y)),
  greaterEqual: (b, x, y) => oneWhere(b, f64x2.ge(x, y)),
  less: (b, x, y) => oneWhere(b, f64x2.lt(x, y)),
  lessEqual: (b, x, y) => oneWhere(b, f64x2.le(x, y)),
  equal: (b, x, y) => oneWhere(b, f64x2.eq(x, y)),
  abs: (_, x) => f64x2.abs(x),
  maximum: (_, x, y) => f64x2.max(x, y),
  minimum: (_, x, y) => f64x2.min(x, y),

  // x < 0 ? 0 : x, where −0 + 0 = 0
  relu: (b, x) => f64x2.add(f64x2.pmax(x, b.constant(0)), b.constant(0)),

  // The sign's bit on a 1; 0 and NaN stay.
  sign: (b, x) => {
    const v = b.let(x);
    const signed = v128.or(v128.and(v, b.constant(-0)), b.constant(1));
    return v128.bitselect(signed, v, f64x2.gt(f64x2.abs(v), b.constant(0)));
  },

  // ½ for a ≥ b and ½ for a > b; a NaN has all bits set.
  share: (b, x, y) => {
    const [u, v] = [b.let(x), b.let(y)];
    const half = b.constant(0.5);
    const atLeast = v128.and(f64x2.ge(u, v), half);
    const more = v128.and(f64x2.gt(u, v), half);
    return v128.or(f64x2.add(atLeast, more), unordered(u, v));
  },

  where: (b, condition, x, y) => v128.bitselect(x, y, f64x2.ne(condition, b.constant(0))),
};
