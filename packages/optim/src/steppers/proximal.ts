import { add, sub } from '@steepest/autodiff';
import { argument, required, type Spec, settle } from '@steepest/ground';
import { penaltyOption } from '../penalties/option.ts';
import { gradientMapping, penaltyOf, proxOf } from '../penalties/over-trees.ts';
import type { Penalty } from '../penalties/penalty.ts';
import { type Rate, rateOption } from '../rate.ts';
import type { Stepper } from '../stepper.ts';
import { chain } from './chain.ts';
import { each } from './each.ts';
import { named } from './part.ts';
import { descent } from './scale.ts';

/**
 * A proximal step after the descent: w⁺ = prox(w + u) with the step that the descent took, so that the
 * chain minimizes the loss plus the penalty (Parikh & Boyd, *Proximal algorithms*, 2014). Behind Adam and
 * the like, whose step differs from entry to entry, only separable penalties.
 *
 * Reports and stopping count the penalty in, and measure w − prox(w − ∇f) in the place of the gradient.
 *
 * ```ts
 * chain(adam({ rate: 0.01 }), proximal(l1(0.01)));
 * chain(sgd({ rate: 0.1 }), masked(proximal(l1(0.01)), (path) => path !== 'b'));
 * ```
 */
export function proximal(penalty: Penalty): Stepper<null> {
  argument('proximal', 'penalty', penalty, required(penaltyOption));
  return {
    name: `proximal(${penalty.name})`,
    kind: 'after',
    init: () => null,
    update(change, state, params, _numbers, at) {
      const pulled = proxOf(penalty, each(add, params, change), at.metric?.() ?? 1);
      return [each(sub, pulled, params), state];
    },
    penalty: (params) => penaltyOf(penalty, params),
    stationarity: (gradient, params) => gradientMapping(penalty, gradient, params),
  };
}

/** What is added to the loss, and the learning rate: at most 1/L for a loss with curvature up to L. */
export interface IstaSettings {
  readonly penalty: Penalty;
  readonly rate: Rate;
}

const istaSpec = {
  penalty: required(penaltyOption),
  rate: required(rateOption),
} satisfies Spec<IstaSettings>;

/**
 * Proximal gradient descent, w⁺ = prox(w − η∇f): iterative soft thresholding for an l1 penalty
 * (Daubechies, Defrise & De Mol, 2004).
 *
 * ```ts
 * minimize(f, x0, { method: ista({ penalty: l1(0.1), rate: 0.01 }) });
 * ```
 */
export function ista(settings: IstaSettings): Stepper<readonly [null, null]> {
  const { penalty, rate } = settle('ista', settings, istaSpec);
  return named(`ista(${penalty.name})`, chain(descent('ista', rate), proximal(penalty)));
}
