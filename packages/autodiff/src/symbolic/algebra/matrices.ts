import { mul, neg } from '../../ops/arithmetic.ts';
import { matmul, matmulLeft, matmulRight, transpose } from '../../ops/matmul.ts';
import type { Rewrite, Simplification } from '../../primitive/primitive.ts';
import { constantAnd, inputsOf } from '../../primitive/term.ts';
import type { Value } from '../../values/operand.ts';

/** Aᵀ·B and A·Bᵀ have operations of their own. */
export const ofMatmul: Simplification = {
  exact: (a, b) => {
    const [left, right] = [inputsOf(a, transpose.primitive), inputsOf(b, transpose.primitive)];
    if (left !== undefined) return matmulLeft(left[0], b);
    return right && matmulRight(a, right[0]);
  },
  algebraic: factorsOut(matmul),
};

export const ofMatmulLeft: Simplification = {
  exact: (a, b) => {
    const left = inputsOf(a, transpose.primitive);
    return left && matmul(left[0], b);
  },
  algebraic: factorsOut(matmulLeft),
};

export const ofMatmulRight: Simplification = {
  exact: (a, b) => {
    const right = inputsOf(b, transpose.primitive);
    return right && matmul(a, right[0]);
  },
  algebraic: factorsOut(matmulRight),
};

/** (Aᵀ)ᵀ, (Aᵀ B)ᵀ = Bᵀ A, (A Bᵀ)ᵀ = B Aᵀ */
export const ofTranspose: Simplification = {
  exact: (x) => {
    if (x.rows === 1 && x.columns === 1) return x;
    const [left, right] = [inputsOf(x, matmulLeft.primitive), inputsOf(x, matmulRight.primitive)];
    if (left !== undefined) return matmulLeft(left[1], left[0]);
    return right ? matmulRight(right[1], right[0]) : inputsOf(x, transpose.primitive)?.[0];
  },
};

/** (c A) B = c (A B) and (−A) B = −(A B), on either side, where the product is not the larger one. */
function factorsOut(times: (a: Value, b: Value) => Value): Rewrite {
  return (a, b) => {
    return outOf(a, (x) => times(x, b)) ?? outOf(b, (x) => times(a, x));
  };
}

function outOf(x: Value, times: (x: Value) => Value): Value | undefined {
  const [inner] = inputsOf(x, neg.primitive) ?? [];
  const [c, y] = constantAnd(x, mul.primitive) ?? [];
  const number = c !== undefined && c.rows * c.columns === 1;
  const rest = inner ?? (number ? y : undefined);
  if (rest === undefined) return undefined;
  const result = times(rest);
  if (result.rows * result.columns > x.rows * x.columns) return undefined;
  return inner === undefined ? mul(c as Value, result) : neg(result);
}
