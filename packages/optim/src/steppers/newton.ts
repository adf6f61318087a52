import { settle } from '@steepest/ground';
import { solveModified } from '../linear-algebra/modified-cholesky.ts';
import type { Stepper } from '../stepper.ts';
import { overColumns } from './columns.ts';
import { type LineSearchSettings, lineSearch, lineSearchSpec, noDescent } from './line-search.ts';

/**
 * Newton's method: the step −(H + E)⁻¹g with a modified Cholesky factorization, E = 0 where the Hessian H
 * is positive definite (Gill, Murray & Wright, 1981), shortened to satisfy the strong Wolfe conditions.
 *
 * Forms the Hessian, N gradients' work and N³/6 operations a step: for some hundred parameters. Throws
 * a LineSearchError where no step lowers f.
 *
 * ```ts
 * minimize(f, x0, { method: newton() });
 * ```
 */
export function newton(settings: LineSearchSettings = {}): Stepper<{ readonly rate: number }> {
  const search = settle('newton', settings, lineSearchSpec);
  return overColumns<{ readonly rate: number }>({
    name: 'newton',
    settings: () => search,
    init: () => ({ rate: 0 }),
    *search(g, state, x, at) {
      if (g.every((gi) => gi === 0)) return [g.slice(), state];
      const { curvature } = yield { x, curvature: true };
      const direction = solveModified(curvature?.data as Float64Array, g).map((d) => -d);
      const found = yield* lineSearch(direction, 1, g, x, at.value, search);
      if (found === undefined) throw noDescent('newton');
      return [found.change, { rate: found.rate }];
    },
    learningRate: (state) => state.rate,
  });
}
