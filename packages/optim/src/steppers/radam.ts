import { add, div, mul, type Operand, sqrt, where } from '@steepest/autodiff';
import { settle } from '@steepest/ground';
import { zerosLike } from '../leaves.ts';
import type { Stepper } from '../stepper.ts';
import { type AdamSettings, adamSpec, type MomentsState } from './adam.ts';
import { chain } from './chain.ts';
import { each } from './each.ts';
import { averaged } from './moving-average.ts';
import { named } from './part.ts';
import { descent } from './scale.ts';

/**
 * Adam with a rectified start: while the second moment rests on too few gradients its variance has no
 * bound, and the step is momentum's; later it is Adam's times
 * r = √((ρ − 4)(ρ − 2)ρ∞ / ((ρ∞ − 4)(ρ∞ − 2)ρ)), ρ = ρ∞ − 2tb₂ᵗ/(1 − b₂ᵗ), ρ∞ = 2/(1 − b₂) − 1 (Liu et
 * al., *On the variance of the adaptive learning rate and beyond*, 2020). In the form of PyTorch's RAdam.
 *
 * ```ts
 * radam({ rate: 0.01 }); // needs no warm-up
 * ```
 */
export function radam(settings: AdamSettings = {}): Stepper<readonly [MomentsState, null]> {
  const { rate, b1, b2, epsilon } = settle('radam', settings, adamSpec);
  const direction: Stepper<MomentsState> = {
    name: 'byRectifiedMoments',
    kind: 'direction',
    settings: () => ({ b1, b2, epsilon }),
    init: (params) => ({ first: zerosLike(params), second: zerosLike(params) }),
    numbers: (step) => [1 - b1 ** (step + 1), ...rectification(step + 1, b2)],
    update(gradient, state, _params, [correction, rectified, factor]) {
      const first = averaged(b1, state.first, gradient, 1);
      const second = averaged(b2, state.second, gradient, 2);
      const ratio = (m: Operand, s: Operand) => {
        const mean = div(m, correction);
        const adaptive = div(mul(factor, mean), add(sqrt(s), epsilon));
        return where(m, where(rectified, adaptive, mean), 0);
      };
      return [each(ratio, first, second), { first, second }];
    },
    metric: ({ second }, [, rectified, factor]) =>
      each((s) => where(rectified, div(factor, add(sqrt(s), epsilon)), 1), second),
  };
  return named('radam', chain(direction, descent('radam', rate)));
}

/** Whether the second moment may be used, and r √(1 − b₂ᵗ). */
function rectification(t: number, b2: number): readonly [number, number] {
  const most = 2 / (1 - b2) - 1;
  const power = b2 ** t;
  const length = most - (2 * t * power) / (1 - power);
  if (!(length > 5)) return [0, 1];
  const share = ((length - 4) * (length - 2) * most) / ((most - 4) * (most - 2) * length);
  return [1, Math.sqrt(share * (1 - power))];
}
