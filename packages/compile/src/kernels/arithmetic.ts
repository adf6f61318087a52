import { f64x2, type V128 } from '@steepest/wasm';

/** How a·b + c is rounded. */
export interface Arithmetic {
  /** a·b + c */
  madd(a: V128, b: V128, c: V128): V128;
  /** c − a·b */
  nmadd(a: V128, b: V128, c: V128): V128;
}

/** The product is rounded, then the sum: the same bits on every machine. */
export const exactOrder: Arithmetic = {
  madd: (a, b, c) => f64x2.add(c, f64x2.mul(a, b)),
  nmadd: (a, b, c) => f64x2.sub(c, f64x2.mul(a, b)),
};

/** One rounding where the processor has a fused instruction. */
export const relaxed: Arithmetic = { madd: f64x2.relaxedMadd, nmadd: f64x2.relaxedNmadd };
