import { positive, type Rate } from '../checks.ts';
import type { Stepper } from '../stepper.ts';
import { descend, type RateState } from './scale.ts';

/**
 * Gradient descent: w ← w − η g (Cauchy, 1847). On a smooth convex objective it converges for
 * η < 2/L, L the largest eigenvalue of the Hessian.
 *
 * ```ts
 * train({ loss, params, optimizer: gradientDescent({ rate: 0.1 }), epochs: 100 });
 * ```
 */
export function gradientDescent(settings: { rate: Rate }): Stepper<RateState> {
  return { ...descend(checked('gradientDescent', settings.rate)), name: 'gradientDescent' };
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
  return { ...descend(checked('sgd', settings.rate)), name: 'sgd' };
}

// Names the optimizer that the caller wrote rather than its last link.
function checked(operation: string, rate: Rate): Rate {
  return typeof rate === 'function' ? rate : positive(operation, 'rate', rate);
}
