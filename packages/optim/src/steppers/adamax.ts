import type { Tree } from '@steepest/autodiff';
import type { Rate } from '../checks.ts';
import { knownOptions } from '../known-options.ts';
import { entrywise, zerosLike } from '../leaves.ts';
import type { Stepper } from '../stepper.ts';
import { type MomentsSettings, momentsOptions, momentsSettings } from './adam.ts';
import { chain } from './chain.ts';
import { movingAverage } from './moving-average.ts';
import { named } from './part.ts';
import { descent, type RateState } from './scale.ts';

/** The moving average of the gradient and the decaying maximum of its size. */
export interface LargestGradientState {
  readonly count: number;
  readonly first: Tree;
  readonly largest: Tree;
}

/**
 * Adamax's direction: m ← b₁m + (1 − b₁)g, z ← max(b₂z, |g| + ε), u = m̂/z with m̂ = m/(1 − b₁ᵗ)
 * (Kingma & Ba, 2015, algorithm 2; ε where PyTorch and Optax add it).
 *
 * ```ts
 * chain(byLargestGradient(), descend(0.002)); // adamax
 * ```
 */
export function byLargestGradient(settings: MomentsSettings = {}): Stepper<LargestGradientState> {
  knownOptions('byLargestGradient', settings, momentsOptions);
  const { b1, b2, epsilon } = momentsSettings('adamax', settings);
  return {
    name: 'byLargestGradient',
    init: (params) => ({ count: 0, first: zerosLike(params), largest: zerosLike(params) }),
    step<P>(gradient: P, state: LargestGradientState) {
      const count = state.count + 1;
      const first = movingAverage(b1, state.first as P, gradient, 1);
      const largest = entrywise(
        (out, z, g) => {
          for (let i = 0; i < out.length; i++)
            out[i] = Math.max(b2 * z[i], Math.abs(g[i]) + epsilon);
        },
        state.largest,
        gradient,
      );
      const correction = 1 - b1 ** count;
      const direction = entrywise(
        (out, m, z) => {
          for (let i = 0; i < out.length; i++) out[i] = m[i] === 0 ? 0 : m[i] / correction / z[i];
        },
        first,
        largest,
      );
      return [direction, { count, first, largest }];
    },
  };
}

/**
 * Adamax: Adam with the largest gradient, slowly forgotten, in the place of the second moment:
 * w ← w − η m̂/z (Kingma & Ba, 2015). Rate 0.002 unless given, everything else as for `adam`.
 *
 * ```ts
 * adamax({ rate: 0.002 });
 * ```
 */
export function adamax(
  settings: { rate?: Rate | undefined } & MomentsSettings = {},
): Stepper<readonly [LargestGradientState, RateState]> {
  const example = 'adamax({ rate: 0.002 })';
  knownOptions('adamax', settings, { rate: true, ...momentsOptions }, { example });
  const { rate = 0.002, ...moments } = settings;
  return named('adamax', chain(byLargestGradient(moments), descent('adamax', rate)));
}
