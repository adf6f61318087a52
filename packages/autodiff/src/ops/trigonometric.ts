import type { Binary, Unary } from '../primitive/definition.ts';
import { binding, call, infix, type PrintedOperand } from '../primitive/notation.ts';
import { op } from '../primitive/op.ts';
import type { Value } from '../values/operand.ts';
import { add, mul, neg, reciprocal, square, sub } from './arithmetic.ts';
import { sqrt } from './exponential.ts';
import { fractionNotation, squareNotation } from './notation-arithmetic.ts';
import { column, columns } from './samples.ts';

const angles = [column(-2.5, -0.3, 0, 0.7, 3)];
const withinOne = [column(-0.9, -0.3, 0, 0.7)];

// 1/√(1 − x²), without cancellation near ±1
const arcSlope = (x: Value) => reciprocal(sqrt(mul(sub(1, x), add(1, x))));

/** The sine of an angle in radians. `sin(x)` */
export const sin: Unary = op({
  name: 'sin',
  print: call('sin', '\\sin'),
  entry: Math.sin,
  slopes: [(_, x) => cos(x)],
  samples: angles,
});

/** The cosine of an angle in radians. `cos(x)` */
export const cos: Unary = op({
  name: 'cos',
  print: call('cos', '\\cos'),
  entry: Math.cos,
  slopes: [(_, x) => neg(sin(x))],
  samples: angles,
});

/** The tangent of an angle in radians. `tan(x)` */
export const tan: Unary = op({
  name: 'tan',
  print: call('tan', '\\tan'),
  entry: Math.tan,
  // d(tan x) = (1 + tan² x) dx
  slopes: [(y) => add(1, square(y))],
  samples: [column(-1.2, -0.3, 0, 0.7)],
});

/** The angle in [−π/2, π/2] whose sine is x; NaN outside [−1, 1]. `asin(x)` */
export const asin: Unary = op({
  name: 'asin',
  print: call('asin', '\\arcsin'),
  entry: Math.asin,
  slopes: [(_, x) => arcSlope(x)],
  remedy: 'the input must lie in [−1, 1]: use clip(x, -1, 1)',
  samples: withinOne,
});

/** The angle in [0, π] whose cosine is x; NaN outside [−1, 1]. `acos(x)` */
export const acos: Unary = op({
  name: 'acos',
  print: call('acos', '\\arccos'),
  entry: Math.acos,
  slopes: [(_, x) => neg(arcSlope(x))],
  remedy: 'the input must lie in [−1, 1]: use clip(x, -1, 1)',
  samples: withinOne,
});

/** The angle in (−π/2, π/2) whose tangent is x. `atan(x)` */
export const atan: Unary = op({
  name: 'atan',
  print: call('atan', '\\arctan'),
  entry: Math.atan,
  // d(atan x) = dx/(1 + x²)
  slopes: [(_, x) => reciprocal(add(1, square(x)))],
  samples: angles,
});

// x/(x² + y²), the point (x, y) mirrored in the unit circle; the squares themselves could overflow.
function mirroredOf(x: number, y: number): number {
  if (Math.abs(x) >= Math.abs(y)) return 1 / (x * (1 + (y / x) ** 2));
  return x / y / (y * (1 + (x / y) ** 2));
}

export const mirror: Binary = op({
  name: 'mirror',
  print: {
    text: (x, y) => fractionNotation.text(x, sumOfSquares('text', x, y)),
    latex: (x, y) => fractionNotation.latex(x, sumOfSquares('latex', x, y)),
  },
  entry: mirroredOf,
  // With p = x/(x² + y²) and q = y/(x² + y²): dp = (q² − p²) dx − 2pq dy
  slopes: [
    (p, x, y) => sub(square(mirror(y, x)), square(p)),
    (p, x, y) => mul(-2, mul(p, mirror(y, x))),
  ],
  samples: [columns([0.5, -2, 1.2], [0.7, -1.5, 3])],
});
function sumOfSquares(form: 'text' | 'latex', x: PrintedOperand, y: PrintedOperand) {
  const squares = [x, y].map((z) => ({ ...z, ...squareNotation[form](z) }));
  return { ...x, ...infix('+', '+', binding.sum, binding.sum)[form](squares[0], squares[1]) };
}

/** The angle of the point (x, y), in (−π, π]. `atan2(y, x)` */
export const atan2: Binary = op({
  name: 'atan2',
  entry: Math.atan2,
  // d(atan2(y, x)) = (x dy − y dx)/(x² + y²)
  slopes: [(_, y, x) => mirror(x, y), (_, y, x) => neg(mirror(y, x))],
  samples: [columns([0.5, -2, 1.2], [0.7, -1.5, 3])],
});
