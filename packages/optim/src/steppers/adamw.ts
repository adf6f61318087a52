import type { Rate } from '../checks.ts';
import { knownOptions } from '../known-options.ts';
import type { Stepper } from '../stepper.ts';
import { byMoments, type MomentsSettings, type MomentsState, momentsOptions } from './adam.ts';
import { chain } from './chain.ts';
import { decayWeights } from './decay-weights.ts';
import type { Mask } from './masked.ts';
import { named } from './part.ts';
import { descent, type RateState } from './scale.ts';

/**
 * AdamW: Adam with decoupled weight decay, w ← w − η (m̂/(√ŝ + ε) + decay · w) (Loshchilov & Hutter,
 * 2019). Decay 0.01 unless given, everything else as for `adam`; `mask` says which leaves decay.
 *
 * ```ts
 * adamw({ rate: 0.001, decay: 0.1, mask: (path) => path !== 'b' });
 * ```
 */
export function adamw(
  settings: {
    rate?: Rate | undefined;
    decay?: number | undefined;
    mask?: Mask | undefined;
  } & MomentsSettings = {},
): Stepper<readonly [MomentsState, unknown, RateState]> {
  const known = { rate: true, decay: true, mask: true, ...momentsOptions } as const;
  knownOptions('adamw', settings, known, { example: 'adamw({ rate: 0.001 })' });
  const { rate = 0.001, decay = 0.01, mask, ...moments } = settings;
  return named(
    'adamw',
    chain(byMoments(moments), decayWeights(decay, mask), descent('adamw', rate)),
  );
}
