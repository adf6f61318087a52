import type { Tree } from '@steepest/autodiff';
import { nonNegative, type Rate } from '../checks.ts';
import { knownOptions } from '../known-options.ts';
import { entrywise, zerosLike } from '../leaves.ts';
import type { Stepper } from '../stepper.ts';
import {
  type MomentsSettings,
  type MomentsState,
  momentsOptions,
  momentsSettings,
} from './adam.ts';
import { chain } from './chain.ts';
import { movingAverage } from './moving-average.ts';
import { named } from './part.ts';
import { descent, type RateState } from './scale.ts';

/** Adam's moments and the product of the momentum factors so far. */
export interface NesterovMomentsState extends MomentsState {
  readonly product: number;
}

/** `momentumDecay` ψ of the factors μₜ; 0.004 unless given, Infinity for μ = b₁ as in Optax. */
export interface NadamSettings extends MomentsSettings {
  readonly momentumDecay?: number | undefined;
}

const nadamOptions = { ...momentsOptions, momentumDecay: true } as const;

/**
 * NAdam's direction, with μₜ = b₁(1 − ½ · 0.96^(ψt)) and Πₜ = μ₁…μₜ:
 * u = (μₜ₊₁ m/(1 − Πₜ₊₁) + (1 − μₜ) g/(1 − Πₜ)) / (√ŝ + ε) (Dozat, 2016; PyTorch's convention).
 *
 * ```ts
 * chain(byNesterovMoments(), descend(0.002)); // nadam
 * ```
 */
export function byNesterovMoments(settings: NadamSettings = {}): Stepper<NesterovMomentsState> {
  knownOptions('byNesterovMoments', settings, nadamOptions);
  const { b1, b2, epsilon } = momentsSettings('nadam', settings);
  const { momentumDecay: psi = 0.004 } = settings;
  if (psi !== Infinity) nonNegative('nadam', 'momentumDecay', psi);
  const factor = (t: number) => b1 * (1 - 0.5 * 0.96 ** (t * psi));
  return {
    name: 'byNesterovMoments',
    init: (params: Tree) => ({
      count: 0,
      first: zerosLike(params),
      second: zerosLike(params),
      product: 1,
    }),
    step<P>(gradient: P, state: NesterovMomentsState) {
      const count = state.count + 1;
      const now = factor(count);
      const next = factor(count + 1);
      const product = state.product * now;
      const first = movingAverage(b1, state.first as P, gradient, 1);
      const second = movingAverage(b2, state.second, gradient, 2);
      const ofGradient = (1 - now) / (1 - product);
      const ofMoment = next / (1 - product * next);
      const correction = 1 - b2 ** count;
      const direction = entrywise(
        (out, g, m, s) => {
          for (let i = 0; i < out.length; i++) {
            const size = Math.sqrt(s[i] / correction) + epsilon;
            const ahead = ofGradient * g[i] + ofMoment * m[i];
            out[i] = ahead === 0 ? 0 : ahead / size;
          }
        },
        gradient,
        first,
        second,
      );
      return [direction, { count, first, second, product }];
    },
  };
}

/**
 * NAdam: Adam whose momentum looks one step ahead (Dozat, 2016; PyTorch's convention). Rate 0.002,
 * ψ 0.004 unless given, everything else as for `adam`.
 *
 * ```ts
 * nadam({ rate: 0.002 });
 * ```
 */
export function nadam(
  settings: { rate?: Rate | undefined } & NadamSettings = {},
): Stepper<readonly [NesterovMomentsState, RateState]> {
  const example = 'nadam({ rate: 0.002 })';
  knownOptions('nadam', settings, { rate: true, ...nadamOptions }, { example });
  const { rate = 0.002, ...moments } = settings;
  return named('nadam', chain(byNesterovMoments(moments), descent('nadam', rate)));
}
