import { f64x2, type V128 } from '@steepest/wasm';
import type { EntryBuilder } from '../entry-builder.ts';

/**
 * c₀ + c₁x + c₂x² + …, by Estrin's scheme: neighbours are joined with x, the pairs with x², those
 * with x⁴, so that few additions wait for one another.
 */
export function polynomial(b: EntryBuilder, x: V128, coefficients: readonly number[]): V128 {
  let terms: V128[] = coefficients.map(b.constant);
  let power = b.let(x);
  while (terms.length > 1) {
    const joined: V128[] = [];
    for (let k = 0; k < terms.length; k += 2) {
      const single = k + 1 === terms.length;
      joined.push(single ? terms[k] : b.madd(terms[k + 1], power, terms[k]));
    }
    terms = joined;
    if (terms.length > 1) power = b.let(f64x2.mul(power, power));
  }
  return b.let(terms[0]);
}
