import { positive, show } from '../checks.ts';
import { knownOptions } from '../known-options.ts';
import type { Stepper } from '../stepper.ts';
import { dot, times } from '../vectors.ts';
import type { RateState } from './scale.ts';

/**
 * Polyak's step: u = −η g, η = min((f(w) − minimum)/‖∇f(w)‖², maxRate), for objectives whose minimum
 * is known (0 where a model can fit its data exactly) (Polyak, 1969). At or below `minimum` it
 * stands still.
 *
 * ```ts
 * minimize(f, x0, { method: polyakStep({ minimum: 0 }) });
 * ```
 */
export function polyakStep(
  settings: { minimum?: number | undefined; maxRate?: number | undefined } = {},
): Stepper<RateState> {
  const known = { minimum: true, maxRate: true } as const;
  knownOptions('polyakStep', settings, known, { example: 'polyakStep({ minimum: 0 })' });
  const { minimum = 0, maxRate = Infinity } = settings;
  if (!Number.isFinite(minimum)) {
    throw new RangeError(`polyakStep: minimum must be a finite number, got ${show(minimum)}`);
  }
  if (maxRate !== Infinity) positive('polyakStep', 'maxRate', maxRate);
  return {
    name: 'polyakStep',
    init: () => ({ rate: 0 }),
    step(gradient, _, _params, at) {
      const excess = Math.max(at.value - minimum, 0);
      const squares = dot(at.gradient, at.gradient);
      const rate = squares === 0 ? 0 : Math.min(excess / squares, maxRate);
      return [times(-rate, gradient), { rate }];
    },
    learningRate: (state) => state.rate,
  };
}
