import { argument, positive, required } from '@steepest/ground';
import type { Answer, Ask } from '../place/ask.ts';
import type { Stepper } from '../stepper.ts';
import { norm, plus, times } from '../vectors.ts';

/**
 * Sharpness-aware minimization: the gradient at w + ρ g/‖g‖, where the loss of this batch is worst nearby,
 * in the place of the one at w (Foret et al., 2021). The first link of a chain; two gradients a step.
 *
 * ```ts
 * chain(sharpnessAware(0.05), momentum({ rate: 0.1 }));
 * ```
 */
export function sharpnessAware(radius: number): Stepper<null> {
  argument('sharpnessAware', 'radius', radius, required(positive(0.05)));
  return {
    name: 'sharpnessAware',
    kind: 'direction',
    settings: () => ({ radius }),
    init: () => null,
    *search<P>(
      gradient: P,
      state: null,
      params: P,
    ): Generator<readonly [P, Ask<P>], readonly [P, null], Answer<P>> {
      const length = norm(gradient);
      if (!(length > 0)) return [gradient, state];
      const uphill = plus(params, times(radius / length, gradient));
      const there = yield [uphill, { over: 'batch', gradient: true }];
      return [there.gradient as P, state];
    },
  };
}
