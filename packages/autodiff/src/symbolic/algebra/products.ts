import {
  div,
  division,
  mul,
  multiplication,
  neg,
  negation,
  reciprocal,
  reciprocation,
  square,
  squaring,
} from '../../ops/arithmetic.ts';
import { pow, powering } from '../../ops/power.ts';
import { product } from '../../ops/product.ts';
import type { Rewrite } from '../../primitive/primitive.ts';
import { constantAnd, covers, inputsOf, isConstant, uniform } from '../../primitive/term.ts';
import { type FlatMatrix, scalar } from '../../values/flat-matrix.ts';
import type { Value } from '../../values/operand.ts';

/** c (d a) = (c d) a, (−a) b = −(a b), a (1/b) = a/b, a a² = a³ */
export const simplerProduct: Rewrite = (a, b) => {
  return scaledProduct(mul)(a, b) ?? quotientOf(a, b) ?? quotientOf(b, a);
};

/**
 * The same for the product of a derivative and a slope, in which zeros win; no quotients, because
 * 0 · (1/0) is 0 here.
 */
export const simplerZeroSafeProduct: Rewrite = (a, b) => {
  if (isConstant(a) && isRegular(a)) return mul(a, b);
  if (isConstant(a)) return undefined;
  return scaledProduct(product)(a, b);
};

/** Whether multiplying by these numbers and dividing by them again changes nothing. */
function isRegular(c: FlatMatrix): boolean {
  return c.data.every((entry) => entry !== 0 && Number.isFinite(entry));
}

/**
 * Constants and signs to the front of a product, where they meet others. `times` is `mul` or the
 * zero-safe product, of which the rules are the same.
 */
function scaledProduct(times: (a: Value, b: Value) => Value): Rewrite {
  return (a, b) => {
    if (isConstant(b)) return times(b, a);
    if (isConstant(a)) return scaled(a, b);
    if (a === b) return square(a);
    if (inputsOf(a, reciprocation)?.[0] === b || inputsOf(b, reciprocation)?.[0] === a) {
      return scalar(1);
    }
    return powersOf(a, b) ?? factorsOut(times, a, b) ?? factorsOut((y, x) => times(x, y), b, a);
  };
}

function scaled(c: Value, x: Value): Value | undefined {
  if (isConstant(c, 0)) return scalar(0);
  if (isConstant(c, -1)) return neg(x);
  const inner = inputsOf(x, negation);
  if (inner !== undefined) return mul(neg(c), inner[0]);
  const below = inputsOf(x, reciprocation);
  if (below !== undefined) return div(c, below[0]);
  const [d, y] = constantAnd(x, multiplication) ?? [];
  if (d !== undefined) {
    const both = mul(c, d) as FlatMatrix;
    return isRegular(both) ? mul(both, y as Value) : undefined;
  }
  const [over, under] = inputsOf(x, division) ?? [];
  if (over === undefined) return undefined;
  if (isConstant(over)) return div(mul(c, over), under);
  return isConstant(under) ? mul(div(c, under), over) : undefined;
}

// (c x) y = c (x y), where that multiplies no larger matrix by c than before
function factorsOut(times: (a: Value, b: Value) => Value, a: Value, b: Value): Value | undefined {
  if (!covers(a, b)) return undefined;
  const inner = inputsOf(a, negation);
  if (inner !== undefined) return neg(times(inner[0], b));
  const [c, x] = constantAnd(a, multiplication) ?? [];
  return c && isRegular(c) ? mul(c, times(x as Value, b)) : undefined;
}

// a (1/y) = a/y. Called with the operands in both orders.
function quotientOf(a: Value, b: Value): Value | undefined {
  const below = inputsOf(b, reciprocation);
  if (below !== undefined) return div(a, below[0]);
  const [c, y] = constantAnd(b, division) ?? [];
  return c && div(mul(c, a), y as Value);
}

/** 0/b, −a/b, a/(1/b), (2 a)/3 */
export const simplerQuotient: Rewrite = (a, b) => {
  if (isConstant(a, 0)) return scalar(0);
  if (a === b) return scalar(1);
  if (isConstant(b, -1)) return neg(a);
  const fraction = inputsOf(a, division);
  if (fraction !== undefined && !isConstant(b)) return div(fraction[0], mul(fraction[1], b));
  const under = inputsOf(a, reciprocation);
  if (under !== undefined && !isConstant(b)) return reciprocal(mul(under[0], b));
  const above = inputsOf(a, negation);
  if (above !== undefined && covers(a, b)) return neg(div(above[0], b));
  const inner = inputsOf(b, negation);
  if (inner !== undefined) return isConstant(a) ? div(neg(a), inner[0]) : neg(div(a, inner[0]));
  const below = inputsOf(b, reciprocation);
  if (below !== undefined) return mul(a, below[0]);
  const lower = inputsOf(b, division);
  if (lower !== undefined) return div(mul(a, lower[1]), lower[0]);
  const [c, x] = constantAnd(a, multiplication) ?? [];
  if (c !== undefined && isConstant(b)) return mul(div(c, b), x as Value);
  const [d, y] = constantAnd(b, multiplication) ?? [];
  return d && isConstant(a) ? div(div(a, d), y as Value) : undefined;
};

/** (xⁿ)² = x²ⁿ for whole n */
export const simplerSquare: Rewrite = (x) => {
  const [base, n] = powerOf(x);
  return n === 1 ? undefined : pow(base, 2 * n);
};

// xᵐ xⁿ = xᵐ⁺ⁿ for whole m, n > 0
function powersOf(a: Value, b: Value): Value | undefined {
  const [x, m] = powerOf(a);
  const [y, n] = powerOf(b);
  return x === y ? pow(x, m + n) : undefined;
}

function powerOf(x: Value): readonly [Value, number] {
  const squared = inputsOf(x, squaring);
  if (squared !== undefined) return [squared[0], 2];
  const [base, exponent] = inputsOf(x, powering) ?? [];
  const n = exponent && uniform(exponent);
  const whole = n !== undefined && n > 0 && Number.isInteger(n);
  return whole && base !== undefined && covers(base, x) ? [base, n] : [x, 1];
}
