import type { Tree } from '@steepest/autodiff';
import { fraction, nonNegative, type Rate } from '../checks.ts';
import { knownOptions } from '../known-options.ts';
import { entrywise, zerosLike } from '../leaves.ts';
import type { Stepper } from '../stepper.ts';
import { chain } from './chain.ts';
import { movingAverage } from './moving-average.ts';
import { named } from './part.ts';
import { descent, type RateState } from './scale.ts';

/** Moving averages of the gradient and of its square, and how many gradients went into them. */
export interface MomentsState {
  readonly count: number;
  readonly first: Tree;
  readonly second: Tree;
}

/** Decay of the first and second moment, and what keeps the division from 0. */
export interface MomentsSettings {
  readonly b1?: number | undefined;
  readonly b2?: number | undefined;
  readonly epsilon?: number | undefined;
}

export const momentsOptions = { b1: true, b2: true, epsilon: true } as const;

/**
 * Adam's direction: m ← b₁m + (1 − b₁)g, s ← b₂s + (1 − b₂)g², u = m̂/(√ŝ + ε) with
 * m̂ = m/(1 − b₁ᵗ), ŝ = s/(1 − b₂ᵗ), t from 1 (Kingma & Ba, 2015, algorithm 1).
 *
 * ```ts
 * chain(byMoments(), decayWeights(0.01), descend(0.001)); // adamw
 * ```
 */
export function byMoments(settings: MomentsSettings = {}): Stepper<MomentsState> {
  knownOptions('byMoments', settings, momentsOptions);
  const { b1, b2, epsilon } = momentsSettings('adam', settings);
  return {
    name: 'byMoments',
    init: (params) => ({ count: 0, first: zerosLike(params), second: zerosLike(params) }),
    step<P>(gradient: P, state: MomentsState) {
      const count = state.count + 1;
      const first = movingAverage(b1, state.first as P, gradient, 1);
      const second = movingAverage(b2, state.second, gradient, 2);
      const direction = momentsRatio(first, second, 1 - b1 ** count, 1 - b2 ** count, epsilon);
      return [direction, { count, first, second }];
    },
  };
}

/**
 * Adam: w ← w − η m̂/(√ŝ + ε), moments corrected for their start at 0 (Kingma & Ba, 2015). Rate
 * 0.001, b₁ 0.9, b₂ 0.999, ε 1e-8 unless given.
 *
 * ```ts
 * adam({ rate: 0.01 });
 * ```
 */
export function adam(
  settings: { rate?: Rate | undefined } & MomentsSettings = {},
): Stepper<readonly [MomentsState, RateState]> {
  const example = 'adam({ rate: 0.001 })';
  knownOptions('adam', settings, { rate: true, ...momentsOptions }, { example });
  const { rate = 0.001, ...moments } = settings;
  return named('adam', chain(byMoments(moments), descent('adam', rate)));
}

export function momentsSettings(
  operation: string,
  settings: MomentsSettings,
): { b1: number; b2: number; epsilon: number } {
  const { b1 = 0.9, b2 = 0.999, epsilon = 1e-8 } = settings;
  fraction(operation, 'b1', b1);
  fraction(operation, 'b2', b2);
  nonNegative(operation, 'epsilon', epsilon);
  return { b1, b2, epsilon };
}

/** (m/correction₁) / (√(s/correction₂) + ε); 0 where m is. */
export function momentsRatio<P>(
  first: P,
  second: Tree,
  firstCorrection: number,
  secondCorrection: number,
  epsilon: number,
): P {
  const root = Math.sqrt(secondCorrection);
  return entrywise(
    (out, m, s) => {
      for (let i = 0; i < out.length; i++) {
        const size = Math.sqrt(s[i]) / root + epsilon;
        out[i] = m[i] === 0 ? 0 : m[i] / firstCorrection / size;
      }
    },
    first,
    second,
  );
}
