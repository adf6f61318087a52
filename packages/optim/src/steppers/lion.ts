import { add, mul, sign, type Tree } from '@steepest/autodiff';
import { fraction, nonNegative, type Spec, settle } from '@steepest/ground';
import { entrywise, zerosLike } from '../leaves.ts';
import { type Rate, rateOr } from '../rate.ts';
import type { Stepper } from '../stepper.ts';
import { chain } from './chain.ts';
import { decayWeights } from './decay-weights.ts';
import { each } from './each.ts';
import { type Mask, maskOption } from './masked.ts';
import { averaged, movingAverage } from './moving-average.ts';
import { named } from './part.ts';
import { descent } from './scale.ts';

/** A moving average of the gradients. */
export interface LionState {
  readonly average: Tree;
}

/** What the direction (b₁ 0.9) and the average (b₂ 0.99) keep of the past. */
export interface BySignSettings {
  readonly b1?: number | undefined;
  readonly b2?: number | undefined;
}

const bySignSpec = { b1: fraction(0.9), b2: fraction(0.99) } satisfies Spec<BySignSettings>;

/**
 * Lion's direction: u = sign(b₁m + (1 − b₁)g), then m ← b₂m + (1 − b₂)g; sign(0) = 0 (Chen et al.,
 * 2023). b₁ is 0.9 and b₂ 0.99 unless given.
 *
 * ```ts
 * chain(bySign(), descend(0.001));
 * ```
 */
export function bySign(settings: BySignSettings = {}): Stepper<LionState> {
  const { b1, b2 } = settle('bySign', settings, bySignSpec);
  return {
    name: 'bySign',
    kind: 'direction',
    settings: () => ({ b1, b2 }),
    init: (params) => ({ average: zerosLike(params) }),
    update: (gradient, { average }) => [
      each((g, m) => sign(add(mul(1 - b1, g), mul(b1, m))), gradient, average),
      { average: averaged(b2, average, gradient, 1) },
    ],
    step(gradient, state) {
      const direction = entrywise(
        (out, g, m) => {
          for (let i = 0; i < out.length; i++) out[i] = Math.sign((1 - b1) * g[i] + b1 * m[i]);
        },
        gradient,
        state.average,
      );
      return [direction, { average: movingAverage(b2, state.average, gradient, 1) }];
    },
  };
}

/** A learning rate (1e-4), the memories, how fast weights shrink (0), and which leaves do (all). */
export interface LionSettings extends BySignSettings {
  readonly rate?: Rate | undefined;
  readonly decay?: number | undefined;
  readonly mask?: Mask | undefined;
}

const lionSpec = {
  rate: rateOr(1e-4),
  ...bySignSpec,
  decay: nonNegative(0),
  mask: maskOption,
} satisfies Spec<LionSettings>;

/**
 * Lion: w ← w − η (sign(b₁m + (1 − b₁)g) + decay · w), m ← b₂m + (1 − b₂)g (Chen et al., 2023, as in
 * Optax). Every entry moves by η: use a rate 3 to 10 times below Adam's. Rate 1e-4, decay 0 unless
 * given.
 *
 * ```ts
 * lion({ rate: 0.0003, decay: 0.1 });
 * ```
 */
export function lion(settings: LionSettings = {}): Stepper<readonly [LionState, unknown, null]> {
  const { rate, decay, mask, ...rest } = settle('lion', settings, lionSpec);
  return named('lion', chain(bySign(rest), decayWeights(decay, mask), descent('lion', rate)));
}
