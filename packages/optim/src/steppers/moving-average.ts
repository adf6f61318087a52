import { add, mul, type Operand, type Tree } from '@steepest/autodiff';
import { argument, boolean, fraction, required, type Spec, settle } from '@steepest/ground';
import { entrywise, zerosLike } from '../leaves.ts';
import type { Stepper } from '../stepper.ts';
import { times } from '../vectors.ts';
import { each } from './each.ts';

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

/** The same in operations. */
export function averaged(decay: number, average: Tree, x: Tree, power: 1 | 2): Tree {
  const term = (g: Operand) => (power === 1 ? g : mul(g, g));
  return each((a, g) => add(mul(decay, a), mul(1 - decay, term(g))), average, x);
}

/** A moving average. */
export interface SmoothState {
  readonly average: Tree;
}

/** Whether the average is corrected for its start at 0; true unless given. */
export interface SmoothSettings {
  readonly correct?: boolean | undefined;
}

const smoothSpec = { correct: boolean(true) } satisfies Spec<SmoothSettings>;

/**
 * A moving average of the gradients: m ← decay · m + (1 − decay) g, u = m/(1 − decayᵗ), or u = m
 * with `correct: false` (Kingma & Ba, 2015; Optax, ema).
 *
 * ```ts
 * chain(smooth(0.9), descend(0.1));
 * ```
 */
export function smooth(decay: number, settings: SmoothSettings = {}): Stepper<SmoothState> {
  argument('smooth', 'decay', decay, required(fraction(0.9)));
  const { correct } = settle('smooth', settings, smoothSpec);
  const factor = (step: number) => (correct ? 1 / (1 - decay ** (step + 1)) : 1);
  return {
    name: correct ? 'smooth' : 'smoothUncorrected',
    kind: 'direction',
    settings: () => ({ decay, correct }),
    init: (params) => ({ average: zerosLike(params) }),
    numbers: (step) => [factor(step)],
    update(gradient, state, _params, [factor]) {
      const average = averaged(decay, state.average, gradient, 1);
      return [correct ? each((m) => mul(factor, m), average) : average, { average }];
    },
    step<P>(gradient: P, state: SmoothState, _params: P, at: { step: number }) {
      const average = movingAverage(decay, state.average as P, gradient, 1);
      return [correct ? times(factor(at.step), average) : average, { average }];
    },
  };
}
