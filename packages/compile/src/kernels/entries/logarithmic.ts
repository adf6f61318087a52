import { f64x2, i32, i64x2, type V128, v128 } from '@steepest/wasm';
import type { EntryBuilder } from '../entry-builder.ts';
import { negative } from './arithmetic.ts';
import { decay, log2High, log2Low } from './exponential.ts';
import { polynomial } from './polynomial.ts';
import type { EntryTable } from './table.ts';

// R in log(1 + f) = s (2 + z R(z)), s = f/(2 + f), z = s² (tools/minimax.py).
const narrowTail = [
  0.6666666666666735, 0.3999999999941289, 0.28571428742824734, 0.2222219852462069,
  0.1818356703162187, 0.1531397691844924, 0.147967286908099,
];
// The same for f up to ½.
const wideTail = [
  0.666666666666666, 0.4000000000005695, 0.28571428555767825, 0.2222222430285609, 0.181816655120038,
  0.15391123374288293, 0.13173412916162508, 0.1384427127278725,
];

const oneBits = 0x3ff0000000000000n;
const rootHalfBits = 0x3fe6a09e667f3bcdn;
const exponentMask = 0x7ff0000000000000n;

/** x = 2ᵏ m with √½ ≤ m < √2, for normal positive x; from the bits. */
function splitPower(b: EntryBuilder, x: V128): { k: V128; m: V128 } {
  // An exponent that steps at √½ instead of 1.
  const shifted = b.let(i64x2.add(x, b.bits(oneBits - rootHalfBits)));
  const m = i64x2.sub(i64x2.add(x, b.bits(oneBits)), v128.and(shifted, b.bits(exponentMask)));
  const biased = v128.or(i64x2.shrU(shifted, i32.const(52)), b.constant(2 ** 52));
  const k = f64x2.sub(biased, b.constant(2 ** 52 + 1023));
  return { k: b.let(k), m: b.let(m) };
}

/**
 * k log 2 + log(1 + f) + correction. f − f²/2 + … is summed from the small end: log(1 + f) =
 * f − (f²/2 − s (f²/2 + z R(z))).
 */
function logarithmOfParts(
  b: EntryBuilder,
  k: V128,
  f: V128,
  tail: readonly number[],
  correction?: V128,
): V128 {
  const s = b.let(f64x2.div(f, f64x2.add(f, b.constant(2))));
  const z = b.let(f64x2.mul(s, s));
  const series = f64x2.mul(z, polynomial(b, z, tail));
  const halfSquare = b.let(f64x2.mul(f64x2.mul(f, f), b.constant(0.5)));
  let low = b.let(f64x2.mul(k, b.constant(log2Low)));
  if (correction !== undefined) low = b.let(f64x2.add(low, correction));
  const small = f64x2.add(f64x2.mul(s, f64x2.add(halfSquare, series)), low);
  const rest = f64x2.sub(f64x2.sub(halfSquare, small), f);
  return f64x2.sub(f64x2.mul(k, b.constant(log2High)), rest);
}

/** The value, but the logarithm's own results outside (0, ∞): NaN below 0, −∞ at 0, x at ∞ and NaN. */
function withLimits(b: EntryBuilder, value: V128, x: V128): V128 {
  const zero = b.constant(0);
  const infinity = b.constant(Number.POSITIVE_INFINITY);
  const atZero = v128.and(f64x2.eq(x, zero), b.constant(Number.NEGATIVE_INFINITY));
  const atInfinity = v128.andnot(x, f64x2.lt(x, infinity));
  // Finite + (−∞ or 0) + (∞, NaN or 0), then all bits for NaN.
  const limited = f64x2.add(f64x2.add(value, atZero), atInfinity);
  return v128.or(limited, f64x2.lt(x, zero));
}

function log(b: EntryBuilder, x: V128): V128 {
  const v = b.let(x);
  // Subnormal numbers are made normal: 2⁵⁴ x.
  const small = b.let(f64x2.lt(v, b.constant(2 ** -1022)));
  const normal = v128.bitselect(f64x2.mul(v, b.constant(2 ** 54)), v, small);
  const { k, m } = splitPower(b, b.let(normal));
  const exponent = b.let(f64x2.sub(k, v128.and(small, b.constant(54))));
  const f = b.let(f64x2.sub(m, b.constant(1)));
  return withLimits(b, logarithmOfParts(b, exponent, f, narrowTail), v);
}

// log(1 + x) = log u + (x − (u − 1))/u with u = 1 + x rounded; where u needs no power of 2, f = x.
function log1p(b: EntryBuilder, x: V128): V128 {
  const v = b.let(x);
  const one = b.constant(1);
  const finite = b.let(f64x2.pmin(v, b.constant(Number.MAX_VALUE)));
  const u = b.let(f64x2.add(finite, one));
  const { k, m } = splitPower(b, u);
  // The larger of x and 1 is taken out first, so that the error of 1 + x is exact.
  const lost = v128.bitselect(
    f64x2.sub(one, f64x2.sub(u, finite)),
    f64x2.sub(finite, f64x2.sub(u, one)),
    f64x2.gt(finite, one),
  );
  const direct = b.let(f64x2.eq(k, b.constant(0)));
  const f = b.let(v128.bitselect(v, f64x2.sub(m, one), direct));
  // At u = 0 the correction is 0/0, and must not count.
  const divisor = f64x2.pmax(u, b.constant(2 ** -60));
  const correction = v128.andnot(f64x2.div(lost, divisor), direct);
  const value = logarithmOfParts(b, k, f, narrowTail, b.let(correction));
  const limited = withLimits(b, value, b.let(f64x2.add(v, one)));
  return v128.bitselect(v, limited, f64x2.lt(f64x2.abs(v), b.constant(2 ** -54)));
}

/**
 * log(1 + t) for 0 ≤ t ≤ 1: from ½ on as log 2 + log(1 + (t − 1)/2), in which t − 1 is exact.
 */
function log1pOfFraction(b: EntryBuilder, t: V128): V128 {
  const upper = b.let(f64x2.ge(t, b.constant(0.5)));
  const shifted = f64x2.mul(f64x2.sub(t, b.constant(1)), b.constant(0.5));
  const f = b.let(v128.bitselect(shifted, t, upper));
  return logarithmOfParts(b, b.let(v128.and(upper, b.constant(1))), f, wideTail);
}

// log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|)
function softplus(b: EntryBuilder, x: V128): V128 {
  const v = b.let(x);
  return f64x2.add(f64x2.pmax(v, b.constant(0)), log1pOfFraction(b, decay(b, v).high));
}

/** The logarithm and its relatives. */
export const logarithmicEntries: EntryTable<'log' | 'log1p' | 'softplus' | 'logSigmoid' | 'xlogy'> =
  {
    log,
    log1p,
    softplus,
    // log σ(x) = −softplus(−x)
    logSigmoid: (b, x) => f64x2.neg(softplus(b, negative(b, x))),
    // x === 0 && !isNaN(y) ? 0 : x * log(y)
    xlogy: (b, x, y) => {
      const [u, v] = [b.let(x), b.let(y)];
      const nothing = v128.and(f64x2.eq(u, b.constant(0)), f64x2.eq(v, v));
      return v128.andnot(f64x2.mul(u, log(b, v)), nothing);
    },
  };
