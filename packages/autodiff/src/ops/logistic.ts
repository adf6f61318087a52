import type { Unary } from '../primitive/definition.ts';
import { call } from '../primitive/notation.ts';
import { op } from '../primitive/op.ts';
import { mul, neg } from './arithmetic.ts';
import { column } from './samples.ts';

// e^x and e^(−x) never overflow together: the one that is at most 1 is used.
function sigmoidOf(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const small = Math.exp(x);
  return small / (1 + small);
}

// log(1 + e^x) = max(x, 0) + log(1 + e^−|x|)
function softplusOf(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(x > 0 ? -x : x));
}

const everywhere = [column(-2.5, -0.3, 0, 0.7, 3)];

/** The logistic function 1/(1 + e⁻ˣ), without overflow. `sigmoid(0)` is ½. */
export const sigmoid: Unary = op({
  name: 'sigmoid',
  print: call('sigmoid', '\\sigma'),
  entry: sigmoidOf,
  // σ′ = σ(x) σ(−x): 1 − σ(x) would lose all digits for large x.
  slopes: [(y, x) => mul(y, sigmoid(neg(x)))],
  samples: everywhere,
});

/** log(1 + eˣ), without overflow. `softplus(800)` is 800. */
export const softplus: Unary = op({
  name: 'softplus',
  entry: softplusOf,
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
