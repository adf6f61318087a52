import { abs, mul, type Operand, relu, sign, sub, sum, type Value } from '@steepest/autodiff';
import { argument, nonNegative, required } from '@steepest/ground';
import type { Penalty } from './penalty.ts';

/**
 * The lasso penalty h(x) = strength · Σ|xᵢ| (Tibshirani, 1996). Its proximal operator moves every entry
 * towards 0 by step · strength and stops there, so that zeros are exact: soft thresholding.
 *
 * Throws a RangeError for a strength below 0.
 *
 * ```ts
 * chain(descend(0.1), proximal(l1(0.05)));
 * minimize(f, x0, { method: fista({ penalty: l1(0.05), rate: 0.1 }) });
 * ```
 */
export function l1(strength: number): Penalty {
  argument('l1', 'strength', strength, required(nonNegative()));
  return {
    name: `l1(${strength})`,
    value: (x) => mul(strength, sum(abs(x))),
    prox: (x, step) => softThreshold(x, mul(step, strength)),
    entry: (x, step) => Math.sign(x) * Math.max(Math.abs(x) - step * strength, 0),
    separable: true,
  };
}

/** sign(x) · max(|x| − t, 0). */
export function softThreshold(x: Value, t: Operand): Value {
  return mul(sign(x), relu(sub(abs(x), t)));
}
