import type { Tree } from '@steepest/autodiff';
import type { Rate } from '../checks.ts';
import { knownOptions } from '../known-options.ts';
import { entrywise, zerosLike } from '../leaves.ts';
import type { Stepper } from '../stepper.ts';
import { times } from '../vectors.ts';
import {
  type MomentsSettings,
  type MomentsState,
  momentsOptions,
  momentsRatio,
  momentsSettings,
} from './adam.ts';
import { chain } from './chain.ts';
import { movingAverage } from './moving-average.ts';
import { named } from './part.ts';
import { descent, type RateState } from './scale.ts';

/** Adam's moments and the largest second moment so far. */
export interface LargestMomentState extends MomentsState {
  readonly largest: Tree;
}

/** Whether the maximum is taken before or after the correction for the moments' start at 0. */
export interface AmsgradSettings extends MomentsSettings {
  readonly maximumOf?: 'raw' | 'corrected' | undefined;
}

const amsgradOptions = { ...momentsOptions, maximumOf: true } as const;

/**
 * AMSGrad's direction: Adam's with the largest second moment so far, u = m̂/(√ẑ + ε). The maximum
 * is of the raw moments, z = max s, ẑ = z/(1 − b₂ᵗ), as in PyTorch, or of the corrected ones,
 * ẑ = max ŝ, as in Optax (Reddi, Kale & Kumar, 2018).
 *
 * ```ts
 * chain(byLargestMoment({ maximumOf: 'corrected' }), descend(0.001));
 * ```
 */
export function byLargestMoment(settings: AmsgradSettings = {}): Stepper<LargestMomentState> {
  knownOptions('byLargestMoment', settings, amsgradOptions);
  const { b1, b2, epsilon } = momentsSettings('amsgrad', settings);
  const corrected = settings.maximumOf === 'corrected';
  return {
    name: 'byLargestMoment',
    init: (params) => ({
      count: 0,
      first: zerosLike(params),
      second: zerosLike(params),
      largest: zerosLike(params),
    }),
    step<P>(gradient: P, state: LargestMomentState) {
      const count = state.count + 1;
      const correction = 1 - b2 ** count;
      const first = movingAverage(b1, state.first as P, gradient, 1);
      const second = movingAverage(b2, state.second, gradient, 2);
      const candidate = corrected ? times(1 / correction, second) : second;
      const largest = larger(state.largest, candidate);
      const still = corrected ? 1 : correction;
      const direction = momentsRatio(first, largest, 1 - b1 ** count, still, epsilon);
      return [direction, { count, first, second, largest }];
    },
  };
}

/**
 * AMSGrad: Adam whose step sizes never grow again, w ← w − η m̂/(√ẑ + ε), z the largest second
 * moment so far (Reddi, Kale & Kumar, 2018; PyTorch's convention). Defaults as for `adam`.
 *
 * ```ts
 * amsgrad({ rate: 0.01 });
 * ```
 */
export function amsgrad(
  settings: { rate?: Rate | undefined } & AmsgradSettings = {},
): Stepper<readonly [LargestMomentState, RateState]> {
  const example = 'amsgrad({ rate: 0.001 })';
  knownOptions('amsgrad', settings, { rate: true, ...amsgradOptions }, { example });
  const { rate = 0.001, ...moments } = settings;
  return named('amsgrad', chain(byLargestMoment(moments), descent('amsgrad', rate)));
}

function larger<T>(a: T, b: Tree): T {
  return entrywise(
    (out, x, y) => {
      for (let i = 0; i < out.length; i++) out[i] = Math.max(x[i], y[i]);
    },
    a,
    b,
  );
}
