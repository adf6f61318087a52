import type { Binary } from '../primitive/definition.ts';
import { op } from '../primitive/op.ts';
import { sub } from './arithmetic.ts';
import { log } from './exponential.ts';
import { powerNotation } from './notation-arithmetic.ts';
import { product } from './product.ts';
import { columns } from './samples.ts';

/**
 * xʸ, entry by entry; exact slopes for whole powers of negative numbers and at 0.
 *
 * NaN for a negative x with a fractional y.
 *
 * ```ts
 * grad((x: Value) => pow(x, 3))(-2); // 12
 * ```
 */
export const pow: Binary = op({
  name: 'pow',
  print: powerNotation,
  entry: (x, y) => (y === 2 ? x * x : x ** y),
  // d(xʸ) = y xʸ⁻¹ dx + xʸ log x dy; the zero-safe product keeps x⁰ and 0ʸ free of 0 · ∞.
  slopes: [(_, x, y) => product(y, pow(x, sub(y, 1))), (z, x) => product(z, log(x))],
  remedy: 'a negative base takes whole powers only: use abs(x), or guard it inside where',
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
