import { add, less, minimum, mul, type Operand, sub, where } from '@steepest/autodiff';
import { nonNegative, type Spec, settle, share, wholeNumber } from '@steepest/ground';
import type { Stepper } from '../stepper.ts';
import { each } from './each.ts';

/** The running mean of losses, the lowest so far, how long ago that was, and the factor. */
export interface PlateauState {
  readonly sum: number;
  readonly lowest: number;
  readonly stale: number;
  readonly factor: number;
}

export interface PlateauSettings {
  /** What the factor is multiplied by on a plateau (0.5). */
  readonly factor?: number | undefined;
  /** How many windows may pass without a lower mean loss (5). */
  readonly patience?: number | undefined;
  /** Steps of a window whose losses are averaged (1; an epoch's number of batches for minibatches). */
  readonly window?: number | undefined;
  /** By which share of itself the loss must fall to count as lower (1e-4). */
  readonly relative?: number | undefined;
}

const plateauSpec = {
  factor: share(0.5),
  patience: wholeNumber(1, 5),
  window: wholeNumber(1, 1),
  relative: nonNegative(1e-4),
} satisfies Spec<PlateauSettings>;

/**
 * Shrinks what it is given once the loss has stopped falling: a learning rate that adapts to the run
 * instead of to a number of steps (PyTorch, ReduceLROnPlateau). Before the descent.
 *
 * ```ts
 * chain(accumulate(0.9), reduceOnPlateau({ patience: 10 }), descend(0.1));
 * ```
 */
export function reduceOnPlateau(settings: PlateauSettings = {}): Stepper<PlateauState> {
  const { factor, patience, window, relative } = settle('reduceOnPlateau', settings, plateauSpec);
  return {
    name: 'reduceOnPlateau',
    kind: 'direction',
    settings: () => ({ factor, patience, window, relative }),
    init: () => ({ sum: 0, lowest: Number.MAX_VALUE, stale: 0, factor: 1 }),
    numbers: (step) => [(step + 1) % window === 0 ? 1 : 0],
    update(gradient, state, _params, [whole], { value }) {
      const sum = add(state.sum, value);
      const mean = mul(1 / window, sum);
      const margin = mul(
        relative,
        where(less(state.lowest, 0), mul(-1, state.lowest), state.lowest),
      );
      const lower = less(mean, sub(state.lowest, margin));
      const stale = where(lower, 0, add(state.stale, 1));
      const due = less(patience, stale);
      const after = (next: Operand, before: Operand) => where(whole, next, before);
      const shrunk = after(where(due, mul(factor, state.factor), state.factor), state.factor);
      const next = {
        sum: after(0, sum),
        lowest: after(minimum(mean, state.lowest), state.lowest),
        stale: after(where(due, 0, stale), state.stale),
        factor: shrunk,
      };
      return [each((g) => mul(shrunk, g), gradient), next];
    },
    metric: (state) => state.factor,
  };
}
