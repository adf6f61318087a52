import { type Binary, binary, elementwise, type Unary, unary } from '../primitive/elementwise.ts';
import { binding, call, infix, type PrintedOperand } from '../primitive/notation.ts';
import type { Primitive } from '../primitive/primitive.ts';
import type { Value } from '../values/operand.ts';
import { add, mul, neg, reciprocal, square, sub } from './arithmetic.ts';
import { sqrt } from './exponential.ts';
import { fractionNotation, squareNotation } from './notation-arithmetic.ts';
import { column, columns } from './samples.ts';

const angles = [column(-2.5, -0.3, 0, 0.7, 3)];
const withinOne = [column(-0.9, -0.3, 0, 0.7)];

// 1/√(1 − x²), without cancellation near ±1
const arcSlope = (x: Value) => reciprocal(sqrt(mul(sub(1, x), add(1, x))));

const sine = elementwise({
  name: 'sin',
  print: call('sin', '\\sin'),
  entry: Math.sin,
  slopes: [(_, x) => cos(x)],
  samples: angles,
});

const cosine = elementwise({
  name: 'cos',
  print: call('cos', '\\cos'),
  entry: Math.cos,
  slopes: [(_, x) => neg(sin(x))],
  samples: angles,
});

// d(tan x) = (1 + tan² x) dx
const tangent = elementwise({
  name: 'tan',
  print: call('tan', '\\tan'),
  entry: Math.tan,
  slopes: [(y) => add(1, square(y))],
  samples: [column(-1.2, -0.3, 0, 0.7)],
});

const arcSine = elementwise({
  name: 'asin',
  print: call('asin', '\\arcsin'),
  entry: Math.asin,
  slopes: [(_, x) => arcSlope(x)],
  samples: withinOne,
});

const arcCosine = elementwise({
  name: 'acos',
  print: call('acos', '\\arccos'),
  entry: Math.acos,
  slopes: [(_, x) => neg(arcSlope(x))],
  samples: withinOne,
});

// d(atan x) = dx/(1 + x²)
const arcTangent = elementwise({
  name: 'atan',
  print: call('atan', '\\arctan'),
  entry: Math.atan,
  slopes: [(_, x) => reciprocal(add(1, square(x)))],
  samples: angles,
});

// x/(x² + y²), the point (x, y) mirrored in the unit circle; the squares themselves could overflow.
function mirroredOf(x: number, y: number): number {
  if (Math.abs(x) >= Math.abs(y)) return 1 / (x * (1 + (y / x) ** 2));
  return x / y / (y * (1 + (x / y) ** 2));
}

// With p = x/(x² + y²) and q = y/(x² + y²): dp = (q² − p²) dx − 2pq dy
const mirroring: Primitive = elementwise({
  name: 'mirror',
  print: {
    text: (x, y) => fractionNotation.text(x, sumOfSquares('text', x, y)),
    latex: (x, y) => fractionNotation.latex(x, sumOfSquares('latex', x, y)),
  },
  entry: mirroredOf,
  slopes: [
    (p, x, y) => sub(square(mirror(y, x)), square(p)),
    (p, x, y) => mul(-2, mul(p, mirror(y, x))),
  ],
  samples: [columns([0.5, -2, 1.2], [0.7, -1.5, 3])],
});
export const mirror: Binary = binary(mirroring);

function sumOfSquares(form: 'text' | 'latex', x: PrintedOperand, y: PrintedOperand) {
  const squares = [x, y].map((z) => ({ ...z, ...squareNotation[form](z) }));
  return { ...x, ...infix('+', '+', binding.sum, binding.sum)[form](squares[0], squares[1]) };
}

// d(atan2(y, x)) = (x dy − y dx)/(x² + y²)
const arcTangent2 = elementwise({
  name: 'atan2',
  entry: Math.atan2,
  slopes: [(_, y, x) => mirror(x, y), (_, y, x) => neg(mirror(y, x))],
  samples: [columns([0.5, -2, 1.2], [0.7, -1.5, 3])],
});

/** The sine of an angle in radians. `sin(x)` */
export const sin: Unary = unary(sine);

/** The cosine of an angle in radians. `cos(x)` */
export const cos: Unary = unary(cosine);

/** The tangent of an angle in radians. `tan(x)` */
export const tan: Unary = unary(tangent);

/** The angle in [−π/2, π/2] whose sine is x; NaN outside [−1, 1]. `asin(x)` */
export const asin: Unary = unary(arcSine);

/** The angle in [0, π] whose cosine is x; NaN outside [−1, 1]. `acos(x)` */
export const acos: Unary = unary(arcCosine);

/** The angle in (−π/2, π/2) whose tangent is x. `atan(x)` */
export const atan: Unary = unary(arcTangent);

/** The angle of the point (x, y), in (−π, π]. `atan2(y, x)` */
export const atan2: Binary = binary(arcTangent2);
