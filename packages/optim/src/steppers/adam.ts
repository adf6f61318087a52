import { add, div, type Operand, sqrt, type Tree, where } from '@steepest/autodiff';
import { fraction, nonNegative, type Spec, settle } from '@steepest/ground';
import { entrywise, zerosLike } from '../leaves.ts';
import { type Rate, rateOr } from '../rate.ts';
import type { Stepper } from '../stepper.ts';
import { chain } from './chain.ts';
import { each } from './each.ts';
import { averaged, movingAverage } from './moving-average.ts';
import { named } from './part.ts';
import { descent } from './scale.ts';

/** Moving averages of the gradient and of its square. */
export interface MomentsState {
  readonly first: Tree;
  readonly second: Tree;
}

/** Decay of the first and second moment (0.9, 0.999), and what keeps the division from 0 (1e-8). */
export interface MomentsSettings {
  readonly b1?: number | undefined;
  readonly b2?: number | undefined;
  readonly epsilon?: number | undefined;
}

export const momentsSpec: Spec<MomentsSettings, keyof MomentsSettings> = {
  b1: fraction(0.9),
  b2: fraction(0.999),
  epsilon: nonNegative(1e-8),
};

/**
 * Adam's direction: m ← b₁m + (1 − b₁)g, s ← b₂s + (1 − b₂)g², u = m̂/(√ŝ + ε) with
 * m̂ = m/(1 − b₁ᵗ), ŝ = s/(1 − b₂ᵗ), t from 1 (Kingma & Ba, 2015, algorithm 1).
 *
 * ```ts
 * chain(byMoments(), decayWeights(0.01), descend(0.001)); // adamw
 * ```
 */
export function byMoments(settings: MomentsSettings = {}): Stepper<MomentsState> {
  return moments('byMoments', settings);
}

function moments(operation: string, settings: MomentsSettings): Stepper<MomentsState> {
  const { b1, b2, epsilon } = settle(operation, settings, momentsSpec);
  const numbers = (step: number) => correctionsAt(step, b1, b2);
  return {
    name: 'byMoments',
    kind: 'direction',
    settings: () => ({ b1, b2, epsilon }),
    init: (params) => ({ first: zerosLike(params), second: zerosLike(params) }),
    numbers,
    update(gradient, state, _params, [correction, root]) {
      const first = averaged(b1, state.first, gradient, 1);
      const second = averaged(b2, state.second, gradient, 2);
      const ratio = (m: Operand, s: Operand) =>
        where(m, div(div(m, correction), sizeOf(s, root, epsilon)), 0);
      return [each(ratio, first, second), { first, second }];
    },
    step<P>(gradient: P, state: MomentsState, _params: P, at: { step: number }) {
      const first = movingAverage(b1, state.first as P, gradient, 1);
      const second = movingAverage(b2, state.second, gradient, 2);
      return [momentsRatio(first, second, numbers(at.step), epsilon), { first, second }];
    },
    metric: ({ second }, [, root]) => each((s) => div(1, sizeOf(s, root, epsilon)), second),
  };
}

/** A learning rate (0.001), and the settings of the moments. */
export interface AdamSettings extends MomentsSettings {
  readonly rate?: Rate | undefined;
}

export const adamSpec: Spec<AdamSettings, keyof AdamSettings> = {
  rate: rateOr(0.001),
  ...momentsSpec,
};

/**
 * Adam: w ← w − η m̂/(√ŝ + ε), moments corrected for their start at 0 (Kingma & Ba, 2015). Rate
 * 0.001, b₁ 0.9, b₂ 0.999, ε 1e-8 unless given.
 *
 * ```ts
 * adam({ rate: 0.01 });
 * ```
 */
export function adam(settings: AdamSettings = {}): Stepper<readonly [MomentsState, null]> {
  const { rate, ...rest } = settle('adam', settings, adamSpec, {
    foreign: {
      weightDecay: 'use adamw({ decay: 0.01 }), or chain(decayWeights(0.01), adam()) for a penalty',
      decay: 'use adamw({ decay: 0.01 }), or chain(decayWeights(0.01), adam()) for a penalty',
      amsgrad: 'use amsgrad()',
    },
  });
  return named('adam', chain(moments('adam', rest), descent('adam', rate)));
}

/** 1 − b₁ᵗ and √(1 − b₂ᵗ), t from 1: what corrects the moments for their start at 0. */
export function correctionsAt(step: number, b1: number, b2: number): readonly [number, number] {
  return [1 - b1 ** (step + 1), Math.sqrt(1 - b2 ** (step + 1))];
}

/** √ŝ + ε, in operations. */
export function sizeOf(second: Operand, root: Operand, epsilon: number): Operand {
  return add(div(sqrt(second), root), epsilon);
}

/** (m/correction) / (√s/root + ε); 0 where m is. */
export function momentsRatio<P>(
  first: P,
  second: Tree,
  [correction, root]: readonly number[],
  epsilon: number,
): P {
  return entrywise(
    (out, m, s) => {
      for (let i = 0; i < out.length; i++) {
        const size = Math.sqrt(s[i]) / root + epsilon;
        out[i] = m[i] === 0 ? 0 : m[i] / correction / size;
      }
    },
    first,
    second,
  );
}
