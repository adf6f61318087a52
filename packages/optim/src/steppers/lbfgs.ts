import type { FlatMatrix } from '@steepest/autodiff';
import { type Spec, settle, share, wholeNumber } from '@steepest/ground';
import type { Answer, Ask } from '../place/ask.ts';
import { LineSearchError, type Point, type Stepper } from '../stepper.ts';
import type { Search } from '../take-step.ts';
import { dot, flatten, norm, plus, times, unflatten } from '../vectors.ts';
import { strongWolfe, type Trial, type WolfeSettings } from './strong-wolfe.ts';

/** The last steps s and changes of gradient y, as columns over all entries, oldest first. */
export interface LbfgsState {
  readonly steps: readonly FlatMatrix[];
  readonly yields: readonly FlatMatrix[];
  readonly rate: number;
}

/** `memory`: how many steps are remembered (10); c₁ (1e-4), c₂ (0.9) and trials (40) of the search. */
export interface LbfgsSettings {
  readonly memory?: number | undefined;
  readonly decrease?: number | undefined;
  readonly curvature?: number | undefined;
  readonly trials?: number | undefined;
}

const lbfgsSpec = {
  memory: wholeNumber(1, 10),
  decrease: share(1e-4),
  curvature: share(0.9),
  trials: wholeNumber(1, 40),
} satisfies Spec<LbfgsSettings>;

/** A decrease by a smaller share of the loss drowns in the rounding of a sum of many terms. */
const hiddenShare = 1e-13;

/**
 * L-BFGS: a quasi-Newton step d = −Hg from the last `memory` steps by the two-loop recursion, of a
 * length that satisfies the strong Wolfe conditions (Nocedal, 1980; Liu & Nocedal, 1989). For
 * objectives that do not change from step to step: a full batch, not minibatches.
 *
 * Throws a LineSearchError where not even the steepest descent lowers the objective.
 *
 * ```ts
 * minimize(f, x0, { method: lbfgs({ memory: 10 }) });
 * ```
 */
export function lbfgs(settings: LbfgsSettings = {}): Stepper<LbfgsState> {
  const { memory, ...wolfe } = settle('lbfgs', settings, lbfgsSpec);
  return {
    name: 'lbfgs',
    kind: 'descent',
    settings: () => ({ memory, ...wolfe }),
    init: () => ({ steps: [], yields: [], rate: 0 }),
    *search<P>(gradient: P, state: LbfgsState, params: P, at: Point<P>): Search<P, LbfgsState> {
      const length = norm(gradient);
      if (length === 0) return [gradient, state];
      const { steps, yields } = state;
      const newton = unflatten(twoLoops(flatten(gradient), steps, yields), gradient);
      const first = steps.length === 0 ? Math.min(1, 1 / length) : 1;
      const found =
        (yield* searchAlong(newton, first, params, at, wolfe)) ??
        (steps.length === 0
          ? undefined
          : yield* searchAlong(times(-1, gradient), Math.min(1, 1 / length), params, at, wolfe));
      if (found === undefined) {
        const promised = -dot(gradient, newton) / 2 / Math.abs(at.value);
        throw new LineSearchError(
          'lbfgs: no step lowers the loss, not even along the steepest descent; ' +
            (steps.length > 0 && promised < hiddenShare
              ? `the next one promises a share of ${promised.toExponential(0)}, which rounding hides`
              : 'either rounding hides any further progress, or the gradient does not belong to the loss'),
        );
      }
      const s = flatten(found.change);
      const y = flatten(plus(found.gradient, times(-1, at.gradient)));
      // Without positive curvature along the step, H would lose its positive definiteness.
      const keep = dot(s, y) > 1e-14 * norm(s) * norm(y);
      const next = keep
        ? { steps: [...steps, s].slice(-memory), yields: [...yields, y].slice(-memory) }
        : { steps, yields };
      return [found.change, { ...next, rate: found.rate }];
    },
    learningRate: (state) => state.rate,
  };
}

interface Found<P> extends Trial {
  readonly change: P;
  readonly gradient: P;
}

function* searchAlong<P>(
  direction: P,
  first: number,
  params: P,
  at: Point<P>,
  settings: WolfeSettings,
): Generator<readonly [P, Ask<P>], Found<P> | undefined, Answer<P>> {
  const slope = dot(at.gradient, direction);
  if (!(slope < 0)) return undefined;
  const search = strongWolfe<Found<P>>({ rate: 0, value: at.value, slope }, first, settings);
  let turn = search.next();
  while (!turn.done) {
    const rate = turn.value;
    const change = times(rate, direction);
    const { value, gradient } = yield [plus(params, change), { over: 'batch', gradient: true }];
    const found = gradient as P;
    turn = search.next({ rate, value, gradient: found, change, slope: dot(found, direction) });
  }
  return turn.value;
}

/** −Hg, H the inverse Hessian that the remembered steps imply (Nocedal & Wright, algorithm 7.4). */
function twoLoops(
  gradient: FlatMatrix,
  steps: readonly FlatMatrix[],
  yields: readonly FlatMatrix[],
): FlatMatrix {
  const q = gradient;
  const shares: number[] = [];
  for (let k = steps.length - 1; k >= 0; k--) {
    shares[k] = dot(steps[k], q) / dot(steps[k], yields[k]);
    addScaled(q, -shares[k], yields[k]);
  }
  const last = steps.length - 1;
  const scale = last < 0 ? 1 : dot(steps[last], yields[last]) / dot(yields[last], yields[last]);
  for (let i = 0; i < q.data.length; i++) q.data[i] *= -scale;
  for (let k = 0; k < steps.length; k++) {
    const share = dot(yields[k], q) / dot(steps[k], yields[k]);
    addScaled(q, -shares[k] - share, steps[k]);
  }
  return q;
}

/** y ← y + a x */
function addScaled(y: FlatMatrix, a: number, x: FlatMatrix): void {
  for (let i = 0; i < y.data.length; i++) y.data[i] += a * x.data[i];
}
