import type { Binary } from '../primitive/definition.ts';
import { FlatMatrix } from '../values/flat-matrix.ts';
import type { Value } from '../values/operand.ts';
import { zeroSafeProduct } from './kernels/arithmetic.ts';

/** Which factors are read along their columns: Aᵀ·B, A·Bᵀ. */
interface Orientation {
  readonly left?: boolean;
  readonly right?: boolean;
}

/**
 * A matrix product as forward mode wants it: in its sums an exact zero wins over NaN and infinity, as
 * in `product`. Only 0 · ∞ and 0 · NaN tell the two apart, and both leave a NaN behind: the fast
 * product stands, and its entries that are NaN are summed again. Where a factor is followed by
 * another transformation, it is the plain product.
 */
export function zeroSafely(
  matmul: Binary,
  a: Value,
  b: Value,
  { left = false, right = false }: Orientation = {},
): Value {
  const found = matmul(a, b);
  if (!(a instanceof FlatMatrix && b instanceof FlatMatrix && found instanceof FlatMatrix)) {
    return found;
  }
  const { data, columns } = found;
  const terms = left ? a.rows : a.columns;
  const [downA, alongA] = left ? [1, a.columns] : [a.columns, 1];
  const [downB, alongB] = right ? [1, b.columns] : [b.columns, 1];
  for (let k = 0; k < data.length; k++) {
    if (!Number.isNaN(data[k])) continue;
    const fromA = Math.floor(k / columns) * downA;
    const fromB = (k % columns) * alongB;
    let total = 0;
    for (let t = 0; t < terms; t++) {
      total += zeroSafeProduct(a.data[fromA + t * alongA], b.data[fromB + t * downB]);
    }
    data[k] = total;
  }
  return found;
}
