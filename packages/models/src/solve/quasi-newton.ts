import type { Asking } from '@steepest/ground';
import type { Factor } from './factor.ts';
import type { HeadStart } from './head-start.ts';
import { type Ended, type Goal, isMinimum, shortened } from './newton.ts';
import type { Objective, Slope } from './objective.ts';
import { dot, type NewtonStep } from './step.ts';

const mostRounds = 12;
/** A decrement, as part of the span, beyond which rounding is near. */
const least = 1e-15;

/**
 * From a head start to the minimum by L-BFGS on the curvature of some of the rows (Nocedal and Wright,
 * Numerical Optimization, 7.2): one gradient of all rows a step. Newton's step at its end is found by
 * products with the curvature of all rows. Where it does not get there, the reason is 'round limit'.
 */
export function* quasiNewton(
  objective: Objective,
  { theta: start, factor }: HeadStart,
  goal: Goal,
  signal?: AbortSignal,
): Asking<Ended | { readonly theta: Float64Array; readonly reason: 'round limit' }> {
  let theta = start;
  let at = yield* objective.at(theta);
  const inverse = new Inverse(factor);
  for (let rounds = 0; rounds < mostRounds && signal?.aborted !== true; rounds++) {
    let step: Float64Array = inverse.times(at.gradient).map((value) => -value);
    if (-dot(at.gradient, step) / 2 <= least * goal.span) {
      const exact = yield* stepOfAll(objective, theta, at, inverse);
      if (exact === undefined) break;
      if (isMinimum(exact, goal)) return { theta, at, step: exact, rounds, reason: 'minimum' };
      step = exact.step;
    }
    const next = yield* shortened(objective, theta, at, step, goal);
    if (next === undefined) break;
    const { theta: to, at: there } = next;
    inverse.learn(
      to.map((value, k) => value - theta[k]),
      there.gradient.map((value, k) => value - at.gradient[k]),
    );
    [theta, at] = [to, there];
  }
  return { theta, reason: 'round limit' };
}

/** H⁻¹ as a curvature near it and the changes of the gradient tell: the two-loop recursion. */
class Inverse {
  readonly factor: Factor;
  readonly #pairs: { readonly s: Float64Array; readonly y: Float64Array; readonly r: number }[] =
    [];

  constructor(factor: Factor) {
    this.factor = factor;
  }

  learn(s: Float64Array, y: Float64Array): void {
    const product = dot(s, y);
    if (product > 0) this.#pairs.push({ s, y, r: 1 / product });
  }

  times(g: Float64Array): Float64Array {
    let q: Float64Array = g.slice();
    const shares = this.#pairs.map(() => 0);
    for (let k = this.#pairs.length - 1; k >= 0; k--) {
      const { s, y, r } = this.#pairs[k];
      shares[k] = r * dot(s, q);
      addTimes(q, -shares[k], y);
    }
    q = this.factor.solve(q);
    this.#pairs.forEach(({ s, y, r }, k) => {
      addTimes(q, shares[k] - r * dot(y, q), s);
    });
    return q;
  }
}

function addTimes(to: Float64Array, factor: number, x: Float64Array): void {
  for (let k = 0; k < to.length; k++) to[k] += factor * x[k];
}

/**
 * Newton's step by conjugate gradients on products with the curvature of all rows, preconditioned: the
 * decrement to a hundredth, which the residual adds. Undefined where the preconditioner is not like H.
 */
function* stepOfAll(
  objective: Objective,
  theta: Float64Array,
  { gradient }: Slope,
  inverse: Inverse,
): Asking<NewtonStep | undefined> {
  const step = new Float64Array(gradient.length);
  const residual = gradient.map((value) => -value);
  let scaled = inverse.times(residual);
  let direction = scaled.slice();
  let square = dot(residual, scaled);
  const enough = 1e-2 * square;
  for (let round = 0; square > enough; round++) {
    if (round === 4) return undefined;
    const product = yield* objective.along(theta, direction);
    const curvature = dot(direction, product);
    if (!(curvature > 0)) return undefined;
    const rate = square / curvature;
    addTimes(step, rate, direction);
    addTimes(residual, -rate, product);
    scaled = inverse.times(residual);
    const next = dot(residual, scaled);
    direction = direction.map((value, k) => scaled[k] + (next / square) * value);
    square = next;
  }
  return {
    step,
    decrement: (square - dot(gradient, step)) / 2,
    farthest: yield* objective.farthest(step),
    factor: inverse.factor,
    flat: 0,
  };
}
