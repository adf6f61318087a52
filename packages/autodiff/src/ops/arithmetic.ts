import type { Binary, Unary } from '../primitive/definition.ts';
import { binding, infix } from '../primitive/notation.ts';
import { op } from '../primitive/op.ts';
import { addEntries, multiplyEntries, subtractEntries } from './kernels/arithmetic.ts';
import {
  fractionNotation,
  minusNotation,
  reciprocalNotation,
  squareNotation,
  timesNotation,
} from './notation-arithmetic.ts';
import { binarySamples, column } from './samples.ts';

/** a + b, entry by entry. `add(x, 1)` */
export const add: Binary = op({
  name: 'add',
  commutative: true,
  print: infix('+', '+', binding.sum, binding.sum),
  entry: (a, b) => a + b,
  value: addEntries,
  slopes: [1, 1],
  remedy: '∞ − ∞ is NaN: find what became infinite (exp overflows beyond 709)',
  samples: binarySamples,
});

/** a − b, entry by entry. `sub(prediction, y)` */
export const sub: Binary = op({
  name: 'sub',
  print: infix('-', '-', binding.sum),
  entry: (a, b) => a - b,
  value: subtractEntries,
  slopes: [1, -1],
  remedy: '∞ − ∞ is NaN: find what became infinite (exp overflows beyond 709)',
  samples: binarySamples,
});

/** a · b, entry by entry (the matrix product is `matmul`). `mul(2, x)` */
export const mul: Binary = op({
  name: 'mul',
  commutative: true,
  print: timesNotation,
  entry: (a, b) => a * b,
  value: multiplyEntries,
  slopes: [(_, _a, b) => b, (_, a) => a],
  remedy: '0 · ∞ is NaN: find what became infinite, or use xlogy for x log x',
  samples: binarySamples,
});

/** a / b, entry by entry. `div(x, norm(x))` */
export const div: Binary = op({
  name: 'div',
  print: fractionNotation,
  entry: (a, b) => a / b,
  // d(a/b) = da/b − (a/b) db/b
  slopes: [(_, _a, b) => reciprocal(b), (y, _a, b) => neg(div(y, b))],
  remedy: 'guard the denominator inside where: 0/0 and ∞/∞ are NaN',
  samples: binarySamples,
});

/** −x. `neg(x)` */
export const neg: Unary = op({
  name: 'neg',
  print: minusNotation,
  entry: (x) => -x,
  slopes: [-1],
  samples: [column(-2, 0, 1.5)],
});

/** x², entry by entry. `sum(square(x))` */
export const square: Unary = op({
  name: 'square',
  print: squareNotation,
  entry: (x) => x * x,
  slopes: [(_, x) => mul(2, x)],
  samples: [column(-2, 0, 1.5)],
});

/** 1/x, entry by entry. `reciprocal(x)` */
export const reciprocal: Unary = op({
  name: 'reciprocal',
  print: reciprocalNotation,
  entry: (x) => 1 / x,
  // d(1/x) = −dx/x²
  slopes: [(y) => neg(square(y))],
  samples: [column(-2, 0.5, 1.5)],
});
