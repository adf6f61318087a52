import { div, maximum, mul, type Operand, type Tree, where } from '@steepest/autodiff';
import { oneOf, type Spec, settle } from '@steepest/ground';
import { entrywise, zerosLike } from '../leaves.ts';
import { type Rate, rateOr } from '../rate.ts';
import type { Stepper } from '../stepper.ts';
import { times } from '../vectors.ts';
import {
  correctionsAt,
  type MomentsSettings,
  type MomentsState,
  momentsRatio,
  momentsSpec,
  sizeOf,
} from './adam.ts';
import { chain } from './chain.ts';
import { each } from './each.ts';
import { averaged, movingAverage } from './moving-average.ts';
import { named } from './part.ts';
import { descent } from './scale.ts';

/** Adam's moments and the largest second moment so far. */
export interface LargestMomentState extends MomentsState {
  readonly largest: Tree;
}

/** The moments' settings, and whether the maximum is taken before their correction ('raw') or after. */
export interface LargestMomentSettings extends MomentsSettings {
  readonly maximumOf?: 'raw' | 'corrected' | undefined;
}

const largestMomentSpec = {
  ...momentsSpec,
  maximumOf: oneOf(['raw', 'corrected'], 'raw'),
} satisfies Spec<LargestMomentSettings>;

/**
 * AMSGrad's direction: Adam's with the largest second moment so far, u = m̂/(√ẑ + ε). The maximum
 * is of the raw moments, z = max s, ẑ = z/(1 − b₂ᵗ), as in PyTorch, or of the corrected ones,
 * ẑ = max ŝ, as in Optax (Reddi, Kale & Kumar, 2018).
 *
 * ```ts
 * chain(byLargestMoment({ maximumOf: 'corrected' }), descend(0.001));
 * ```
 */
export function byLargestMoment(settings: LargestMomentSettings = {}): Stepper<LargestMomentState> {
  return largestMoment('byLargestMoment', settings);
}

function largestMoment(
  operation: string,
  settings: LargestMomentSettings,
): Stepper<LargestMomentState> {
  const { b1, b2, epsilon, maximumOf } = settle(operation, settings, largestMomentSpec);
  const corrected = maximumOf === 'corrected';
  const numbers = (step: number) => {
    const [correction, root] = correctionsAt(step, b1, b2);
    return [correction, corrected ? 1 : root, corrected ? 1 / (1 - b2 ** (step + 1)) : 1] as const;
  };
  return {
    name: 'byLargestMoment',
    kind: 'direction',
    settings: () => ({ b1, b2, epsilon, maximumOf }),
    init: (params) => ({
      first: zerosLike(params),
      second: zerosLike(params),
      largest: zerosLike(params),
    }),
    numbers,
    update(gradient, state, _params, [correction, root, growth]) {
      const first = averaged(b1, state.first, gradient, 1);
      const second = averaged(b2, state.second, gradient, 2);
      const candidate = corrected ? each((s) => mul(growth, s), second) : second;
      const largest = each(maximum, state.largest, candidate);
      const ratio = (m: Operand, z: Operand) =>
        where(m, div(div(m, correction), sizeOf(z, root, epsilon)), 0);
      return [each(ratio, first, largest), { first, second, largest }];
    },
    step<P>(gradient: P, state: LargestMomentState, _params: P, at: { step: number }) {
      const [correction, root, growth] = numbers(at.step);
      const first = movingAverage(b1, state.first as P, gradient, 1);
      const second = movingAverage(b2, state.second, gradient, 2);
      const largest = larger(state.largest, corrected ? times(growth, second) : second);
      const direction = momentsRatio(first, largest, [correction, root], epsilon);
      return [direction, { first, second, largest }];
    },
    metric: ({ largest }, [, root]) => each((z) => div(1, sizeOf(z, root, epsilon)), largest),
  };
}

/** A learning rate (0.001), and the settings of the moments. */
export interface AmsgradSettings extends LargestMomentSettings {
  readonly rate?: Rate | undefined;
}

const amsgradSpec = {
  rate: rateOr(0.001),
  ...largestMomentSpec,
} satisfies Spec<AmsgradSettings>;

/**
 * AMSGrad: Adam whose step sizes never grow again, w ← w − η m̂/(√ẑ + ε), z the largest second
 * moment so far (Reddi, Kale & Kumar, 2018; PyTorch's convention). Defaults as for `adam`.
 *
 * ```ts
 * amsgrad({ rate: 0.01 });
 * ```
 */
export function amsgrad(
  settings: AmsgradSettings = {},
): Stepper<readonly [LargestMomentState, null]> {
  const { rate, ...rest } = settle('amsgrad', settings, amsgradSpec);
  return named('amsgrad', chain(largestMoment('amsgrad', rest), descent('amsgrad', rate)));
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
