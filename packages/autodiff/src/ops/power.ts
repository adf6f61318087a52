import { type Binary, binary, elementwise } from '../primitive/elementwise.ts';
import type { Primitive } from '../primitive/primitive.ts';
import { inputsOf, uniform } from '../primitive/term.ts';
import { scalar } from '../values/flat-matrix.ts';
import type { Value } from '../values/operand.ts';
import { reciprocal, square, squaring, sub } from './arithmetic.ts';
import { log, sqrt } from './exponential.ts';
import { powerNotation } from './notation-arithmetic.ts';
import { product } from './product.ts';
import { columns } from './samples.ts';

// d(xʸ) = y xʸ⁻¹ dx + xʸ log x dy; the zero-safe product keeps x⁰ and 0ʸ free of 0 · ∞.
export const powering: Primitive = elementwise({
  name: 'pow',
  print: powerNotation,
  entry: (x, y) => (y === 2 ? x * x : x ** y),
  simplify: {
    exact: (x, y) => {
      const n = uniform(y);
      return n === 0 ? scalar(1) : n === 1 ? x : n === 2 ? square(x) : undefined;
    },
    algebraic: (x, y) => {
      const n = uniform(y);
      if (n === -1) return reciprocal(x);
      if (n === 0.5) return sqrt(x);
      const [base, m] = powerOf(x);
      const whole = Number.isInteger(m) && Number.isInteger(n);
      return base !== undefined && whole ? pow(base, (m as number) * (n as number)) : undefined;
    },
  },
  slopes: [(_, x, y) => product(y, pow(x, sub(y, 1))), (z, x) => product(z, log(x))],
  samples: [
    columns([0.5, 1.5, 2], [2, -1.5, 0.3]),
    [
      [
        [0.5, 2],
        [1.5, 0.8],
      ],
      [[3]],
    ],
    [[[1.7]], [[0.5, 2]]],
  ],
});

// (x^½)² is not x where x < 0, so only whole powers of whole powers are joined.
function powerOf(x: Value): readonly [base?: Value, exponent?: number | undefined] {
  const squared = inputsOf(x, squaring);
  if (squared !== undefined) return [squared[0], 2];
  const [base, exponent] = inputsOf(x, powering) ?? [];
  return base === undefined ? [] : [base, uniform(exponent as Value)];
}

/**
 * xʸ, entry by entry; exact slopes for whole powers of negative numbers and at 0.
 *
 * NaN for a negative x with a fractional y.
 *
 * ```ts
 * grad((x: Value) => pow(x, 3))(-2); // 12
 * ```
 */
export const pow: Binary = binary(powering);
