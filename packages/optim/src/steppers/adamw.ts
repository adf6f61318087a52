import { nonNegative, type Spec, settle } from '@steepest/ground';
import type { Stepper } from '../stepper.ts';
import { type AdamSettings, adamSpec, byMoments, type MomentsState } from './adam.ts';
import { chain } from './chain.ts';
import { decayWeights } from './decay-weights.ts';
import { type Mask, maskOption } from './masked.ts';
import { named } from './part.ts';
import { descent } from './scale.ts';

/** Adam's settings, how fast weights shrink (0.01), and which leaves do (all). */
export interface AdamwSettings extends AdamSettings {
  readonly decay?: number | undefined;
  readonly mask?: Mask | undefined;
}

const adamwSpec = {
  ...adamSpec,
  decay: nonNegative(0.01),
  mask: maskOption,
} satisfies Spec<AdamwSettings>;

/**
 * AdamW: Adam with decoupled weight decay, w ← w − η (m̂/(√ŝ + ε) + decay · w) (Loshchilov & Hutter,
 * 2019). Decay 0.01 unless given, everything else as for `adam`; `mask` says which leaves decay.
 *
 * ```ts
 * adamw({ rate: 0.001, decay: 0.1, mask: (path) => path !== 'b' });
 * ```
 */
export function adamw(
  settings: AdamwSettings = {},
): Stepper<readonly [MomentsState, unknown, null]> {
  const { rate, decay, mask, ...moments } = settle('adamw', settings, adamwSpec);
  return named(
    'adamw',
    chain(byMoments(moments), decayWeights(decay, mask), descent('adamw', rate)),
  );
}
