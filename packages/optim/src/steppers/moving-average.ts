import type { Tree } from '@steepest/autodiff';
import { fraction } from '../checks.ts';
import { knownOptions } from '../known-options.ts';
import { entrywise, zerosLike } from '../leaves.ts';
import type { Stepper } from '../stepper.ts';
import { times } from '../vectors.ts';

/** decay · average + (1 − decay) x^power, entry by entry. */
export function movingAverage<T>(decay: number, average: T, x: Tree, power: 1 | 2): T {
  const share = 1 - decay;
  const fill =
    power === 1
      ? (out: Float64Array, a: Float64Array, g: Float64Array) => {
          for (let i = 0; i < out.length; i++) out[i] = decay * a[i] + share * g[i];
        }
      : (out: Float64Array, a: Float64Array, g: Float64Array) => {
          for (let i = 0; i < out.length; i++) out[i] = decay * a[i] + share * (g[i] * g[i]);
        };
  return entrywise(fill, average, x);
}

/** A moving average and how many values went into it. */
export interface SmoothState {
  readonly count: number;
  readonly average: Tree;
}

/**
 * A moving average of the gradients: m ← decay · m + (1 − decay) g, u = m/(1 − decayᵗ), or u = m
 * with `correct: false` (Kingma & Ba, 2015; Optax, ema).
 *
 * ```ts
 * chain(smooth(0.9), descend(0.1));
 * ```
 */
export function smooth(
  decay: number,
  settings: { correct?: boolean | undefined } = {},
): Stepper<SmoothState> {
  knownOptions('smooth', settings, { correct: true });
  const { correct = true } = settings;
  fraction('smooth', 'decay', decay);
  return {
    name: correct ? 'smooth' : 'smoothUncorrected',
    init: (params) => ({ count: 0, average: zerosLike(params) }),
    step<P>(gradient: P, state: SmoothState) {
      const count = state.count + 1;
      const average = movingAverage(decay, state.average as P, gradient, 1);
      const change = correct ? times(1 / (1 - decay ** count), average) : average;
      return [change, { count, average }];
    },
  };
}
