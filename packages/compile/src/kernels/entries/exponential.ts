import { f64x2, i32, i64x2, type V128, v128 } from '@steepest/wasm';
import type { EntryBuilder } from '../entry-builder.ts';
import { polynomial } from './polynomial.ts';
import type { EntryTable } from './table.ts';

// log 2 in two parts; the higher has 42 bits, so that its product with |k| < 2¹¹ is exact.
export const log2High = 0.6931471805598903;
export const log2Low = 5.497923018708371e-14;

// Q in eʳ = 1 + r + r² Q(r) for |r| ≤ log(2)/2 (tools/minimax.py: error below 2⁻⁶⁰).
const tail = [
  0.5, 0.16666666666666677, 0.0416666666666667, 0.008333333333321579, 0.0013888888888866767,
  0.0001984126988626664, 2.4801587360697743e-5, 2.755724406151255e-6, 2.75572426380109e-7,
  2.5109090555935767e-8, 2.0924481091778687e-9,
];

/** eˣ = 2ᵏ (1 + r + q): r exact to half a unit in its last place, and q small and rounded. */
export interface Split {
  readonly k: V128;
  readonly r: V128;
  readonly q: V128;
}

/** x = k log 2 + r with a whole number k and |r| ≤ log(2)/2, for |x| < 750 or NaN. */
export function splitExponential(b: EntryBuilder, x: V128): Split {
  const k = b.let(f64x2.nearest(f64x2.mul(x, b.constant(Math.LOG2E))));
  const high = b.let(f64x2.sub(x, f64x2.mul(k, b.constant(log2High))));
  const low = b.let(f64x2.mul(k, b.constant(log2Low)));
  const r = b.let(f64x2.sub(high, low));
  // What rounding took from r, back as a factor of eʳ: c (1 + r).
  const c = b.let(f64x2.sub(f64x2.sub(high, r), low));
  const rest = f64x2.add(c, f64x2.mul(c, r));
  const q = f64x2.add(rest, f64x2.mul(f64x2.mul(r, r), polynomial(b, r, tail)));
  return { k, r, q: b.let(q) };
}

/** a + b as a rounded sum and the error of its rounding; exact where |a| ≥ |b|. */
export function exactSum(b: EntryBuilder, x: V128, y: V128): readonly [V128, V128] {
  const sum = b.let(f64x2.add(x, y));
  return [sum, b.let(f64x2.sub(y, f64x2.sub(sum, x)))];
}

/** 2ᵏ for whole k, −1023 < k < 1024: the exponent's bits, moved into place by a large addend. */
export function powerOf2(b: EntryBuilder, k: V128): V128 {
  return b.let(i64x2.shl(f64x2.add(k, b.constant(1.5 * 2 ** 52 + 1023)), i32.const(52)));
}

/** y → y 2ᵏ for |k| ≤ 1077 in two steps: only the second rounds, where the result is subnormal. */
export function scaling(b: EntryBuilder, k: V128): (y: V128) => V128 {
  const half = b.let(f64x2.nearest(f64x2.mul(k, b.constant(0.5))));
  const first = powerOf2(b, half);
  const second = powerOf2(b, f64x2.sub(k, half));
  return (y) => f64x2.mul(f64x2.mul(y, first), second);
}

/** eˣ. Error below 0.6 units in the last place, 0.75 where the result is subnormal. */
function exponential(b: EntryBuilder, x: V128): V128 {
  return joined(b, splitExponential(b, within(b, x, -746, 710)));
}

/** 2ᵏ (1 + r + q) */
export function joined(b: EntryBuilder, { k, r, q }: Split): V128 {
  const [sum, error] = exactSum(b, b.constant(1), r);
  return scaling(b, k)(f64x2.add(sum, f64x2.add(error, q)));
}

/** e^−|x|, which never overflows, and what rounding took from it. */
export function decay(b: EntryBuilder, x: V128): { high: V128; low: V128 } {
  const v = b.let(x);
  // σ(−x) in the slope of σ(x) needs the same power.
  const origin = b.shared(v, 'negative', () => v);
  return b.shared(origin, 'decay', () => {
    const limited = f64x2.pmax(f64x2.neg(f64x2.abs(v)), b.constant(-746));
    const { k, r, q } = splitExponential(b, b.let(limited));
    const [sum, error] = exactSum(b, b.constant(1), r);
    const [high, low] = exactSum(b, sum, b.let(f64x2.add(error, q)));
    const scale = scaling(b, k);
    return { high: b.let(scale(high)), low: scale(low) };
  });
}

/** x limited to [low, high]; NaN stays. */
export function within(b: EntryBuilder, x: V128, low: number, high: number): V128 {
  return b.let(f64x2.pmin(f64x2.pmax(x, b.constant(low)), b.constant(high)));
}

/**
 * (eˣ − 1)/4 for −700 < x < 712, a sum and its small rest. ¼(2ᵏ − 1) + ¼ 2ᵏ r with the error of this
 * sum, and ¼ 2ᵏ q; a quarter does not overflow where sinh does not.
 */
export function quarterExpm1(b: EntryBuilder, x: V128): readonly [V128, V128] {
  const { k, r, q } = splitExponential(b, x);
  const power = powerOf2(b, f64x2.sub(k, b.constant(2)));
  const whole = b.let(f64x2.sub(power, b.constant(0.25)));
  const [sum, error] = exactSum(b, whole, b.let(f64x2.mul(power, r)));
  return [sum, b.let(f64x2.add(error, f64x2.mul(power, q)))];
}

/**
 * (n + nLow)/(d + dLow) for scale · d in [1, 2]: one division, and a correction by the low parts for
 * which a straight line is close enough to 1/d (4 %).
 */
export function refinedQuotient(
  b: EntryBuilder,
  n: V128,
  nLow: V128,
  d: V128,
  dLow: V128,
  scale = 1,
): V128 {
  const quotient = b.let(f64x2.div(n, d));
  const line = f64x2.sub(b.constant(1.457 * scale), f64x2.mul(d, b.constant(0.4857 * scale ** 2)));
  const missing = f64x2.sub(nLow, f64x2.mul(quotient, dLow));
  return f64x2.add(quotient, f64x2.mul(missing, line));
}

// e⁻|ˣ| ≤ 1 never overflows: σ(x) = 1/(1 + e⁻ˣ) for x ≥ 0, eˣ/(1 + eˣ) below.
function sigmoid(b: EntryBuilder, x: V128): V128 {
  const v = b.let(x);
  const { high: small, low } = decay(b, v);
  const smallLow = b.let(low);
  const [below, belowLow] = exactSum(b, b.constant(1), small);
  const negative = b.let(f64x2.lt(v, b.constant(0)));
  const above = v128.bitselect(small, b.constant(1), negative);
  const aboveLow = v128.and(smallLow, negative);
  return refinedQuotient(b, above, aboveLow, below, f64x2.add(belowLow, smallLow));
}

// eˣ − 1 is x itself where x² no longer counts; this also keeps −0 and the subnormal numbers.
function expm1(b: EntryBuilder, x: V128): V128 {
  const v = b.let(x);
  const [sum, rest] = quarterExpm1(b, within(b, v, -40, 710));
  const value = f64x2.mul(f64x2.add(sum, rest), b.constant(4));
  return v128.bitselect(v, value, f64x2.lt(f64x2.abs(v), b.constant(2 ** -54)));
}

/** eˣ and its relatives. */
export const exponentialEntries: EntryTable<'exp' | 'expm1' | 'sigmoid'> = {
  exp: exponential,
  expm1,
  sigmoid,
};
