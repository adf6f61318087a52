import type { Parametric, Unary } from '../primitive/definition.ts';
import { call } from '../primitive/notation.ts';
import { op } from '../primitive/op.ts';
import { add, mul, neg, square } from './arithmetic.ts';
import { exp } from './exponential.ts';
import {
  erfOf,
  inverseMillsOf,
  logGammaOf,
  logNormalCdfOf,
  polygammaOf,
} from './kernels/special.ts';
import { column } from './samples.ts';

/** The error function 2/√π ∫₀ˣ e^−t² dt. `erf(div(x, Math.SQRT2))` */
export const erf: Unary = op({
  name: 'erf',
  entry: erfOf,
  // d(erf x) = 2/√π e^−x² dx
  slopes: [(_, x) => mul(2 / Math.sqrt(Math.PI), exp(neg(square(x))))],
  samples: [column(-1.7, -0.3, 0, 0.9, 2.2)],
});

/**
 * log Φ(x), Φ the distribution function of the standard normal: the log-likelihood of a probit. Exact
 * where Φ(x) underflows too. `logNormalCdf(-40) // -804.6…`
 */
export const logNormalCdf: Unary = op({
  name: 'logNormalCdf',
  print: call('logNormalCdf', '\\log\\Phi'),
  entry: logNormalCdfOf,
  slopes: [(_, x) => inverseMills(x)],
  samples: [column(-6.5, -1.7, -0.3, 0, 0.9, 2.2)],
});

/** φ(x)/Φ(x), the inverse of Mills' ratio. */
export const inverseMills: Unary = op({
  name: 'inverseMills',
  entry: inverseMillsOf,
  // d m = −m (x + m) dx
  slopes: [(m, x) => neg(mul(m, add(x, m)))],
  samples: [column(-6.5, -1.7, -0.3, 0, 0.9, 2.2)],
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
