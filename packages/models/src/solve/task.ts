import { type Asking, got } from '@steepest/ground';
import type { Problem } from '../families/problem.ts';
import type { Moments } from './moments.ts';
import type { Goal } from './newton.ts';
import { Objective } from './objective.ts';
import type { Sums } from './sums.ts';

/** A problem over rows, in the solver's coordinates, with what its minimum is measured by. */
export interface Task {
  readonly problem: Problem;
  readonly sums: Sums;
  readonly objective: Objective;
  readonly goal: Goal;
  /** The best model without any column. */
  readonly nullPoint: Float64Array;
}

/** `flat`: directions that the columns are known to leave open. */
export function* taskOf(problem: Problem, sums: Sums, moments: Moments, flat = 0): Asking<Task> {
  const { family, intercept, outputs } = problem;
  const objective = new Objective(problem, sums, moments);
  const { intercepts: b, least, meanSquare, value: known } = yield* got(sums.nothing());
  const nullPoint = new Float64Array(objective.size);
  if (intercept) {
    const skip = family.perClass ? 1 : 0;
    for (let k = skip; k < outputs; k++) nullPoint[k - skip] = b[k] - (skip === 1 ? b[0] : 0);
  }
  const value = known ?? (yield* objective.at(nullPoint)).value;
  // Rounding in y, or in the objective, is the least that can be told from nothing.
  const noise = family.quadratic ? meanSquare : 1 + Math.abs(value);
  const span = Math.max(0, value - least) + 4e-19 * noise;
  const unit = family.quadratic ? Math.sqrt(2 * span) : 1;
  return { problem, sums, objective, nullPoint, goal: { span, unit, flat } };
}
