import { add, div, greater, mul, sqrt, square, sub, type Tree, where } from '@steepest/autodiff';
import { positive, required, type Spec, settle } from '@steepest/ground';
import { copyOf } from '../leaves.ts';
import { penaltyOption } from '../penalties/option.ts';
import { gradientMapping, penaltyOf, proxOf } from '../penalties/over-trees.ts';
import type { Penalty } from '../penalties/penalty.ts';
import type { Stepper } from '../stepper.ts';
import { each } from './each.ts';
import { innerProduct } from './tree-sums.ts';

/** The point of the last proximal step, and Nesterov's t. */
export interface FistaState {
  readonly point: Tree;
  readonly t: number;
}

/** What is added to the loss, and the rate: at most 1/L for a loss with curvature up to L. */
export interface FistaSettings {
  readonly penalty: Penalty;
  readonly rate: number;
}

const fistaSpec = {
  penalty: required(penaltyOption),
  rate: required(positive()),
} satisfies Spec<FistaSettings>;

/**
 * FISTA (Beck & Teboulle, 2009): x⁺ = prox(y − η∇f(y)), y⁺ = x⁺ + ((t − 1)/t⁺)(x⁺ − x) with
 * t⁺ = (1 + √(1 + 4t²))/2, begun anew where ⟨y − x⁺, x⁺ − x⟩ > 0: where the momentum points uphill
 * (O'Donoghue & Candès, 2015), which makes it linear on strongly convex losses without knowing μ.
 *
 * The parameters of the run are the points y; its answer is x.
 *
 * ```ts
 * minimize(f, x0, { method: fista({ penalty: l1(0.1), rate: 0.01 }) });
 * ```
 */
export function fista(settings: FistaSettings): Stepper<FistaState> {
  const { penalty, rate } = settle('fista', settings, fistaSpec);
  return {
    name: `fista(${penalty.name})`,
    whole: true,
    settings: () => ({ rate }),
    init: (params) => ({ point: copyOf(params), t: 1 }),
    update(gradient, { point, t }, y) {
      const next = proxOf(
        penalty,
        each((w, g) => sub(w, mul(rate, g)), y, gradient),
        rate,
      );
      const moved = each(sub, next, point);
      const uphill = greater(innerProduct(each(sub, y, next), moved), 0);
      const following = div(add(1, sqrt(add(1, mul(4, square(t))))), 2);
      const share = where(uphill, 0, div(sub(t, 1), following));
      const change = each((x, m, w) => sub(add(x, mul(share, m)), w), next, moved, y);
      return [change, { point: next, t: where(uphill, 1, following) }];
    },
    rate: () => rate,
    answer: (state) => state.point as never,
    penalty: (params) => penaltyOf(penalty, params),
    stationarity: (gradient, params) => gradientMapping(penalty, gradient, params),
  };
}
