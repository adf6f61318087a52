import { FlatMatrix } from '@steepest/autodiff';
import { lbfgs, train } from '@steepest/optim';
import { leastSquares, RankDeficientError } from '../exact/least-squares.ts';
import type { Params } from '../families/batch.ts';
import { type Measured, measuredAt } from './certificate.ts';
import { type Ended, newton } from './newton.ts';
import type { Objective } from './objective.ts';
import { mostLaidOut } from './step.ts';
import type { Task } from './task.ts';

/** Where the minimum was sought and how that ended. */
export interface Exact {
  readonly params: Params;
  readonly measured: Measured;
  readonly reason: Ended['reason'];
  /** By what, in words. */
  readonly method: string;
}

/** Multiplications below which a direct factorization, or Newton's method alone, is the cheapest. */
const small = 2e7;

/**
 * The minimum by the cheapest sure way: Householder QR for least squares that are small or
 * ill-conditioned; otherwise Newton's method, after L-BFGS where a curvature costs many gradients.
 */
export async function exact(task: Task, start?: Params, signal?: AbortSignal): Promise<Exact> {
  const { objective, goal, problem } = task;
  if (signal?.aborted) {
    const params = start ?? objective.params(task.nullPoint);
    return { params, measured: measuredAt(task, params), reason: 'aborted', method: 'no step' };
  }
  if (problem.family.quadratic && objective.work <= small) {
    const solved = byQr(task);
    if (solved !== undefined) return solved;
  }
  let theta = start === undefined ? task.nullPoint : objective.point(start);
  let method = 'Newton steps';
  if (!problem.family.quadratic && objective.work > small / 4) {
    const run = await approached(objective, theta, signal);
    theta = run.theta;
    method = `${run.steps} L-BFGS and Newton steps`;
  }
  const ended = newton(objective, theta, goal, signal);
  if (problem.family.quadratic && (ended.step.factor?.condition ?? 1) > 1e5) {
    const solved = byQr(task);
    if (solved !== undefined) return solved;
  }
  return { params: objective.params(ended.theta), measured: ended, reason: ended.reason, method };
}

/** Least squares of the columns as they are: pivoted QR, refined in twice the precision. */
function byQr(task: Task): Exact | undefined {
  const { problem, block } = task;
  const { x, y, weights, offset } = block;
  const target =
    offset === undefined
      ? y
      : new FlatMatrix(
          y.rows,
          1,
          y.data.map((v, i) => v - offset.data[i]),
        );
  try {
    const { l2, intercept } = problem;
    const { w, b } = leastSquares(x, target, { l2, intercept, weights });
    const params = { w, b };
    const measured = measuredAt(task, params);
    return { params, measured, reason: 'minimum', method: 'Householder QR' };
  } catch (error) {
    if (error instanceof RankDeficientError) return undefined;
    throw error;
  }
}

/** L-BFGS until the gradient is 1e-4 of what it was, where one curvature is worth several gradients. */
async function approached(
  objective: Objective,
  start: Float64Array,
  signal: AbortSignal | undefined,
): Promise<{ theta: Float64Array; steps: number }> {
  const first = Math.hypot(...objective.at(start).gradient);
  const { params, steps } = (await train({
    loss: () => 0,
    params: { theta: new FlatMatrix(objective.size, 1, start) },
    optimizer: lbfgs(),
    stop: { gradientNorm: 1e-4 * first, steps: objective.size <= mostLaidOut ? 60 : 1000 },
    ...(signal && { signal }),
    valueAndGradient: ({ theta }: { readonly theta: FlatMatrix }) => {
      const { value, gradient } = objective.at(theta.data);
      return { value, gradient: { theta: new FlatMatrix(objective.size, 1, gradient) } };
    },
  } as never)) as unknown as { params: { theta: FlatMatrix }; steps: number };
  return { theta: params.theta.data, steps };
}
