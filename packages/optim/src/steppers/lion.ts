import type { Tree } from '@steepest/autodiff';
import { fraction, type Rate } from '../checks.ts';
import { knownOptions } from '../known-options.ts';
import { entrywise, zerosLike } from '../leaves.ts';
import type { Stepper } from '../stepper.ts';
import { chain } from './chain.ts';
import { decayWeights } from './decay-weights.ts';
import type { Mask } from './masked.ts';
import { movingAverage } from './moving-average.ts';
import { named } from './part.ts';
import { descent, type RateState } from './scale.ts';

/** A moving average of the gradients. */
export interface LionState {
  readonly average: Tree;
}

/**
 * Lion's direction: u = sign(b₁m + (1 − b₁)g), then m ← b₂m + (1 − b₂)g; sign(0) = 0 (Chen et al.,
 * 2023). b₁ is 0.9 and b₂ 0.99 unless given.
 *
 * ```ts
 * chain(bySign(), descend(0.001));
 * ```
 */
export function bySign(
  settings: { b1?: number | undefined; b2?: number | undefined } = {},
): Stepper<LionState> {
  knownOptions('bySign', settings, { b1: true, b2: true });
  const b1 = fraction('lion', 'b1', settings.b1 ?? 0.9);
  const b2 = fraction('lion', 'b2', settings.b2 ?? 0.99);
  return {
    name: 'bySign',
    init: (params) => ({ average: zerosLike(params) }),
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

/**
 * Lion: w ← w − η (sign(b₁m + (1 − b₁)g) + decay · w), m ← b₂m + (1 − b₂)g (Chen et al., 2023, as in
 * Optax). Every entry moves by η: use a rate 3 to 10 times below Adam's. Rate 1e-4, decay 0 unless
 * given.
 *
 * ```ts
 * lion({ rate: 0.0003, decay: 0.1 });
 * ```
 */
export function lion(
  settings: {
    rate?: Rate | undefined;
    b1?: number | undefined;
    b2?: number | undefined;
    decay?: number | undefined;
    mask?: Mask | undefined;
  } = {},
): Stepper<readonly [LionState, unknown, RateState]> {
  const known = { rate: true, b1: true, b2: true, decay: true, mask: true } as const;
  knownOptions('lion', settings, known, { example: 'lion({ rate: 0.0001 })' });
  const { rate = 1e-4, decay = 0, mask, ...average } = settings;
  return named('lion', chain(bySign(average), decayWeights(decay, mask), descent('lion', rate)));
}
