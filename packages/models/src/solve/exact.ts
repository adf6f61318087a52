import { FlatMatrix } from '@steepest/autodiff';
import { type Asking, answered, got } from '@steepest/ground';
import { type Answer, lbfgs, type Place, type Result, train } from '@steepest/optim';
import type { Params } from '../families/batch.ts';
import { type Measured, measuredAt } from './certificate.ts';
import { headStart } from './head-start.ts';
import { type Ended, newton } from './newton.ts';
import type { Objective } from './objective.ts';
import { quasiNewton } from './quasi-newton.ts';
import { dot, mostLaidOut } from './step.ts';
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
export function* exact(task: Task, start?: Params, signal?: AbortSignal): Asking<Exact> {
  const { objective, goal, problem } = task;
  if (signal?.aborted) {
    const params = start ?? objective.params(task.nullPoint);
    const measured = yield* measuredAt(task, params);
    return { params, measured, reason: 'aborted', method: 'no step' };
  }
  if (problem.family.quadratic && objective.work <= small) {
    const solved = yield* directly(task);
    if (solved !== undefined) return solved;
  }
  let theta = start === undefined ? task.nullPoint : objective.point(start);
  let method = 'Newton steps';
  const head = start === undefined ? yield* headStart(task) : undefined;
  if (head !== undefined) {
    const ended = yield* quasiNewton(objective, head, goal, signal);
    if (ended.reason === 'minimum') {
      const method = `${ended.rounds} quasi-Newton steps from the minimum of some rows`;
      return { params: objective.params(ended.theta), measured: ended, reason: 'minimum', method };
    }
    theta = ended.theta;
  } else if (!problem.family.quadratic && objective.work > small / 4) {
    const run = yield* approached(task, theta, signal);
    theta = run.theta;
    method = `${run.steps} L-BFGS and Newton steps`;
  }
  const ended = yield* newton(objective, theta, goal, signal);
  if (problem.family.quadratic && (ended.step.factor?.condition ?? 1) > 1e5) {
    const solved = yield* directly(task);
    if (solved !== undefined) return solved;
  }
  return { params: objective.params(ended.theta), measured: ended, reason: ended.reason, method };
}

/** Least squares of the columns as they are, by the rows' own way; undefined where it is not to be had. */
function* directly(task: Task): Asking<Exact | undefined> {
  const params = yield* got(task.sums.leastSquares?.());
  if (params === undefined) return undefined;
  const measured = yield* measuredAt(task, params);
  return { params, measured, reason: 'minimum', method: 'Householder QR' };
}

/** L-BFGS until the gradient is 1e-4 of what it was, where one curvature is worth several gradients. */
function* approached(
  { objective }: Task,
  start: Float64Array,
  signal: AbortSignal | undefined,
): Asking<{ theta: Float64Array; steps: number }> {
  const { gradient } = yield* objective.at(start);
  const length = Math.sqrt(dot(gradient, gradient));
  const laidOut = objective.size <= mostLaidOut;
  const place: Place<{ readonly theta: FlatMatrix }> = {
    answer: ({ theta }) => answered(answerAt(objective, theta)),
  };
  const ended: Result<unknown> = yield* got<Result<unknown>>(
    train({
      loss: () => 0,
      params: { theta: new FlatMatrix(objective.size, 1, start) },
      optimizer: lbfgs(),
      stop: {
        gradientNorm: (laidOut ? 1e-4 : 1e-2) * length,
        steps: laidOut ? 60 : 1000,
      },
      ...(signal && { signal }),
      engine: { name: 'sums over the rows', place: () => place as never },
    } as never),
  );
  const { theta } = ended.params as { readonly theta: FlatMatrix };
  return { theta: theta.data, steps: ended.steps };
}

function* answerAt(
  objective: Objective,
  { data, rows }: FlatMatrix,
): Asking<Answer<{ readonly theta: FlatMatrix }>> {
  const { value, gradient } = yield* objective.at(data);
  return { value, gradient: { theta: new FlatMatrix(rows, 1, gradient) } };
}
