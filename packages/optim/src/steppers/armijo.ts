import { fraction, positive, show, wholeNumber } from '../checks.ts';
import { knownOptions } from '../known-options.ts';
import { LineSearchError, type Point, type Stepper } from '../stepper.ts';
import { dot, plus, times } from '../vectors.ts';
import type { RateState } from './scale.ts';

/** How a backtracking search runs; the defaults are in parentheses. */
export interface ArmijoSettings {
  /** The first rate ever tried (1). */
  readonly rate?: number | undefined;
  /** What a refused rate is multiplied by (0.5). */
  readonly shrink?: number | undefined;
  /** What the last accepted rate is multiplied by to start the next search (2). */
  readonly grow?: number | undefined;
  /** The share c of the predicted decrease that must be reached (1e-4). */
  readonly decrease?: number | undefined;
  /** How many rates are tried per step (60). */
  readonly trials?: number | undefined;
}

const armijoOptions = {
  rate: true,
  shrink: true,
  grow: true,
  decrease: true,
  trials: true,
} as const;

/**
 * Armijo backtracking: u = −η p along the direction p that reaches it, η the first of η₀, shrink · η₀,
 * … with f(w − ηp) ≤ f(w) − c η ⟨∇f(w), p⟩ (Armijo, 1966; Nocedal & Wright, 2006, algorithm 3.1).
 * Each search starts at `grow` times the last rate.
 *
 * Throws a LineSearchError if p does not descend or no trial decreases f.
 *
 * ```ts
 * minimize(f, x0, { method: armijo() }); // gradient descent without a rate to choose
 * ```
 */
export function armijo(settings: ArmijoSettings = {}): Stepper<RateState> {
  knownOptions('armijo', settings, armijoOptions, { example: 'armijo({ rate: 1 })' });
  const { rate = 1, shrink = 0.5, grow = 2, decrease = 1e-4, trials = 60 } = settings;
  positive('armijo', 'rate', rate);
  fraction('armijo', 'shrink', positive('armijo', 'shrink', shrink));
  fraction('armijo', 'decrease', positive('armijo', 'decrease', decrease));
  wholeNumber('armijo', 'trials', trials);
  if (!(grow >= 1 && grow < Infinity)) {
    throw new RangeError(`armijo: grow must be a number of at least 1, got ${show(grow)}`);
  }
  return {
    name: 'armijo',
    init: () => ({ rate: rate / grow }),
    step<P>(direction: P, state: RateState, params: P, at: Point<P>) {
      const slope = dot(at.gradient, direction);
      if (!(slope > 0)) {
        if (dot(direction, direction) === 0) return [direction, state];
        throw new LineSearchError(
          `armijo: the loss does not fall along the direction (its slope is ${-slope}); ` +
            'put armijo behind links that keep a descent direction',
        );
      }
      let trial = state.rate * grow;
      for (let k = 0; k < trials; k++, trial *= shrink) {
        const change = times(-trial, direction);
        const value = at.valueAt(plus(params, change));
        // Strictly lower: a step lost in rounding would satisfy the inequality for ever.
        const lower = value < at.value && value <= at.value - decrease * trial * slope;
        if (lower) return [change, { rate: trial }];
      }
      throw new LineSearchError(
        `armijo: none of ${trials} rates down to ${trial / shrink} decreases the loss enough; ` +
          'either rounding hides any further progress, or the gradient does not belong to the loss',
      );
    },
    learningRate: (state) => state.rate,
  };
}
