import { type Binary, binary, elementwise, type Unary, unary } from '../primitive/elementwise.ts';
import { binding, infix } from '../primitive/notation.ts';
import type { Primitive } from '../primitive/primitive.ts';
import { constantAnd, inputsOf, isConstant, uniform } from '../primitive/term.ts';
import type { Value } from '../values/operand.ts';
import { addEntries, multiplyEntries, subtractEntries } from './kernels/arithmetic.ts';
import {
  fractionNotation,
  minusNotation,
  reciprocalNotation,
  squareNotation,
  timesNotation,
} from './notation-arithmetic.ts';
import { binarySamples, column } from './samples.ts';

export const addition: Primitive = elementwise({
  name: 'add',
  print: infix('+', '+', binding.sum, binding.sum),
  entry: (a, b) => a + b,
  value: addEntries,
  slopes: [1, 1],
  samples: binarySamples,
});

export const subtraction: Primitive = elementwise({
  name: 'sub',
  print: infix('-', '-', binding.sum),
  entry: (a, b) => a - b,
  value: subtractEntries,
  slopes: [1, -1],
  samples: binarySamples,
  simplify: {
    exact: (a, b) => (Object.is(uniform(b), 0) ? a : undefined),
  },
});

export const multiplication: Primitive = elementwise({
  name: 'mul',
  print: timesNotation,
  entry: (a, b) => a * b,
  value: multiplyEntries,
  slopes: [(_, _a, b) => b, (_, a) => a],
  samples: binarySamples,
  simplify: {
    exact: (a, b) => (isConstant(a, 1) ? b : isConstant(b, 1) ? a : undefined),
  },
});

// d(a/b) = da/b − (a/b) db/b
export const division: Primitive = elementwise({
  name: 'div',
  print: fractionNotation,
  entry: (a, b) => a / b,
  slopes: [(_, _a, b) => reciprocal(b), (y, _a, b) => neg(div(y, b))],
  samples: binarySamples,
  simplify: {
    exact: (a, b) => (isConstant(b, 1) ? a : isConstant(a, 1) ? reciprocal(b) : undefined),
  },
});

export const negation: Primitive = elementwise({
  name: 'neg',
  print: minusNotation,
  entry: (x) => -x,
  slopes: [-1],
  samples: [column(-2, 0, 1.5)],
  simplify: {
    exact: (x) => {
      const inner = inputsOf(x, negation);
      if (inner !== undefined) return inner[0];
      const [c, y] = constantAnd(x, multiplication) ?? [];
      if (c !== undefined) return mul(neg(c), y as Value);
      const [d, z] = constantAnd(x, division) ?? [];
      return d && div(neg(d), z as Value);
    },
  },
});

export const squaring: Primitive = elementwise({
  name: 'square',
  print: squareNotation,
  entry: (x) => x * x,
  slopes: [(_, x) => mul(2, x)],
  samples: [column(-2, 0, 1.5)],
  simplify: {
    exact: (x) => {
      const inner = inputsOf(x, negation);
      return inner && square(inner[0]);
    },
    algebraic: (x) => {
      const below = inputsOf(x, reciprocation);
      if (below !== undefined) return reciprocal(square(below[0]));
      const [c, y] = constantAnd(x, multiplication) ?? [];
      return c && mul(square(c), square(y as Value));
    },
  },
});

// d(1/x) = −dx/x²
export const reciprocation: Primitive = elementwise({
  name: 'reciprocal',
  print: reciprocalNotation,
  entry: (x) => 1 / x,
  slopes: [(y) => neg(square(y))],
  samples: [column(-2, 0.5, 1.5)],
  simplify: {
    exact: (x) => {
      const inner = inputsOf(x, negation);
      return inner && neg(reciprocal(inner[0]));
    },
    algebraic: (x) => {
      const below = inputsOf(x, reciprocation);
      if (below !== undefined) return below[0];
      const fraction = inputsOf(x, division);
      if (fraction !== undefined) return div(fraction[1], fraction[0]);
      const [c, y] = constantAnd(x, multiplication) ?? [];
      return c && div(reciprocal(c), y as Value);
    },
  },
});

/** a + b, entry by entry. `add(x, 1)` */
export const add: Binary = binary(addition);

/** a − b, entry by entry. `sub(prediction, y)` */
export const sub: Binary = binary(subtraction);

/** a · b, entry by entry (the matrix product is `matmul`). `mul(2, x)` */
export const mul: Binary = binary(multiplication);

/** a / b, entry by entry. `div(x, norm(x))` */
export const div: Binary = binary(division);

/** −x. `neg(x)` */
export const neg: Unary = unary(negation);

/** x², entry by entry. `sum(square(x))` */
export const square: Unary = unary(squaring);

/** 1/x, entry by entry. `reciprocal(x)` */
export const reciprocal: Unary = unary(reciprocation);
