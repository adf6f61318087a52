import {
  after,
  choose,
  type I32,
  type I64,
  i32,
  i64,
  type Local,
  type Locals,
  memory,
  type Statement,
  sequence,
  when,
  whileTrue,
} from '@steepest/wasm';
import { fives, tens } from './layout.ts';
import { highestPower, lowestPower } from './powers.ts';

const { loadByte, loadI64 } = memory;
const c = i32.const;
const big = i64.const;
const { sub, add, mul, and, or, shl, shrU } = i64;

/** What a number's text says: (−1)^negative · mantissa · 10^power. */
export interface Decimal {
  readonly negative: Local<I32>;
  readonly mantissa: Local<I64>;
  readonly power: Local<I32>;
  /** Digits in all; 0 if there is no number here. */
  readonly digits: Local<I32>;
  /** Set where the host must judge. */
  readonly unsure: Local<I32>;
}

/** Eight digits' values, the first in the lowest byte, as one number (Lemire 2021, section 3). */
const eightDigits = (t: I64, scratch: Local<I64>): I64 =>
  after(
    scratch.set(add(mul(t, big(10n)), shrU(t, big(8n)))),
    shrU(
      add(
        mul(and(scratch, big(0xff000000ffn)), big(0xf424000000064n)),
        mul(and(shrU(scratch, big(16n)), big(0xff000000ffn)), big(0x271000000001n)),
      ),
      big(32n),
    ),
  );

/** A bit in each byte of `t` (text xor '0' in every byte) that is no digit; right up to the first. */
const noDigits = (t: I64): I64 =>
  and(or(add(t, big(0x7676767676767676n)), t), big(0x8080808080808080n));

/** Reads sign, digits, point, digits and exponent; leaves `at` behind them and `byte` the byte there. */
export function readDecimal(
  f: Locals,
  at: Local<I32>,
  byte: Local<I32>,
  point: I32,
  into: Decimal,
): Statement {
  const { negative, mantissa, power, digits, unsure } = into;
  const [begin, from, value, minus] = ['begin', 'from', 'value', 'minus'].map(() => f.local('i32'));
  const [eight, stops, scratch] = [f.local('i64'), f.local('i64'), f.local('i64')];
  const next: Statement = [at.set(i32.add(at, c(1))), byte.set(loadByte(at))];
  const isDigit = i32.ltU(i32.sub(byte, c(48)), c(10));
  const look: Statement = [
    eight.set(i64.xor(loadI64(at), big(0x3030303030303030n))),
    stops.set(noDigits(eight)),
  ];
  const fraction: Statement = sequence(
    at.set(i32.add(at, c(1))),
    from.set(at),
    look,
    whileTrue(
      i64.eqz(stops),
      sequence(
        mantissa.set(add(mul(mantissa, big(100_000_000n)), eightDigits(eight, scratch))),
        at.set(i32.add(at, c(8))),
        look,
      ),
    ),
    // The k < 8 digits that are left move to the end of eight; zeros come before them.
    stops.set(and(i64.ctz(stops), big(56n))),
    eight.set(shl(shl(eight, sub(big(56n), stops)), big(8n))),
    value.set(i32.wrap(stops)),
    mantissa.set(add(mul(mantissa, loadI64(value, tens)), eightDigits(eight, scratch))),
    at.set(i32.add(at, i32.shrU(value, c(3)))),
    power.set(i32.sub(from, at)),
    digits.set(i32.add(digits, i32.sub(at, from))),
    byte.set(loadByte(at)),
  );
  const exponent: Statement = sequence(
    next,
    minus.set(i32.eq(byte, c(45))),
    when(i32.or(minus, i32.eq(byte, c(43))), next),
    from.set(at),
    value.set(c(0)),
    whileTrue(
      isDigit,
      sequence(value.set(i32.add(i32.mul(value, c(10)), i32.sub(byte, c(48)))), next),
    ),
    // None, or so many that they may not fit
    when(i32.gtU(i32.sub(i32.sub(at, from), c(1)), c(3)), unsure.set(c(1))),
    power.set(i32.add(power, choose(minus, i32.sub(c(0), value), value))),
  );
  return sequence(
    negative.set(i32.eq(byte, c(45))),
    when(i32.or(negative, i32.eq(byte, c(43))), next),
    begin.set(at),
    mantissa.set(big(0n)),
    power.set(c(0)),
    minus.set(i32.eq(byte, c(48))),
    whileTrue(
      isDigit,
      sequence(mantissa.set(add(mul(mantissa, big(10n)), i64.extendU(i32.sub(byte, c(48))))), next),
    ),
    digits.set(i32.sub(at, begin)),
    // Leading zeros are worth a warning.
    unsure.set(i32.and(minus, i32.gtU(digits, c(1)))),
    when(i32.eq(byte, point), fraction),
    // More than 19 digits may not fit into 64 bits, unless the first are zeros.
    when(
      i32.gtU(digits, c(19)),
      sequence(
        value.set(begin),
        whileTrue(
          i32.or(i32.eq(loadByte(value), c(48)), i32.eq(loadByte(value), point)),
          value.set(i32.add(value, c(1))),
        ),
        // Zeros at the front are behind a point, or unsure already.
        when(
          i32.or(i32.eq(value, begin), i32.gtU(digits, i32.add(i32.sub(value, begin), c(18)))),
          unsure.set(c(1)),
        ),
      ),
    ),
    when(i32.eq(i32.or(byte, c(32)), c(101)), when(i32.eqz(digits), unsure.set(c(1)), exponent)),
  );
}

/** The 128-bit product a·b: sets `high` and `low`. */
function multiply(f: Locals, a: I64, b: I64, high: Local<I64>, low: Local<I64>): Statement {
  const [b0, b1, p01, mid] = [f.local('i64'), f.local('i64'), f.local('i64'), f.local('i64')];
  const half = big(0xffffffffn);
  const upper = (x: I64): I64 => shrU(x, big(32n));
  return sequence(
    b0.set(and(b, half)),
    b1.set(upper(b)),
    p01.set(mul(and(a, half), b1)),
    low.set(mul(and(a, half), b0)),
    mid.set(add(add(mul(upper(a), b0), upper(low)), and(p01, half))),
    high.set(add(add(mul(upper(a), b1), upper(mid)), upper(p01))),
    low.set(or(shl(mid, big(32n)), and(low, half))),
  );
}

/**
 * The bits of the double nearest to a decimal, exactly rounded (Lemire 2021, algorithm 1; Mushtak and
 * Lemire 2023 prove that it needs no fallback). Numbers that are subnormal, infinite or at least 2^53
 * are left to the host: they may be worth a warning or an error.
 */
export function nearestDouble(f: Locals, from: Decimal, bits: Local<I64>): Statement {
  const { negative, mantissa, power, unsure } = from;
  const [zeros, exponent, entry] = [f.local('i64'), f.local('i64'), f.local('i32')];
  const [x, high, low, more, rest, m] = ['x', 'high', 'low', 'more', 'rest', 'm'].map(() =>
    f.local('i64'),
  );
  const upper = shrU(high, big(63n));
  const round = sequence(
    // Halfway between two doubles, where a product may be exact: to even
    when(
      i32.and(
        i32.and(i64.leU(low, big(1n)), i64.eq(and(m, big(3n)), big(1n))),
        i32.and(i32.leU(i32.add(power, c(4)), c(27)), i64.eq(shl(m, add(upper, big(9n))), high)),
      ),
      m.set(sub(m, big(1n))),
    ),
    m.set(shrU(add(m, and(m, big(1n))), big(1n))),
    bits.set(add(shl(exponent, big(52n)), sub(m, big(1n << 52n)))),
  );
  const convert = sequence(
    zeros.set(i64.clz(mantissa)),
    x.set(shl(mantissa, zeros)),
    entry.set(i32.shl(i32.sub(power, c(lowestPower)), c(4))),
    multiply(f, x, loadI64(entry, fives), high, low),
    when(
      i64.eq(and(high, big(0x1ffn)), big(0x1ffn)),
      sequence(
        multiply(f, x, loadI64(entry, fives + 8), more, rest),
        low.set(add(low, more)),
        when(i64.gtU(more, low), high.set(add(high, big(1n)))),
      ),
    ),
    m.set(shrU(high, add(upper, big(9n)))),
    // ⌊q log₂ 10⌋ = (217706 q) >> 16 in this range
    exponent.set(
      add(
        sub(upper, zeros),
        i64.extendS(i32.add(i32.shrS(i32.mul(power, c(217706)), c(16)), c(63 + 1023))),
      ),
    ),
    when(i64.geU(sub(exponent, big(1n)), big(1075n)), unsure.set(c(1)), round),
  );
  return sequence(
    bits.set(big(0n)),
    when(
      i64.ne(mantissa, big(0n)),
      when(
        i32.gtU(i32.sub(power, c(lowestPower)), c(highestPower - lowestPower)),
        unsure.set(c(1)),
        convert,
      ),
    ),
    bits.set(or(bits, shl(i64.extendU(negative), big(63n)))),
  );
}
