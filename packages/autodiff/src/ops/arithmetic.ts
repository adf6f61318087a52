import { type Binary, binary, elementwise, type Unary, unary } from '../elementwise.ts';
import { addEntries, multiplyEntries, subtractEntries } from '../kernels/arithmetic.ts';
import type { Primitive } from '../primitive.ts';
import { binarySamples, column } from '../samples.ts';

const addition = elementwise({
  name: 'add',
  entry: (a, b) => a + b,
  value: addEntries,
  slopes: [1, 1],
  samples: binarySamples,
});

const subtraction = elementwise({
  name: 'sub',
  entry: (a, b) => a - b,
  value: subtractEntries,
  slopes: [1, -1],
  samples: binarySamples,
});

const multiplication = elementwise({
  name: 'mul',
  entry: (a, b) => a * b,
  value: multiplyEntries,
  slopes: [(_, _a, b) => b, (_, a) => a],
  samples: binarySamples,
});

// d(a/b) = da/b − (a/b) db/b
const division = elementwise({
  name: 'div',
  entry: (a, b) => a / b,
  slopes: [(_, _a, b) => reciprocal(b), (y, _a, b) => neg(div(y, b))],
  samples: binarySamples,
});

const negation = elementwise({
  name: 'neg',
  entry: (x) => -x,
  slopes: [-1],
  samples: [column(-2, 0, 1.5)],
});

const squaring = elementwise({
  name: 'square',
  entry: (x) => x * x,
  slopes: [(_, x) => mul(2, x)],
  samples: [column(-2, 0, 1.5)],
});

// d(1/x) = −dx/x²
const reciprocation = elementwise({
  name: 'reciprocal',
  entry: (x) => 1 / x,
  slopes: [(y) => neg(square(y))],
  samples: [column(-2, 0.5, 1.5)],
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

export const arithmeticPrimitives: readonly Primitive[] = [
  addition,
  subtraction,
  multiplication,
  division,
  negation,
  squaring,
  reciprocation,
];
