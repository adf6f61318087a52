import { option, positive, type Spec, settle, share, wholeNumber } from '@steepest/ground';
import { LineSearchError, type Point, type Stepper } from '../stepper.ts';
import type { Search } from '../take-step.ts';
import { dot, plus, times } from '../vectors.ts';

/** The rate that a search ended at. */
export interface RateState {
  readonly rate: number;
}

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

const armijoSpec = {
  rate: positive(1),
  shrink: share(0.5),
  grow: option<number, number>(
    {
      expected: 'a number of at least 1',
      accepts: (x) => typeof x === 'number' && x >= 1 && x < Infinity,
      sample: '2',
    },
    2,
  ),
  decrease: share(1e-4),
  trials: wholeNumber(1, 60),
} satisfies Spec<ArmijoSettings>;

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
  const settled = settle('armijo', settings, armijoSpec);
  const { rate, shrink, grow, decrease, trials } = settled;
  return {
    name: 'armijo',
    kind: 'descent',
    settings: () => ({ ...settled }),
    init: () => ({ rate: rate / grow }),
    *search<P>(direction: P, state: RateState, params: P, at: Point<P>): Search<P, RateState> {
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
        const { value } = yield [plus(params, change), { over: 'batch' }];
        // Strictly lower: a step lost in rounding would satisfy the inequality for ever.
        const lower = value < at.value && value <= at.value - decrease * trial * slope;
        if (lower) return [change, { rate: trial }];
      }
      throw new LineSearchError(
        `armijo: none of ${trials} rates down to ${trial / shrink} decreases the loss enough; ` +
          'either rounding hides any further progress, or the gradient does not belong to the loss',
      );
    },
    metric: (state) => state.rate,
    learningRate: (state) => state.rate,
  };
}
