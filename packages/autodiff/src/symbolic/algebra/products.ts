import { div, mul, neg, reciprocal, square } from '../../ops/arithmetic.ts';
import { product } from '../../ops/product.ts';
import type { Rewrite, Simplification } from '../../primitive/primitive.ts';
import { constantAnd, covers, inputsOf, isConstant } from '../../primitive/term.ts';
import { type FlatMatrix, scalar } from '../../values/flat-matrix.ts';
import type { Value } from '../../values/operand.ts';
import { joinedPowers } from './powers.ts';

/** 1 a, c (d a) = (c d) a, (−a) b = −(a b), a (1/b) = a/b, a a² = a³ */
export const ofProduct: Simplification = {
  exact: (a, b) => (isConstant(a, 1) ? b : isConstant(b, 1) ? a : undefined),
  algebraic: (a, b) => scaledProduct(mul)(a, b) ?? quotientOf(a, b) ?? quotientOf(b, a),
};

/**
 * The same for the product of a derivative and a slope, in which zeros win; no quotients, because
 * 0 · (1/0) is 0 here.
 */
export const ofZeroSafeProduct: Simplification = {
  exact: (a, b) => {
    if (isConstant(a, 0) || isConstant(b, 0)) return scalar(0);
    if (isConstant(a, 1)) return b;
    if (isConstant(b, 1)) return a;
    return isConstant(a, -1) ? neg(b) : isConstant(b, -1) ? neg(a) : undefined;
  },
  algebraic: (a, b) => {
    if (isConstant(a) && isRegular(a)) return mul(a, b);
    if (isConstant(a)) return undefined;
    return scaledProduct(product)(a, b);
  },
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
    if (
      inputsOf(a, reciprocal.primitive)?.[0] === b ||
      inputsOf(b, reciprocal.primitive)?.[0] === a
    ) {
      return scalar(1);
    }
    return joinedPowers(a, b) ?? factorsOut(times, a, b) ?? factorsOut((y, x) => times(x, y), b, a);
  };
}

function scaled(c: Value, x: Value): Value | undefined {
  if (isConstant(c, 0)) return scalar(0);
  if (isConstant(c, -1)) return neg(x);
  const inner = inputsOf(x, neg.primitive);
  if (inner !== undefined) return mul(neg(c), inner[0]);
  const below = inputsOf(x, reciprocal.primitive);
  if (below !== undefined) return div(c, below[0]);
  const [d, y] = constantAnd(x, mul.primitive) ?? [];
  if (d !== undefined) {
    const both = mul(c, d) as FlatMatrix;
    return isRegular(both) ? mul(both, y as Value) : undefined;
  }
  const [over, under] = inputsOf(x, div.primitive) ?? [];
  if (over === undefined) return undefined;
  if (isConstant(over)) return div(mul(c, over), under);
  return isConstant(under) ? mul(div(c, under), over) : undefined;
}

// (c x) y = c (x y), where that multiplies no larger matrix by c than before
function factorsOut(times: (a: Value, b: Value) => Value, a: Value, b: Value): Value | undefined {
  if (!covers(a, b)) return undefined;
  const inner = inputsOf(a, neg.primitive);
  if (inner !== undefined) return neg(times(inner[0], b));
  const [c, x] = constantAnd(a, mul.primitive) ?? [];
  return c && isRegular(c) ? mul(c, times(x as Value, b)) : undefined;
}

// a (1/y) = a/y. Called with the operands in both orders.
function quotientOf(a: Value, b: Value): Value | undefined {
  const below = inputsOf(b, reciprocal.primitive);
  if (below !== undefined) return div(a, below[0]);
  const [c, y] = constantAnd(b, div.primitive) ?? [];
  return c && div(mul(c, a), y as Value);
}

/** a/1, 1/b, 0/b, −a/b, a/(1/b), (2 a)/3 */
export const ofQuotient: Simplification = {
  exact: (a, b) => (isConstant(b, 1) ? a : isConstant(a, 1) ? reciprocal(b) : undefined),
  algebraic: (a, b) => {
    if (isConstant(a, 0)) return scalar(0);
    if (a === b) return scalar(1);
    if (isConstant(b, -1)) return neg(a);
    const fraction = inputsOf(a, div.primitive);
    if (fraction !== undefined && !isConstant(b)) return div(fraction[0], mul(fraction[1], b));
    const under = inputsOf(a, reciprocal.primitive);
    if (under !== undefined && !isConstant(b)) return reciprocal(mul(under[0], b));
    const above = inputsOf(a, neg.primitive);
    if (above !== undefined && covers(a, b)) return neg(div(above[0], b));
    const inner = inputsOf(b, neg.primitive);
    if (inner !== undefined) return isConstant(a) ? div(neg(a), inner[0]) : neg(div(a, inner[0]));
    const below = inputsOf(b, reciprocal.primitive);
    if (below !== undefined) return mul(a, below[0]);
    const lower = inputsOf(b, div.primitive);
    if (lower !== undefined) return div(mul(a, lower[1]), lower[0]);
    const [c, x] = constantAnd(a, mul.primitive) ?? [];
    if (c !== undefined && isConstant(b)) return mul(div(c, b), x as Value);
    const [d, y] = constantAnd(b, mul.primitive) ?? [];
    return d && isConstant(a) ? div(div(a, d), y as Value) : undefined;
  },
};

/** 1/(−x), 1/(1/x), 1/(a/b), 1/(c x) */
export const ofReciprocal: Simplification = {
  exact: (x) => {
    const inner = inputsOf(x, neg.primitive);
    return inner && neg(reciprocal(inner[0]));
  },
  algebraic: (x) => {
    const below = inputsOf(x, reciprocal.primitive);
    if (below !== undefined) return below[0];
    const fraction = inputsOf(x, div.primitive);
    if (fraction !== undefined) return div(fraction[1], fraction[0]);
    const [c, y] = constantAnd(x, mul.primitive) ?? [];
    return c && div(reciprocal(c), y as Value);
  },
};
