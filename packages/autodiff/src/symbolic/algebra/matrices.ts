import { mul, multiplication, neg, negation } from '../../ops/arithmetic.ts';
import type { Rewrite } from '../../primitive/primitive.ts';
import { constantAnd, inputsOf } from '../../primitive/term.ts';
import type { Value } from '../../values/operand.ts';

type OfTwo = (a: Value, b: Value) => Value;

/** (c A) B = c (A B) and (−A) B = −(A B), on either side, where the product is not the larger one. */
export function simplerMatrixProduct(matmul: OfTwo): Rewrite {
  return (a, b) => {
    return outOf(a, (x) => matmul(x, b)) ?? outOf(b, (x) => matmul(a, x));
  };
}

function outOf(x: Value, times: (x: Value) => Value): Value | undefined {
  const [inner] = inputsOf(x, negation) ?? [];
  const [c, y] = constantAnd(x, multiplication) ?? [];
  const number = c !== undefined && c.rows * c.columns === 1;
  const rest = inner ?? (number ? y : undefined);
  if (rest === undefined) return undefined;
  const result = times(rest);
  if (result.rows * result.columns > x.rows * x.columns) return undefined;
  return inner === undefined ? mul(c as Value, result) : neg(result);
}
