import {
  add,
  div,
  leavesOf,
  minimum as lesser,
  maximum,
  mul,
  neg,
  type Operand,
  square,
  sub,
  sum,
  where,
} from '@steepest/autodiff';
import { either, finite, infinite, positive, type Spec, settle } from '@steepest/ground';
import type { Stepper } from '../stepper.ts';
import { dot, times } from '../vectors.ts';
import type { RateState } from './armijo.ts';
import { each } from './each.ts';

/** The objective's minimum (0), the largest rate that is used (Infinity), and by what it is divided (1). */
export interface PolyakStepSettings {
  readonly minimum?: number | undefined;
  readonly maxRate?: number | undefined;
  readonly share?: number | undefined;
}

const polyakSpec = {
  minimum: finite(0),
  maxRate: either(positive(), infinite(), Infinity),
  share: positive(1),
} satisfies Spec<PolyakStepSettings>;

/**
 * Polyak's step: u = −η g, η = min((f(w) − minimum)/(share ‖∇f(w)‖²), maxRate), for objectives whose minimum
 * is known (0 where a model can fit its data exactly) (Polyak, 1969). With minibatches it is the
 * stochastic Polyak step, which needs a maxRate, and likes a share of ½ (Loizou et al., 2021). At or below
 * `minimum` it stands still.
 *
 * ```ts
 * minimize(f, x0, { method: polyakStep({ minimum: 0 }) });
 * ```
 */
export function polyakStep(settings: PolyakStepSettings = {}): Stepper<RateState> {
  const { minimum, maxRate, share } = settle('polyakStep', settings, polyakSpec);
  return {
    name: 'polyakStep',
    kind: 'descent',
    settings: () => ({ minimum, maxRate: String(maxRate), share }),
    init: () => ({ rate: 0 }),
    update(gradient, _state, _params, _numbers, at) {
      const excess = maximum(sub(at.value, minimum), 0);
      const squares = leavesOf(at.gradient)
        .map(({ leaf }): Operand => sum(square(leaf)))
        .reduce((a, b) => add(a, b));
      const rate = where(squares, lesser(div(excess, mul(share, squares)), maxRate), 0);
      return [each((g) => mul(neg(rate), g), gradient), { rate }];
    },
    step(gradient, _state, _params, at) {
      const excess = Math.max(at.value - minimum, 0);
      const squares = dot(at.gradient, at.gradient);
      const rate = squares === 0 ? 0 : Math.min(excess / (share * squares), maxRate);
      return [times(-rate, gradient), { rate }];
    },
    metric: (state) => state.rate,
    learningRate: (state) => state.rate,
  };
}
