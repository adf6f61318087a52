import type { Asking } from '@steepest/ground';
import { type Factor, wellConditioned } from './factor.ts';
import type { Objective, Slope } from './objective.ts';
import { dot, mostLaidOut, type NewtonStep, stepBy, stepByProducts } from './step.ts';

/** What a point must meet to be called the minimum. */
export interface Goal {
  /** What the null model is above the best that any scores could reach. */
  readonly span: number;
  /** The deviation of the target for least squares, 1 elsewhere. */
  readonly unit: number;
  /** Directions that the columns leave without curvature, which was allowed. */
  readonly flat: number;
}

/** Half the squared decrement and the farthest step of a score that are as good as nothing. */
const littleDecrement = 1e-12;
const littleStep = 1e-6;

/**
 * Whether a point is the minimum, by a rule that means the same in all units: both what Newton's step
 * would gain and what it would move are next to nothing. On separated data the first goes to 0 and the
 * second does not.
 */
export function isMinimum(
  { decrement, farthest, flat }: Pick<NewtonStep, 'decrement' | 'farthest' | 'flat'>,
  goal: Goal,
): boolean {
  return (
    decrement <= littleDecrement * goal.span &&
    farthest <= littleStep * goal.unit &&
    flat <= goal.flat
  );
}

/** How far conjugate gradients go for a step: with a penalty, the gradient itself bounds what is left. */
function roughOf({ problem }: Objective): number {
  return problem.l2 > 0 ? 1e-2 : 1e-4;
}

/** The curvature of each score by itself, where there are several and it can be laid out. */
function* apartAt(
  objective: Objective,
  theta: Float64Array,
): Asking<((v: Float64Array) => Float64Array) | undefined> {
  const { size, sizeApart } = objective;
  if (sizeApart === size || sizeApart > mostLaidOut) return undefined;
  return yield* objective.apart(theta);
}

/** Where Newton's method ended, and how. */
export interface Ended {
  readonly theta: Float64Array;
  readonly at: Slope;
  readonly step: NewtonStep;
  readonly rounds: number;
  readonly reason: 'minimum' | 'running away' | 'no further' | 'aborted' | 'round limit';
}

/** A factor serves the next point too where the step was this small a part of the span. */
const near = 1e-6;
const mostRounds = 100;

/**
 * Newton's method with halved steps where the objective would rise (Boyd and Vandenberghe, 9.5), from a
 * point to the minimum, then once more by the last curvature, for what rounding allows.
 */
export function* newton(
  objective: Objective,
  start: Float64Array,
  goal: Goal,
  signal?: AbortSignal,
): Asking<Ended> {
  let theta = start;
  let at = yield* objective.at(theta);
  let factor: Factor | undefined;
  let apart: ((v: Float64Array) => Float64Array) | undefined;
  let still = 0;
  for (let rounds = 0; ; rounds++) {
    const laidOut = objective.size <= mostLaidOut;
    if (factor === undefined && laidOut) {
      factor = yield* objective.factor(theta);
      at = yield* objective.at(theta);
    }
    // That of an earlier point preconditions as well.
    if (!laidOut && rounds === 0) apart = yield* apartAt(objective, theta);
    const step = yield* factor === undefined
      ? stepByProducts(objective, theta, at, roughOf(objective), apart)
      : stepBy(objective, factor, at);
    const ended = (reason: Ended['reason']): Ended => ({ theta, at, step, rounds, reason });
    if (isMinimum(step, goal)) {
      if (factor !== undefined) return yield* polished(objective, ended('minimum'), factor, goal);
      // What a rough step does not see, the penalty's proof must, or a finer step.
      const proven = objective.gap(at.gradient) + step.decrement <= littleDecrement * goal.span;
      if (proven) return ended('minimum');
      const finer = yield* stepByProducts(objective, theta, at, 1e-9, apart);
      if (isMinimum(finer, goal)) return { ...ended('minimum'), step: finer };
    }
    if (signal?.aborted) return ended('aborted');
    if (rounds === mostRounds) return ended('round limit');
    still = step.decrement <= littleDecrement * goal.span ? still + 1 : 0;
    if (still === 8) return ended('running away');
    const next = yield* shortened(objective, theta, at, step.step, goal);
    if (next === undefined) return ended('no further');
    // A quadratic has one curvature; others keep theirs while no score moves to speak of.
    const hardlyMoves = step.decrement <= near * goal.span && step.farthest <= 0.2;
    const same = objective.problem.family.quadratic || hardlyMoves;
    [theta, at] = [next.theta, next.at];
    if (!same || (factor?.spread ?? 0) > wellConditioned) factor = undefined;
  }
}

/** One more step by the curvature at hand, if it leads to a smaller gradient. */
function* polished(
  objective: Objective,
  ended: Ended,
  factor: Factor | undefined,
  goal: Goal,
): Asking<Ended> {
  const rest = ended.step.decrement / goal.span;
  if (factor === undefined || rest <= 1e-17) return ended;
  const theta = ended.theta.map((value, k) => value + ended.step.step[k]);
  const at = yield* objective.at(theta);
  const step = yield* stepBy(objective, factor, at);
  return step.decrement < ended.step.decrement && isMinimum(step, goal)
    ? { ...ended, theta, at, step }
    : ended;
}

/** The point after a step, halved until the objective falls; undefined where it does not. */
export function* shortened(
  objective: Objective,
  theta: Float64Array,
  at: Slope,
  step: Float64Array,
  { span }: Goal,
): Asking<{ theta: Float64Array; at: Slope } | undefined> {
  const slope = dot(at.gradient, step);
  const noise = 1e-14 * (Math.abs(at.value) + span);
  for (let rate = 1; rate > 1e-12; rate /= 2) {
    const next = theta.map((value, k) => value + rate * step[k]);
    const there = yield* objective.at(next);
    if (there.value <= at.value + 1e-4 * rate * slope + noise) return { theta: next, at: there };
  }
  return undefined;
}
