import { f64x2, type V128, v128 } from '@steepest/wasm';
import type { EntryBuilder } from '../entry-builder.ts';
import type { Entry } from './table.ts';

const times = (b: EntryBuilder, x: V128, y: V128): V128 => b.let(f64x2.mul(x, y));

// x¹ … x⁴; each product rounds once (at most 2 ulp in all).
const whole: readonly Entry[] = [
  (_, x) => x,
  (b, x) => times(b, x, x),
  (b, x) => times(b, times(b, x, x), x),
  (b, x) => {
    const square = times(b, x, x);
    return times(b, square, square);
  },
];

/**
 * The code of x ** exponent for the exponents that need no logarithm: 0, ±1, ±2, 3, 4 and ½;
 * undefined for others.
 */
export function powerEntry(exponent: number): Entry | undefined {
  switch (exponent) {
    case 0:
      return (b) => b.constant(1);
    case 1:
    case 2:
    case 3:
    case 4:
      return (b, x) => whole[exponent - 1](b, b.let(x));
    case -1:
    case -2:
      return (b, x) => whole[-exponent - 1](b, b.let(f64x2.div(b.constant(1), x)));
    case 0.5:
      // In JavaScript (−0) ** ½ is 0 and (−∞) ** ½ is ∞, unlike their square roots.
      return (b, x) => {
        const v = b.let(x);
        const root = f64x2.add(f64x2.sqrt(v), b.constant(0));
        const below = f64x2.eq(v, b.constant(Number.NEGATIVE_INFINITY));
        return v128.bitselect(b.constant(Number.POSITIVE_INFINITY), root, below);
      };
    default:
      return undefined;
  }
}
