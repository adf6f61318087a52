import { FlatMatrix } from '@steepest/autodiff';
import { compiled } from '@steepest/compile';
import { type Asking, answered } from '@steepest/ground';
import { adam, lbfgs, type Result, type StopRules, train } from '@steepest/optim';
import type { Batch, Params } from '../families/batch.ts';
import type { Problem } from '../families/problem.ts';
import type { Task } from '../solve/task.ts';
import { batches } from './batches.ts';
import type { FitOptions } from './options.ts';
import { fromExamples, isTable, rowsOf, type TrainingSet } from './training-set.ts';

/** Trains by optim's loop: L-BFGS on the whole batch, Adam on minibatches, unless told otherwise. */
export async function run(
  task: Task,
  set: TrainingSet,
  options: FitOptions,
): Promise<Result<Params>> {
  const { problem } = task;
  const { batchSize, epochs, validation, signal, checkpoint, onReport } = options;
  const { onWarning, advise } = options;
  const whole = batchSize === undefined || batchSize >= set.batch.x.rows;
  const { differentiate, reportEvery, now, seed } = options;
  // A gradient of the caller's own is asked step by step.
  const engine = options.engine ?? (differentiate === undefined ? compiled() : undefined);
  const start = options.params ?? problem.init(set.batch.x.columns);
  return await train<Params, Params, Batch>({
    loss: problem.loss,
    params: start,
    data: whole ? keptWhole(set.batch) : batches(set, batchSize),
    optimizer: options.optimizer ?? (whole ? lbfgs() : adam()),
    stop: whole ? await answered(stopRules(task, start, options)) : (options.stop ?? {}),
    ...(epochs === undefined && whole ? {} : { epochs: epochs ?? 100 }),
    ...(validation === undefined ? {} : { validation: validationOf(problem, set, validation) }),
    ...(differentiate && { valueAndGradient: differentiate(problem.loss) }),
    ...(signal && { signal }),
    ...(checkpoint && { checkpoint }),
    ...(onReport && { onReport }),
    ...(onWarning && { onWarning }),
    ...(advise === undefined ? {} : { advise }),
    ...(reportEvery === undefined ? {} : { reportEvery }),
    ...(engine && { engine }),
    ...(now && { now }),
    ...(seed === undefined ? {} : { seed }),
  });
}

/** The batch of every step, without members that are undefined, so that it has one structure. */
function keptWhole({ x, y, weights, offset }: TrainingSet['batch']): Batch {
  return { x, y, ...(weights && { weights }), ...(offset && { offset }) };
}

/** A tolerance in proportion to the gradients at the start and of the null model suits any unit. */
function* stopRules(
  { objective, nullPoint }: Task,
  start: Params,
  { epochs, stop = {} }: FitOptions,
): Asking<StopRules> {
  const limited = [epochs, stop.steps, stop.seconds].some((limit) => limit !== undefined);
  const normAt = function* (point: Float64Array): Asking<number> {
    const { gradient } = yield* objective.at(point);
    const { w, b } = objective.gradientOf(gradient);
    return Math.hypot(...b, ...w);
  };
  const gradientNorm =
    stop.gradientNorm ??
    Math.max(
      1e-9 * (yield* normAt(objective.point(start))),
      1e-12 * (yield* normAt(nullPoint)),
      Number.MIN_VALUE,
    );
  return { ...(limited ? {} : { steps: 10_000 }), ...stop, gradientNorm };
}

function validationOf(
  problem: Problem,
  set: TrainingSet,
  { data, ...rest }: NonNullable<FitOptions['validation']>,
) {
  if (typeof data !== 'object' || data === null) {
    throw new TypeError('fit: validation must be { data, patience }, with the rows as data');
  }
  if (isTable(data) && data.role !== 'validation') {
    const found = data.role === undefined ? 'not split' : `${data.role} rows`;
    throw new TypeError(
      `fit: validation needs rows that are held out for it, this table is ${found}; use split({ …, validation: 0.2 }) or kFold`,
    );
  }
  const batch: Batch = isTable(data)
    ? rowsOf(problem, data, set.reading).batch
    : fromExamples(problem, data).batch;
  if (batch.y instanceof FlatMatrix && batch.y.rows === 0) {
    throw new RangeError('fit: there are no validation rows; give split() a share for them');
  }
  return { ...rest, data: batch, loss: problem.risk };
}

/** A small gradient on the way to infinity is no minimum, whatever the loop's report says. */
export function notConverged(result: Result<Params>): Result<Params> {
  const text = String(result).replace(/^converged: /, 'not converged (there is no minimum): ');
  const report = { ...result, converged: false };
  Object.defineProperty(report, 'toString', { value: () => text });
  return report;
}
