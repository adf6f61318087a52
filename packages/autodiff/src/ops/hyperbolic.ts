import type { Unary } from '../primitive/definition.ts';
import { call } from '../primitive/notation.ts';
import { op } from '../primitive/op.ts';
import { reciprocal, square } from './arithmetic.ts';
import { column } from './samples.ts';

const everywhere = [column(-2.5, -0.3, 0, 0.7, 3)];

/** The hyperbolic sine. `sinh(x)` */
export const sinh: Unary = op({
  name: 'sinh',
  print: call('sinh', '\\sinh'),
  entry: Math.sinh,
  slopes: [(_, x) => cosh(x)],
  samples: everywhere,
});

/** The hyperbolic cosine. `cosh(x)` */
export const cosh: Unary = op({
  name: 'cosh',
  print: call('cosh', '\\cosh'),
  entry: Math.cosh,
  slopes: [(_, x) => sinh(x)],
  samples: everywhere,
});

/** The hyperbolic tangent. `tanh(x)` */
export const tanh: Unary = op({
  name: 'tanh',
  print: call('tanh', '\\tanh'),
  entry: Math.tanh,
  // d(tanh x) = dx/cosh² x: 1 − tanh² would lose all digits for large x.
  slopes: [(_, x) => square(reciprocal(cosh(x)))],
  samples: everywhere,
});
