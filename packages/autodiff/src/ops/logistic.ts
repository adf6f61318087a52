import type { Unary } from '../primitive/definition.ts';
import { call } from '../primitive/notation.ts';
import { op } from '../primitive/op.ts';
import { mul, neg } from './arithmetic.ts';
import { sigmoidEntries, sigmoidOf, softplusEntries, softplusOf } from './kernels/logistic.ts';
import { column } from './samples.ts';

const everywhere = [column(-2.5, -0.3, 0, 0.7, 3)];

/** The logistic function 1/(1 + e⁻ˣ), without overflow. `sigmoid(0)` is ½. */
export const sigmoid: Unary = op({
  name: 'sigmoid',
  print: call('sigmoid', '\\sigma'),
  entry: sigmoidOf,
  value: sigmoidEntries,
  // σ′ = σ(x) σ(−x): 1 − σ(x) would lose all digits for large x.
  slopes: [(y, x) => mul(y, sigmoid(neg(x)))],
  samples: everywhere,
});

/** log(1 + eˣ), without overflow. `softplus(800)` is 800. */
export const softplus: Unary = op({
  name: 'softplus',
  entry: softplusOf,
  value: softplusEntries,
  slopes: [(_, x) => sigmoid(x)],
  samples: everywhere,
});

/** log(1/(1 + e⁻ˣ)), without overflow. `logSigmoid(-800)` is −800. */
export const logSigmoid: Unary = op({
  name: 'logSigmoid',
  entry: (x) => -softplusOf(-x),
  // log σ(x) = −softplus(−x)
  slopes: [(_, x) => sigmoid(neg(x))],
  samples: everywhere,
});
