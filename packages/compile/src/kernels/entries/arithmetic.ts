import { f64x2, type V128, v128 } from '@steepest/wasm';
import type { EntryBuilder } from '../entry-builder.ts';
import type { EntryTable } from './table.ts';

/** −x, which remembers x: what depends on |x| only is then shared with it. */
export function negative(b: EntryBuilder, x: V128): V128 {
  const v = b.let(x);
  const negated = b.let(f64x2.neg(v));
  b.shared(negated, 'negative', () => v);
  return negated;
}

/** The primitives of arithmetic; each comment is the JavaScript that it equals bit for bit. */
export const arithmeticEntries: EntryTable<
  'add' | 'sub' | 'mul' | 'div' | 'neg' | 'reciprocal' | 'sqrt' | 'square' | 'product'
> = {
  add: (_, x, y) => f64x2.add(x, y),
  sub: (_, x, y) => f64x2.sub(x, y),
  mul: (_, x, y) => f64x2.mul(x, y),
  div: (_, x, y) => f64x2.div(x, y),
  neg: negative,
  reciprocal: (b, x) => f64x2.div(b.constant(1), x),
  sqrt: (_, x) => f64x2.sqrt(x),
  square: (b, x) => {
    const v = b.let(x);
    return f64x2.mul(v, v);
  },
  // a === 0 || b === 0 ? 0 : a * b
  product: (b, x, y) => {
    const [u, v] = [b.let(x), b.let(y)];
    const zero = b.constant(0);
    const someZero = v128.or(f64x2.eq(u, zero), f64x2.eq(v, zero));
    return v128.andnot(f64x2.mul(u, v), someZero);
  },
};
