import { type Binary, binary, elementwise, type Unary, unary } from '../elementwise.ts';
import { call } from '../notation.ts';
import type { Primitive, Value } from '../primitive.ts';
import { column, columns } from '../samples.ts';
import { add, div, mul, neg, reciprocal, square, sub } from './arithmetic.ts';
import { sqrt } from './exponential.ts';

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

// d(atan2(y, x)) = (x dy − y dx)/(x² + y²)
const arcTangent2 = elementwise({
  name: 'atan2',
  entry: Math.atan2,
  slopes: [
    (_, y, x) => div(x, add(square(x), square(y))),
    (_, y, x) => neg(div(y, add(square(x), square(y)))),
  ],
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

export const trigonometricPrimitives: readonly Primitive[] = [
  sine,
  cosine,
  tangent,
  arcSine,
  arcCosine,
  arcTangent,
  arcTangent2,
];
