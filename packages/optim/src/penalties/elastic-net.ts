import { abs, add, div, mul, square, sum } from '@steepest/autodiff';
import { argument, nonNegative, option, required } from '@steepest/ground';
import { softThreshold } from './l1.ts';
import type { Penalty } from './penalty.ts';

const mixing = option<number>({
  expected: 'a number from 0 to 1',
  accepts: (x) => typeof x === 'number' && x >= 0 && x <= 1,
  advice: '1 is the lasso, 0 ridge',
});

/**
 * h(x) = strength · Σ (share |xᵢ| + (1 − share) xᵢ²/2), the elastic net of Zou and Hastie (2005) in
 * glmnet's parameters; share (0.5 unless given) lies in [0, 1]: 1 is the lasso, 0 ridge.
 *
 * prox(x) = soft(x, step · strength · share) / (1 + step · strength · (1 − share)). Throws a RangeError
 * for a strength below 0 or a share outside [0, 1].
 *
 * ```ts
 * proximal(elasticNet(0.1, 0.5));
 * ```
 */
export function elasticNet(strength: number, share = 0.5): Penalty {
  argument('elasticNet', 'strength', strength, required(nonNegative()));
  argument('elasticNet', 'share', share, required(mixing));
  const sharp = strength * share;
  const round = strength * (1 - share);
  return {
    name: `elasticNet(${strength}, ${share})`,
    value: (x) => add(mul(sharp, sum(abs(x))), mul(round / 2, sum(square(x)))),
    prox: (x, step) => div(softThreshold(x, mul(step, sharp)), add(1, mul(step, round))),
    entry: (x, step) =>
      (Math.sign(x) * Math.max(Math.abs(x) - step * sharp, 0)) / (1 + step * round),
    separable: true,
  };
}
