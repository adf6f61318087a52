import { pin } from '@steepest/compile';
import type { Problem } from '../families/problem.ts';
import type { Moments } from './moments.ts';
import type { Goal } from './newton.ts';
import { leastRisk, nullIntercepts } from './null-model.ts';
import { Objective } from './objective.ts';
import type { Block } from './row-sums.ts';

/** A problem over rows, in the solver's coordinates, with what its minimum is measured by. */
export interface Task {
  readonly problem: Problem;
  readonly block: Block;
  readonly objective: Objective;
  readonly goal: Goal;
  /** The best model without any column. */
  readonly nullPoint: Float64Array;
}

/** `flat`: directions that the columns are known to leave open. Pins the rows: they must not change. */
export function taskOf(problem: Problem, block: Block, moments: Moments, flat = 0): Task {
  const { x: _, ...others } = block;
  pin(others); // x with its moments
  const { family, intercept, outputs } = problem;
  const objective = new Objective(problem, [block], block.x.rows, moments);
  const nullPoint = new Float64Array(objective.size);
  if (intercept) {
    const b = nullIntercepts(family, outputs, [block]);
    const skip = family.perClass ? 1 : 0;
    for (let k = skip; k < outputs; k++) nullPoint[k - skip] = b[k] - (skip === 1 ? b[0] : 0);
  }
  const value = objective.at(nullPoint).value;
  // Rounding in y, or in the objective, is the least that can be told from nothing.
  const noise = family.quadratic ? meanSquare(block) : 1 + Math.abs(value);
  const span = Math.max(0, value - leastRisk(family, [block])) + 4e-19 * noise;
  const unit = family.quadratic ? Math.sqrt(2 * span) : 1;
  return { problem, block, objective, nullPoint, goal: { span, unit, flat } };
}

function meanSquare({ y }: Block): number {
  let sum = 0;
  for (let i = 0; i < y.rows; i++) sum += y.data[i] ** 2;
  return sum / y.rows;
}
