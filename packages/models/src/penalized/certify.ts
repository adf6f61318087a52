import { type Asking, atOnce, got } from '@steepest/ground';
import { expectProblem } from '../expect.ts';
import type { Batch, Params } from '../families/batch.ts';
import { isSparse } from '../families/penalty.ts';
import type { Problem } from '../families/problem.ts';
import { blockOf } from '../solve/blocks.ts';
import { type Certificate, certified, measuredAt } from '../solve/certificate.ts';
import { SumsInMemory } from '../solve/sums-in-memory.ts';
import { taskOf } from '../solve/task.ts';
import { certificateOf } from './certificate.ts';
import { PenalizedTask } from './penalized-task.ts';

/**
 * How far parameters are from the minimum, without knowing it.
 *
 * The estimate is half the squared Newton decrement, ½ gᵀH⁻¹g (Boyd and Vandenberghe, Convex
 * Optimization, 9.5.1), exact for least squares. The bound is proven where l2 > 0: with the intercept
 * at its best, f is l2-strongly convex in w, so that f − min f ≤ ‖∂f/∂w‖² / (2 l2) (ibid., 9.1.2), up to
 * rounding in f and its gradient; with an l1 or groups it is the duality gap. x is n×d, all else n×1; they
 * must not change while in use.
 *
 * ```ts
 * certify(problem, params, { x, y }).decrement; // for example 3e-17
 * ```
 */
export function certify(problem: Problem, params: Params, batch: Batch): Certificate {
  expectProblem('certify', problem);
  problem.risk(params, batch); // refuses what does not fit together
  return atOnce(certifying(problem, params, batch));
}

function* certifying(problem: Problem, params: Params, batch: Batch): Asking<Certificate> {
  const block = blockOf(batch);
  const sums = new SumsInMemory(problem, block);
  const moments = yield* got(sums.moments(problem.intercept));
  if (isSparse(problem.penalty)) {
    const names = Array.from({ length: block.x.columns }, (_, j) => `x${j}`);
    const { penalty } = problem;
    const rows = { operation: 'certify', problem, penalty, block, moments, names, raw: [] };
    const task = new PenalizedTask(rows);
    const strengths = task.strengths(penalty);
    const standing = task.descent(task.point(params)).standing(strengths);
    sums.end();
    return certificateOf(task, standing, strengths);
  }
  const task = yield* taskOf(problem, sums, moments);
  const { certificate } = yield* certified(task, yield* measuredAt(task, params));
  sums.end();
  return certificate;
}
