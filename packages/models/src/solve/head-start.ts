import { type Asking, got } from '@steepest/ground';
import type { Factor } from './factor.ts';
import { shortened } from './newton.ts';
import { wholeBlocks } from './sample.ts';
import { dot, mostLaidOut } from './step.ts';
import type { Task } from './task.ts';

/** A point near the minimum, and a curvature like that of all rows there. */
export interface HeadStart {
  readonly theta: Float64Array;
  readonly factor: Factor;
}

/** Columns that are less than clearly independent in some rows need all of them. */
const mostSpread = 1e3;
/** Steps to the minimum of few rows: more, and it runs away. */
const mostRounds = 12;
/** What of the span a last step gains, its square root far below what few rows leave open. */
const enough = 1e-3;

/**
 * The minimum over a few thousand of the rows, by Newton's method, and the curvature of some more there, so
 * that all rows are gone through a few times only. Undefined where there are too few rows for that to pay,
 * or where some do not tell what all do: separated classes, levels that do not occur.
 */
export function* headStart({
  objective,
  goal,
  problem,
  sums,
  nullPoint,
}: Task): Asking<HeadStart | undefined> {
  if (problem.family.quadratic || goal.flat > 0 || objective.size > mostLaidOut) return undefined;
  const few = wholeBlocks(Math.max(4096, 20 * objective.size));
  const more = wholeBlocks(Math.max(32768, 100 * objective.size));
  if (sums.sample === undefined || sums.rows < 4 * more) return undefined;
  const scattered = objective.on(yield* got(sums.sample(few, true)));
  let theta = nullPoint;
  for (let round = 0, gain = Infinity; gain > enough * goal.span; round++) {
    const factor = yield* scattered.factor(theta);
    if (round === mostRounds || !isSure(factor)) return undefined;
    const at = yield* scattered.at(theta);
    const step = factor.solve(at.gradient).map((value) => -value);
    gain = -dot(at.gradient, step) / 2;
    const next = yield* shortened(scattered, theta, at, step, goal);
    if (next === undefined) return undefined;
    theta = next.theta;
  }
  const factor = yield* objective.on(yield* got(sums.sample(more, false))).factor(theta);
  return isSure(factor) ? { theta, factor } : undefined;
}

function isSure(factor: Factor | undefined): factor is Factor {
  return factor !== undefined && factor.flat === 0 && factor.spread <= mostSpread;
}
