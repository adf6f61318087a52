import {
  add,
  div,
  minimum,
  mul,
  neg,
  type Operand,
  sqrt,
  sub,
  type Tree,
  where,
} from '@steepest/autodiff';
import { zerosLike } from '../leaves.ts';
import type { Stepper } from '../stepper.ts';
import { each } from './each.ts';
import { euclideanNorm } from './tree-sums.ts';

/** The last point and gradient, the rate that led from it, and by what that grew. */
export interface AdgdState {
  readonly params: Tree;
  readonly gradient: Tree;
  readonly rate: number;
  readonly growth: number;
}

/** The first step goes so far, as a share of 1 + ‖x‖: it only probes the curvature. */
const firstShare = 1e-6;

/**
 * Gradient descent that finds its rate by itself, from the curvature it meets: λₖ = min(√(1 + θₖ₋₁) λₖ₋₁,
 * ‖xₖ − xₖ₋₁‖ / (2‖gₖ − gₖ₋₁‖)) with θₖ = λₖ/λₖ₋₁ (Malitsky & Mishchenko, *Adaptive gradient descent
 * without descent*, 2020). Converges for every convex function with a locally Lipschitz gradient: no
 * rate, no line search, no value of the function.
 *
 * Compares gradients of successive steps, so it wants the whole objective; refused with minibatches. The
 * first two differ in their last ten digits only, so engines that round otherwise agree to 1e-10.
 *
 * ```ts
 * minimize(f, x0, { method: gradientDescent() });
 * ```
 */
export function adgd(): Stepper<AdgdState> {
  return {
    name: 'adgd',
    whole: true,
    init: (params) => ({
      params: zerosLike(params),
      gradient: zerosLike(params),
      rate: 0,
      growth: 0,
    }),
    numbers: (step) => [step === 0 ? 1 : 0],
    update(g, state, params, [first]) {
      const moved = euclideanNorm(each(sub, params, state.params));
      const turned = euclideanNorm(each(sub, g, state.gradient));
      // θ starts as ∞: the second step is as long as the curvature allows.
      const known = mul(sqrt(add(1, state.growth)), state.rate);
      const curved = div(moved, mul(2, turned));
      const probe = div(mul(firstShare, add(1, euclideanNorm(params))), euclideanNorm(g));
      const later = where(turned, where(state.growth, minimum(known, curved), curved), known);
      const rate = where(first, probe, later);
      const growth = where(first, 0, div(rate, state.rate));
      const change = each((x: Operand) => mul(neg(rate), x), g);
      return [change, { params, gradient: g, rate, growth }];
    },
    metric: (state) => state.rate,
    learningRate: (state) => state.rate,
  };
}
