import { type Asking, got } from '@steepest/ground';
import type { Params } from '../families/batch.ts';
import { freeScores } from '../families/problem.ts';
import { isMinimum } from './newton.ts';
import type { Slope } from './objective.ts';
import { type NewtonStep, newtonStep, stepByProducts } from './step.ts';
import type { Task } from './task.ts';

/** How far an objective can be above its minimum. */
export interface Certificate {
  /** The objective at the parameters. */
  readonly objective: number;
  /** ‖∇f‖₂ at the parameters. */
  readonly gradientNorm: number;
  /** objective − minimum as Newton's method estimates it: half the squared Newton decrement. */
  readonly decrement: number;
  /** By how much a Newton step moves the score of the row that it moves most, in units of the scores. */
  readonly farthest: number;
  /** objective − minimum is at most this; undefined without a penalty, when no bound is proven. */
  readonly gap: number | undefined;
  /**
   * The condition number of the columns as the minimum sees them, √curvature · x, of one length each;
   * undefined beyond some hundred parameters.
   */
  readonly condition: number | undefined;
}

/** A point with its slope and Newton's step there. */
export interface Measured {
  readonly theta: Float64Array;
  readonly at: Slope;
  readonly step: NewtonStep;
}

/** What is to be known of parameters: their point, its slope, and Newton's step there. */
export function* measuredAt({ objective }: Task, params: Params): Asking<Measured> {
  const theta = objective.point(params);
  return { theta, ...(yield* newtonStep(objective, theta)) };
}

/** The certificate of a point, and whether it is the minimum by the rule of both sides. */
export function* certified(
  task: Task,
  { theta, at, step }: Measured,
): Asking<{ readonly certificate: Certificate; readonly isMinimum: boolean }> {
  const { objective, goal, problem } = task;
  const { w, b } = objective.gradientOf(at.gradient);
  const reached = isMinimum(step, goal);
  return {
    isMinimum: reached,
    certificate: {
      objective: at.value,
      gradientNorm: Math.hypot(norm(w), norm(b)),
      decrement: step.decrement,
      farthest: step.farthest,
      gap: problem.l2 === 0 ? undefined : yield* gapOf(task, theta, step, reached),
      condition: step.factor?.condition,
    },
  };
}

function* gapOf(
  task: Task,
  theta: Float64Array,
  step: NewtonStep,
  reached: boolean,
): Asking<number> {
  const { objective, problem } = task;
  const bound = function* (point: Float64Array): Asking<number> {
    const { gradient } = yield* objective.at(point);
    return objective.gap(gradient);
  };
  if (reached || !problem.intercept) {
    return (yield* bound(theta)) + (problem.intercept ? step.decrement : 0);
  }
  const best = yield* withBestIntercepts(task, theta);
  const [here, there] = [yield* objective.at(theta), yield* objective.at(best)];
  return Math.max(0, here.value - there.value) + (yield* bound(best));
}

/** Newton's method in the intercepts alone, at most eight steps. */
function* withBestIntercepts(
  { objective, problem }: Task,
  theta: Float64Array,
): Asking<Float64Array> {
  const free = freeScores(problem);
  let point = theta;
  for (let round = 0; round < 8; round++) {
    const at = yield* objective.at(point);
    const gradient = only(at.gradient, free);
    if (norm(gradient) <= 1e-9 * norm(at.gradient)) break;
    const restricted = {
      *along(x: Float64Array, v: Float64Array): Asking<Float64Array> {
        return only(yield* objective.along(x, v), free);
      },
      farthest: () => got(0),
    };
    const { step } = yield* stepByProducts(restricted, point, { value: at.value, gradient }, 1e-10);
    const next = point.map((value, k) => value + step[k]);
    const there = yield* objective.at(next);
    if (!(there.value <= at.value)) break;
    point = next;
  }
  return point;
}

function only(v: Float64Array, first: number): Float64Array {
  const result = new Float64Array(v.length);
  result.set(v.subarray(0, first));
  return result;
}

function norm(x: Float64Array): number {
  return Math.sqrt(x.reduce((sum, v) => sum + v * v, 0));
}
