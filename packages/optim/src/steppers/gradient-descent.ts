import type { Rate } from '../checks.ts';
import { knownOptions } from '../known-options.ts';
import type { Stepper } from '../stepper.ts';
import { named } from './part.ts';
import { descent, type RateState } from './scale.ts';

/**
 * Gradient descent: w ← w − η g (Cauchy, 1847). On a smooth convex objective it converges for
 * η < 2/L, L the largest eigenvalue of the Hessian.
 *
 * ```ts
 * train({ loss, params, optimizer: gradientDescent({ rate: 0.1 }), epochs: 100 });
 * ```
 */
export function gradientDescent(settings: { rate: Rate }): Stepper<RateState> {
  const example = 'gradientDescent({ rate: 0.1 })';
  knownOptions('gradientDescent', settings, { rate: true }, { example });
  return named('gradientDescent', descent('gradientDescent', settings.rate));
}

/**
 * Stochastic gradient descent: w ← w − η(t) g, g the gradient on one minibatch (Robbins & Monro,
 * 1951). The same step as `gradientDescent`; with a constant rate it ends in a cloud around the
 * minimum, so let the rate fall.
 *
 * ```ts
 * sgd({ rate: inverseTime(0.1, { decay: 0.01 }) });
 * ```
 */
export function sgd(settings: { rate: Rate }): Stepper<RateState> {
  knownOptions('sgd', settings, { rate: true }, { example: 'sgd({ rate: 0.1 })' });
  return named('sgd', descent('sgd', settings.rate));
}
