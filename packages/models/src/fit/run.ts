import { FlatMatrix, item } from '@steepest/autodiff';
import { compiled } from '@steepest/compile';
import { type DiskTable, isOnDisk } from '@steepest/datasets';
import { type Asking, answered } from '@steepest/ground';
import { adam, type BatchSource, lbfgs, type Result, type StopRules, train } from '@steepest/optim';
import type { Batch, Params } from '../families/batch.ts';
import type { Problem } from '../families/problem.ts';
import { rowsEngine, standingFor } from '../rows/engine.ts';
import type { RowExamples } from '../rows/rows.ts';
import type { Task } from '../solve/task.ts';
import type { FitOptions } from './options.ts';
import type { ReadData } from './read-rows.ts';
import { fromExamples, isTable, type Reading, rowsOf } from './training-set.ts';

/** Trains by optim's loop: L-BFGS on the whole batch, Adam on minibatches, unless told otherwise. */
export async function run(
  task: Task,
  read: ReadData,
  options: FitOptions,
): Promise<Result<Params>> {
  const { problem } = task;
  const { examples } = read;
  const { differentiate, reportEvery, now, seed } = options;
  const { batchSize, epochs, validation, signal, checkpoint, onReport } = options;
  const whole = batchSize === undefined || batchSize >= examples.rows;
  const own = differentiate !== undefined || options.engine !== undefined;
  const set = examples.set ?? (own && whole ? examples.dense?.() : undefined);
  const elsewhere = whole && set === undefined;
  if (elsewhere) refuseInMemoryOnly(options);
  // A gradient of the caller's own is asked step by step.
  const engine = elsewhere
    ? rowsEngine(problem, examples, examples.dense && 'the features are sparse')
    : (options.engine ?? (differentiate === undefined ? compiled() : undefined));
  const start = options.params ?? problem.init(examples.columns);
  return await train<Params, Params, Batch>({
    loss: problem.loss,
    params: start,
    data: whole ? wholeOf(examples, set) : batchesOf(examples, batchSize),
    optimizer: options.optimizer ?? (whole ? lbfgs() : adam()),
    stop: whole ? await answered(stopRules(task, start, options)) : (options.stop ?? {}),
    ...(epochs === undefined && whole ? {} : { epochs: epochs ?? 100 }),
    ...(validation === undefined ? {} : { validation: validationOf(read, validation) }),
    ...(differentiate && { valueAndGradient: differentiate(problem.loss) }),
    ...(signal && { signal }),
    ...(checkpoint && { checkpoint }),
    ...(onReport && { onReport }),
    ...(reportEvery === undefined ? {} : { reportEvery }),
    ...(engine && { engine }),
    ...(now && { now }),
    ...(seed === undefined ? {} : { seed }),
  });
}

/** The batch of every step, without members that are undefined, so that it has one structure. */
function wholeOf({ rows, columns }: RowExamples, set: RowExamples['set']): Batch {
  // Elsewhere the rows answer; what stands for them here says only how many they are.
  if (set === undefined) return standingFor(rows, columns);
  const { x, y, weights, offset } = set.batch;
  return { x, y, ...(weights && { weights }), ...(offset && { offset }) };
}

function batchesOf(examples: RowExamples, size: number): BatchSource<Batch> {
  if (examples.batches !== undefined) return examples.batches(size);
  throw new TypeError(
    'fit: these rows are not to be had in minibatches; leave batchSize out, or read them into a table',
  );
}

function refuseInMemoryOnly(options: FitOptions): void {
  for (const name of ['differentiate', 'engine'] as const) {
    if (options[name] === undefined) continue;
    throw new TypeError(
      `fit: the option ${name} needs rows in memory for whole batches; give a batchSize, or leave it out`,
    );
  }
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
  { problem, reading }: ReadData,
  { data, ...rest }: NonNullable<FitOptions['validation']>,
) {
  if (typeof data !== 'object' || data === null) {
    throw new TypeError('fit: validation must be { data, patience }, with the rows as data');
  }
  if ((isTable(data) || isOnDisk(data)) && data.role !== 'validation') {
    const found = data.role === undefined ? 'not split' : `${data.role} rows`;
    throw new TypeError(
      `fit: validation needs rows that are held out for it, this table is ${found}; use split({ …, validation: 0.2 }) or kFold`,
    );
  }
  if (isOnDisk(data)) {
    if (data.rows === 0) throw noValidationRows();
    const { names = [] } = reading.preparation ?? {};
    const loss = (params: Params) => riskOnDisk(problem, data, reading, params);
    return { ...rest, data: standingFor(data.rows, names.length), loss };
  }
  const batch: Batch = isTable(data)
    ? rowsOf(problem, data, reading).batch
    : fromExamples(problem, data).batch;
  if (batch.y instanceof FlatMatrix && batch.y.rows === 0) throw noValidationRows();
  return { ...rest, data: batch, loss: problem.risk };
}

function noValidationRows(): RangeError {
  return new RangeError('fit: there are no validation rows; give split() a share for them');
}

/** The mean loss of rows on disk, some at a time. */
function riskOnDisk(problem: Problem, table: DiskTable, reading: Reading, params: Params): number {
  const size = 16_384;
  let [sum, total] = [0, 0];
  for (let from = 0; from < table.rows; from += size) {
    const to = Math.min(from + size, table.rows);
    const { batch } = rowsOf(problem, table.slice(from, to), reading);
    sum += batch.y.rows * item(problem.risk(params, batch));
    total += batch.y.rows;
  }
  return sum / total;
}

/** A small gradient on the way to infinity is no minimum, whatever the loop's report says. */
export function notConverged(result: Result<Params>): Result<Params> {
  const text = String(result).replace(/^converged: /, 'not converged (there is no minimum): ');
  const report = { ...result, converged: false };
  Object.defineProperty(report, 'toString', { value: () => text });
  return report;
}
