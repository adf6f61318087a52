import { mul, neg, reciprocal, square } from '../../ops/arithmetic.ts';
import { sqrt } from '../../ops/exponential.ts';
import { pow } from '../../ops/power.ts';
import type { Simplification } from '../../primitive/primitive.ts';
import { constantAnd, covers, inputsOf, uniform } from '../../primitive/term.ts';
import { scalar } from '../../values/flat-matrix.ts';
import type { Value } from '../../values/operand.ts';

/** (−x)² = x², (1/x)² = 1/x², (c x)² = c² x², (xⁿ)² = x²ⁿ for whole n */
export const ofSquare: Simplification = {
  exact: (x) => {
    const inner = inputsOf(x, neg.primitive);
    return inner && square(inner[0]);
  },
  algebraic: (x) => {
    const below = inputsOf(x, reciprocal.primitive);
    if (below !== undefined) return reciprocal(square(below[0]));
    const [c, y] = constantAnd(x, mul.primitive) ?? [];
    if (c !== undefined) return mul(square(c), square(y as Value));
    const [base, n] = powerOf(x);
    return n === 1 ? undefined : pow(base, 2 * n);
  },
};

/** x⁰, x¹, x², x⁻¹, x^½, (xᵐ)ⁿ for whole m and n */
export const ofPower: Simplification = {
  exact: (x, y) => {
    const n = uniform(y);
    return n === 0 ? scalar(1) : n === 1 ? x : n === 2 ? square(x) : undefined;
  },
  algebraic: (x, y) => {
    const n = uniform(y);
    if (n === -1) return reciprocal(x);
    if (n === 0.5) return sqrt(x);
    const [base, m] = baseOf(x);
    const whole = Number.isInteger(m) && Number.isInteger(n);
    return base !== undefined && whole ? pow(base, (m as number) * (n as number)) : undefined;
  },
};

/** xᵐ xⁿ = xᵐ⁺ⁿ for whole m, n > 0 */
export function joinedPowers(a: Value, b: Value): Value | undefined {
  const [x, m] = powerOf(a);
  const [y, n] = powerOf(b);
  return x === y ? pow(x, m + n) : undefined;
}

/** x and n where a value is xⁿ for a whole n > 0; the value itself and 1 elsewhere. */
function powerOf(x: Value): readonly [Value, number] {
  const [base, n] = baseOf(x);
  const whole = n !== undefined && n > 0 && Number.isInteger(n);
  return whole && base !== undefined && covers(base, x) ? [base, n] : [x, 1];
}

// (x^½)² is not x where x < 0, so only whole powers of whole powers are joined.
function baseOf(x: Value): readonly [base?: Value, exponent?: number | undefined] {
  const squared = inputsOf(x, square.primitive);
  if (squared !== undefined) return [squared[0], 2];
  const [base, exponent] = inputsOf(x, pow.primitive) ?? [];
  return base === undefined ? [] : [base, uniform(exponent as Value)];
}
