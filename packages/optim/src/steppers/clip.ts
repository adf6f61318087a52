import { positive } from '../checks.ts';
import { entrywise } from '../leaves.ts';
import type { Stepper } from '../stepper.ts';
import { norm } from '../vectors.ts';
import { stateless } from './part.ts';

/**
 * Keeps every entry within [−limit, limit]: u = min(max(g, −limit), limit).
 *
 * ```ts
 * chain(clipByValue(0.5), accumulate(0.9), descend(0.1));
 * ```
 */
export function clipByValue(limit: number): Stepper<null> {
  positive('clipByValue', 'limit', limit);
  return stateless('clipByValue', (gradient) =>
    entrywise((out, g) => {
      for (let i = 0; i < out.length; i++) out[i] = Math.min(Math.max(g[i], -limit), limit);
    }, gradient),
  );
}

/**
 * Shortens the gradient of all parameters together, keeping its direction:
 * u = g · min(1, limit/‖g‖₂) (Pascanu, Mikolov & Bengio, 2013).
 *
 * ```ts
 * chain(clipByGlobalNorm(1), byMoments(), descend(0.001));
 * ```
 */
export function clipByGlobalNorm(limit: number): Stepper<null> {
  positive('clipByGlobalNorm', 'limit', limit);
  return stateless('clipByGlobalNorm', (gradient) => {
    const length = norm(gradient);
    if (!(length > limit)) return gradient;
    return entrywise((out, g) => {
      for (let i = 0; i < out.length; i++) out[i] = (g[i] / length) * limit;
    }, gradient);
  });
}
