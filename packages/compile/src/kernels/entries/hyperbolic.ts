import { f64x2, type V128, v128 } from '@steepest/wasm';
import type { EntryBuilder } from '../entry-builder.ts';
import {
  exactSum,
  joined,
  quarterExpm1,
  refinedQuotient,
  splitExponential,
} from './exponential.ts';
import type { EntryTable } from './table.ts';

/** |value| with the sign of x. */
function withSign(b: EntryBuilder, value: V128, x: V128): V128 {
  return v128.or(value, v128.and(x, b.constant(-0)));
}

// tanh |x| = −E/(2 + E) with E = e^−2|x| − 1, which cancels nowhere.
function tanh(b: EntryBuilder, x: V128): V128 {
  const v = b.let(x);
  const twice = f64x2.mul(f64x2.abs(v), b.constant(-2));
  const [sum, rest] = quarterExpm1(b, b.let(f64x2.pmax(twice, b.constant(-40))));
  const [quarter, low] = exactSum(b, sum, rest);
  const [below, belowLow] = exactSum(b, b.constant(0.5), quarter);
  // −E/(2 + E); where E is near −1 its rounding counts several times.
  const size = refinedQuotient(b, quarter, low, below, f64x2.add(belowLow, low), 4);
  const tiny = f64x2.lt(f64x2.abs(v), b.constant(2 ** -28));
  return withSign(b, v128.bitselect(f64x2.abs(v), f64x2.abs(size), tiny), v);
}

// sinh |x| = ½ (E + E/(E + 1)) with E = e^|x| − 1
function sinh(b: EntryBuilder, x: V128): V128 {
  const v = b.let(x);
  const absolute = b.let(f64x2.abs(v));
  const [sum, rest] = quarterExpm1(b, b.let(f64x2.pmin(absolute, b.constant(710.6))));
  const quarter = b.let(f64x2.add(sum, rest));
  const half = b.let(f64x2.add(quarter, quarter));
  const other = f64x2.div(quarter, f64x2.add(half, b.constant(0.5)));
  const size = f64x2.add(f64x2.add(sum, sum), f64x2.add(other, f64x2.add(rest, rest)));
  const tiny = f64x2.lt(absolute, b.constant(2 ** -28));
  return withSign(b, v128.bitselect(absolute, size, tiny), v);
}

// cosh x = E + ¼/E with E = ½ e^|x|
function cosh(b: EntryBuilder, x: V128): V128 {
  const limited = b.let(f64x2.pmin(f64x2.abs(x), b.constant(712)));
  const { k, r, q } = splitExponential(b, limited);
  const half = b.let(joined(b, { k: b.let(f64x2.sub(k, b.constant(1))), r, q }));
  return f64x2.add(half, f64x2.div(b.constant(0.25), half));
}

/** The hyperbolic functions. */
export const hyperbolicEntries: EntryTable<'tanh' | 'sinh' | 'cosh'> = { tanh, sinh, cosh };
