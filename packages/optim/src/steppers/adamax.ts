import { abs, add, div, maximum, mul, type Tree, where } from '@steepest/autodiff';
import { type Spec, settle } from '@steepest/ground';
import { entrywise, zerosLike } from '../leaves.ts';
import { rateOr } from '../rate.ts';
import type { Stepper } from '../stepper.ts';
import { type AdamSettings, type MomentsSettings, momentsSpec } from './adam.ts';
import { chain } from './chain.ts';
import { each } from './each.ts';
import { averaged, movingAverage } from './moving-average.ts';
import { named } from './part.ts';
import { descent } from './scale.ts';

/** The moving average of the gradient and the decaying maximum of its size. */
export interface LargestGradientState {
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
  return largestGradient('byLargestGradient', settings);
}

function largestGradient(
  operation: string,
  settings: MomentsSettings,
): Stepper<LargestGradientState> {
  const { b1, b2, epsilon } = settle(operation, settings, momentsSpec);
  const correctionAt = (step: number) => 1 - b1 ** (step + 1);
  return {
    name: 'byLargestGradient',
    kind: 'direction',
    settings: () => ({ b1, b2, epsilon }),
    init: (params) => ({ first: zerosLike(params), largest: zerosLike(params) }),
    numbers: (step) => [correctionAt(step)],
    update(gradient, state, _params, [correction]) {
      const first = averaged(b1, state.first, gradient, 1);
      const largest = each(
        (z, g) => maximum(mul(b2, z), add(abs(g), epsilon)),
        state.largest,
        gradient,
      );
      return [
        each((m, z) => where(m, div(div(m, correction), z), 0), first, largest),
        { first, largest },
      ];
    },
    step<P>(gradient: P, state: LargestGradientState, _params: P, at: { step: number }) {
      const first = movingAverage(b1, state.first as P, gradient, 1);
      const largest = entrywise(
        (out, z, g) => {
          for (let i = 0; i < out.length; i++)
            out[i] = Math.max(b2 * z[i], Math.abs(g[i]) + epsilon);
        },
        state.largest,
        gradient,
      );
      const correction = correctionAt(at.step);
      const direction = entrywise(
        (out, m, z) => {
          for (let i = 0; i < out.length; i++) out[i] = m[i] === 0 ? 0 : m[i] / correction / z[i];
        },
        first,
        largest,
      );
      return [direction, { first, largest }];
    },
    metric: ({ largest }) => each((z) => div(1, z), largest),
  };
}

const adamaxSpec = { rate: rateOr(0.002), ...momentsSpec } satisfies Spec<AdamSettings>;

/**
 * Adamax: Adam with the largest gradient, slowly forgotten, in the place of the second moment:
 * w ← w − η m̂/z (Kingma & Ba, 2015). Rate 0.002 unless given, everything else as for `adam`.
 *
 * ```ts
 * adamax({ rate: 0.002 });
 * ```
 */
export function adamax(
  settings: AdamSettings = {},
): Stepper<readonly [LargestGradientState, null]> {
  const { rate, ...rest } = settle('adamax', settings, adamaxSpec);
  return named('adamax', chain(largestGradient('adamax', rest), descent('adamax', rate)));
}
