import { add, div, mul, type Operand, sqrt, where } from '@steepest/autodiff';
import { either, infinite, nonNegative, type Spec, settle } from '@steepest/ground';
import { entrywise, zerosLike } from '../leaves.ts';
import { type Rate, rateOr } from '../rate.ts';
import type { Stepper } from '../stepper.ts';
import { type MomentsSettings, type MomentsState, momentsSpec } from './adam.ts';
import { chain } from './chain.ts';
import { each } from './each.ts';
import { averaged, movingAverage } from './moving-average.ts';
import { named } from './part.ts';
import { descent } from './scale.ts';

/** `momentumDecay` ψ of the factors μₜ; 0.004 unless given, Infinity for μ = b₁ as in Optax. */
export interface NesterovMomentsSettings extends MomentsSettings {
  readonly momentumDecay?: number | undefined;
}

const nesterovMomentsSpec = {
  ...momentsSpec,
  momentumDecay: either(nonNegative(), infinite(), 0.004),
} satisfies Spec<NesterovMomentsSettings>;

/**
 * NAdam's direction, with μₜ = b₁(1 − ½ · 0.96^(ψt)) and Πₜ = μ₁…μₜ:
 * u = (μₜ₊₁ m/(1 − Πₜ₊₁) + (1 − μₜ) g/(1 − Πₜ)) / (√ŝ + ε) (Dozat, 2016; PyTorch's convention).
 *
 * ```ts
 * chain(byNesterovMoments(), descend(0.002)); // nadam
 * ```
 */
export function byNesterovMoments(settings: NesterovMomentsSettings = {}): Stepper<MomentsState> {
  return nesterovMoments('byNesterovMoments', settings);
}

function nesterovMoments(
  operation: string,
  settings: NesterovMomentsSettings,
): Stepper<MomentsState> {
  const { b1, b2, epsilon, momentumDecay: psi } = settle(operation, settings, nesterovMomentsSpec);
  const factor = (t: number) => b1 * (1 - 0.5 * 0.96 ** (t * psi));
  const product = productOf(factor);
  const numbers = (step: number) => {
    const t = step + 1;
    const [now, next] = [factor(t), factor(t + 1)];
    const soFar = product(t);
    return [(1 - now) / (1 - soFar), next / (1 - soFar * next), 1 - b2 ** t] as const;
  };
  const sizeOf = (s: Operand, correction: Operand) => add(sqrt(div(s, correction)), epsilon);
  return {
    name: 'byNesterovMoments',
    kind: 'direction',
    settings: () => ({ b1, b2, epsilon }),
    init: (params) => ({ first: zerosLike(params), second: zerosLike(params) }),
    numbers,
    update(gradient, state, _params, [ofGradient, ofMoment, correction]) {
      const first = averaged(b1, state.first, gradient, 1);
      const second = averaged(b2, state.second, gradient, 2);
      const ratio = (g: Operand, m: Operand, s: Operand) => {
        const ahead = add(mul(ofGradient, g), mul(ofMoment, m));
        return where(ahead, div(ahead, sizeOf(s, correction)), 0);
      };
      return [each(ratio, gradient, first, second), { first, second }];
    },
    step<P>(gradient: P, state: MomentsState, _params: P, at: { step: number }) {
      const [ofGradient, ofMoment, correction] = numbers(at.step);
      const first = movingAverage(b1, state.first as P, gradient, 1);
      const second = movingAverage(b2, state.second, gradient, 2);
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
      return [direction, { first, second }];
    },
    metric: ({ second }, [, , correction]) => each((s) => div(1, sizeOf(s, correction)), second),
  };
}

/** Π₁…Πₜ factor(t) for any t; the last one is kept, since steps mostly follow each other. */
function productOf(factor: (t: number) => number): (t: number) => number {
  let last = { t: 0, value: 1 };
  return (t) => {
    let { t: k, value } = last.t <= t ? last : { t: 0, value: 1 };
    while (k < t && value !== 0) value *= factor(++k);
    last = { t, value };
    return value;
  };
}

/** A learning rate (0.002), and the settings of the moments. */
export interface NadamSettings extends NesterovMomentsSettings {
  readonly rate?: Rate | undefined;
}

const nadamSpec = { rate: rateOr(0.002), ...nesterovMomentsSpec } satisfies Spec<NadamSettings>;

/**
 * NAdam: Adam whose momentum looks one step ahead (Dozat, 2016; PyTorch's convention). Rate 0.002,
 * ψ 0.004 unless given, everything else as for `adam`.
 *
 * ```ts
 * nadam({ rate: 0.002 });
 * ```
 */
export function nadam(settings: NadamSettings = {}): Stepper<readonly [MomentsState, null]> {
  const { rate, ...rest } = settle('nadam', settings, nadamSpec);
  return named('nadam', chain(nesterovMoments('nadam', rest), descent('nadam', rate)));
}
