import type { Primitive, Value } from '../../primitive.ts';

/**
 * Which rewrites a recording applies. `exact`: only those that give the same number for all inputs,
 * NaN and infinities included (the sign of a zero may differ). `algebraic`: also those that hold
 * for finite values, up to rounding. false: none, only sharing.
 */
export type Simplify = 'algebraic' | 'exact' | false;

/** A simpler value for an operation, which may have to be stretched to its shape. */
export function simpler(
  primitive: Primitive,
  inputs: readonly Value[],
  simplify: Simplify,
): Value | undefined {
  if (simplify === false) return undefined;
  const exact = primitive.simplify?.exact?.(...inputs);
  if (exact !== undefined || simplify === 'exact') return exact;
  return primitive.simplify?.algebraic?.(...inputs);
}
