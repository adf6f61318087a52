import { required, type Spec, settle } from '@steepest/ground';
import { type Rate, rateOption } from '../rate.ts';
import type { Stepper } from '../stepper.ts';
import { type AdgdState, adgd } from './adgd.ts';
import { named } from './part.ts';
import { descent } from './scale.ts';

/** A learning rate, which has no default that would suit most problems. */
export interface DescentSettings {
  readonly rate: Rate;
}

const descentSpec = { rate: required(rateOption) } satisfies Spec<DescentSettings>;
const adaptiveSpec = { rate: rateOption } satisfies Spec<{ readonly rate?: Rate | undefined }>;

const foreign = {
  momentum: 'use momentum({ rate: 0.01, decay: 0.9 })',
  nesterov: 'use nesterov({ rate: 0.01 })',
  weightDecay: 'put the decay before it: chain(decayWeights(0.001), sgd({ rate: 0.1 }))',
} as const;

/**
 * Gradient descent: w ← w − η g (Cauchy, 1847). On a smooth convex objective it converges for
 * η < 2/L, L the largest eigenvalue of the Hessian. Without a rate it finds one at every step, from the
 * curvature it meets: `adgd`, for whole objectives only.
 *
 * ```ts
 * minimize(f, x0, { method: gradientDescent() });
 * train({ loss, params, optimizer: gradientDescent({ rate: 0.1 }), epochs: 100 });
 * ```
 */
export function gradientDescent(settings: DescentSettings): Stepper<null>;
export function gradientDescent(settings?: { readonly rate?: undefined }): Stepper<AdgdState>;
export function gradientDescent(
  settings: { readonly rate?: Rate | undefined } = {},
): Stepper<null> | Stepper<AdgdState> {
  const { rate } = settle('gradientDescent', settings, adaptiveSpec, { foreign });
  return rate === undefined
    ? named('gradientDescent', adgd())
    : named('gradientDescent', descent('gradientDescent', rate));
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
export function sgd(settings: DescentSettings): Stepper<null> {
  const { rate } = settle('sgd', settings, descentSpec, { foreign });
  return named('sgd', descent('sgd', rate));
}
