import type { Parametric, Unary } from '../primitive/definition.ts';
import { call } from '../primitive/notation.ts';
import { op } from '../primitive/op.ts';
import { mul, neg, square } from './arithmetic.ts';
import { exp } from './exponential.ts';
import { erfOf, logGammaOf, polygammaOf } from './kernels/special.ts';
import { column } from './samples.ts';

/** The error function 2/√π ∫₀ˣ e^−t² dt. `erf(div(x, Math.SQRT2))` */
export const erf: Unary = op({
  name: 'erf',
  entry: erfOf,
  // d(erf x) = 2/√π e^−x² dx
  slopes: [(_, x) => mul(2 / Math.sqrt(Math.PI), exp(neg(square(x))))],
  samples: [column(-1.7, -0.3, 0, 0.9, 2.2)],
});

/** log|Γ(x)|; its derivatives are the polygamma functions. `lgamma(add(counts, 1))` */
export const lgamma: Unary = op({
  name: 'lgamma',
  print: call('lgamma', '\\log\\Gamma'),
  entry: logGammaOf,
  slopes: [(_, x) => polygamma(x, 0)],
  samples: [column(-1.7, 0.3, 1.6, 4.2)],
});

/** The derivative of the digamma function of an order. */
export const polygamma: Parametric<[order: number]> = op({
  name: 'polygamma',
  of: (order: number) => ({
    parameters: { order },
    print: call(`polygamma[${order}]`, `\\psi^{(${order})}`),
    entry: (x) => polygammaOf(order, x),
    slopes: [(_, x) => polygamma(x, order + 1)],
    samples: [column(-1.7, 0.3, 1.6, 4.2)],
  }),
  examples: [[1]],
});
