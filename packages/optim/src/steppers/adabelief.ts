import { add, div, mul, type Operand, square, sub, where } from '@steepest/autodiff';
import { nonNegative, type Spec, settle } from '@steepest/ground';
import { zerosLike } from '../leaves.ts';
import type { Stepper } from '../stepper.ts';
import { type AdamSettings, adamSpec, correctionsAt, type MomentsState, sizeOf } from './adam.ts';
import { chain } from './chain.ts';
import { each } from './each.ts';
import { averaged } from './moving-average.ts';
import { named } from './part.ts';
import { descent } from './scale.ts';

const adabeliefSpec: Spec<AdamSettings, keyof AdamSettings> = {
  ...adamSpec,
  epsilon: nonNegative(1e-16),
};

/**
 * Adam with the variance of the gradient about its own average, s ← b₂s + (1 − b₂)(g − m)² + ε, in the
 * place of its second moment: long steps where gradients agree with what was expected (Zhuang et al.,
 * *AdaBelief*, 2020; as in Optax, ε (1e-16) both under and beside the root).
 *
 * ```ts
 * adabelief({ rate: 0.01 });
 * ```
 */
export function adabelief(settings: AdamSettings = {}): Stepper<readonly [MomentsState, null]> {
  const { rate, b1, b2, epsilon } = settle('adabelief', settings, adabeliefSpec);
  const direction: Stepper<MomentsState> = {
    name: 'byBelief',
    kind: 'direction',
    settings: () => ({ b1, b2, epsilon }),
    init: (params) => ({ first: zerosLike(params), second: zerosLike(params) }),
    numbers: (step) => correctionsAt(step, b1, b2),
    update(gradient, state, _params, [correction, root]) {
      const first = averaged(b1, state.first, gradient, 1);
      const second = each(
        (s, g, m) => add(add(mul(b2, s), mul(1 - b2, square(sub(g, m)))), epsilon),
        state.second,
        gradient,
        first,
      );
      const ratio = (m: Operand, s: Operand) =>
        where(m, div(div(m, correction), sizeOf(s, root, epsilon)), 0);
      return [each(ratio, first, second), { first, second }];
    },
    metric: ({ second }, [, root]) => each((s) => div(1, sizeOf(s, root, epsilon)), second),
  };
  return named('adabelief', chain(direction, descent('adabelief', rate)));
}
