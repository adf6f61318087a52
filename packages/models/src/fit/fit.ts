import { FlatMatrix } from '@steepest/autodiff';
import type { Features, Table, Train, Validation } from '@steepest/datasets';
import {
  adam,
  type Evaluation,
  lbfgs,
  type Result,
  type RunOptions,
  type Stepper,
  type StopRules,
  train,
} from '@steepest/optim';
import type { Caution, CautionKind } from '../checks/caution.ts';
import { measure } from '../metrics/measure.ts';
import type { Batch, Params, Problem } from '../problems/problem.ts';
import { batches } from './batches.ts';
import { centred } from './centred.ts';
import { type Certificate, certify } from './certificate.ts';
import { doubtsOf, separableCaution, separationOf } from './doubts.ts';
import { fittedOf, namesOfClasses } from './fitted.ts';
import type { Fitted } from './model.ts';
import {
  batchOf,
  type Examples,
  fromExamples,
  fromTable,
  isTable,
  type TableOptions,
  type TrainingSet,
} from './training-set.ts';

/** The value and the gradient of a loss at parameters, on a batch. */
export type Differentiated = (params: Params, batch: Batch) => Evaluation<Params>;

/** How to train, and for a table which columns play which role. All of it may be left out. */
export interface FitOptions extends TableOptions, RunOptions {
  /** Any stepper of optim; `lbfgs()` on the whole batch, `adam()` on minibatches unless given. */
  readonly optimizer?: Stepper;
  /** Rows per step; all of them unless given. */
  readonly batchSize?: number;
  /** 100 with minibatches unless given. */
  readonly epochs?: number;
  /**
   * With the whole batch, unless given: gradientNorm 1e-9 · max(1, ‖∇f‖₂ at the start), 10 000 steps.
   */
  readonly stop?: StopRules;
  /** Decides the order of minibatches; 0 unless given. */
  readonly seed?: number;
  /** Rows to stop by, whose loss (without the penalty) is measured after every epoch. */
  readonly validation?: {
    readonly data: Validation | Examples;
    readonly patience?: number;
    readonly every?: number;
    readonly restoreBest?: boolean;
  };
  /** Kinds of doubt that are to be warnings where they would be refused. */
  readonly allow?: readonly CautionKind[];
  /** Where to start; zeros unless given. */
  readonly params?: Params;
  /** In the place of `valueAndGrad(loss)`, for example `(loss) => compile(valueAndGrad(loss))`. */
  readonly differentiate?: (loss: Problem['loss']) => Differentiated;
}

/**
 * Fits a problem to training rows: prepares them, checks them, trains by optim's loop, measures.
 *
 * `data` is a training table (`split`, `asTraining`), or numbers that are prepared already. The
 * preparation is fitted on these rows alone. Weights are scaled to mean 1 first, so that a weight of
 * two counts as the row given twice. Rejects with a CsvError (reason: 'one-class', 'labels-not-0-1',
 * 'rank-deficient', 'constant-column', 'too-few-rows', …) where there is no model to be had;
 * everything else that is doubtful is in `warnings`.
 *
 * ```ts
 * const fitted = await fit(logisticRegression({ l2: 0.01 }), train, { target: 'benign' });
 * fitted.predict([{ radius: 14.2, texture: '19.6' }]).get(0, 0); // a probability
 * ```
 */
export async function fit(
  problem: Problem,
  data: Train<Table> | Examples | Features,
  options: FitOptions = {},
): Promise<Fitted> {
  const read = isTable(data) ? fromTable(problem, data, options) : fromExamples(problem, data);
  const doubts = doubtsOf(problem, read, options.allow ?? []);
  const set = { ...read, batch: { ...read.batch, weights: meanOne(read.batch) } };
  const found = separationOf(problem, set);
  const result = await run(problem, set, options);
  const params = centred(problem, result.params);
  const certificate = certify(problem, params, set.batch);
  const predicted = problem.predict(params, set.batch.x, set.batch.offset);
  const labels = namesOfClasses(problem, set.reading);
  const parted =
    found === 'not checked' && marginsPositive(predicted, set.batch.y) ? 'complete' : found;
  const separable = parted === 'complete' || parted === 'quasi';
  return fittedOf({
    problem,
    params,
    reading: set.reading,
    names: set.names,
    converged: result.converged && !separable,
    ending: separable
      ? `stopped by ${result.reason}, but there is no minimum to converge to`
      : `${result.reason}, ${result.message}`,
    certificate,
    metrics: measure(problem, predicted, set.batch.y, labels),
    warnings: [
      ...doubts,
      ...(parted === 'none' ? [] : [separableCaution(parted, set, labels)]),
      ...(separable ? [] : unfinished(result, certificate)),
    ],
    seed: options.seed ?? 0,
    report: separable ? notConverged(result) : result,
  });
}

async function run(
  problem: Problem,
  set: TrainingSet,
  options: FitOptions,
): Promise<Result<Params>> {
  const { batchSize, epochs, validation, differentiate, signal, checkpoint, onReport } = options;
  const whole = batchSize === undefined || batchSize >= set.batch.x.rows;
  const { reportEvery, now, seed } = options;
  const start = options.params ?? problem.init(set.batch.x.columns);
  return await train<Params, Params, Batch>({
    loss: problem.loss,
    params: start,
    data: whole ? set.batch : batches(set, batchSize),
    optimizer: options.optimizer ?? (whole ? lbfgs() : adam()),
    stop: whole ? stopRules(problem, start, set.batch, options) : (options.stop ?? {}),
    ...(epochs === undefined && whole ? {} : { epochs: epochs ?? 100 }),
    ...(validation === undefined ? {} : { validation: validationOf(problem, set, validation) }),
    ...(differentiate === undefined ? {} : { valueAndGradient: differentiate(problem.loss) }),
    ...(signal && { signal }),
    ...(checkpoint && { checkpoint }),
    ...(onReport && { onReport }),
    ...(reportEvery === undefined ? {} : { reportEvery }),
    ...(now && { now }),
    ...(seed === undefined ? {} : { seed }),
  });
}

/** A tolerance in proportion to the first gradient suits targets of any unit. */
function stopRules(
  problem: Problem,
  start: Params,
  batch: Batch,
  { epochs, stop = {} }: FitOptions,
): StopRules {
  const limited = [epochs, stop.steps, stop.seconds].some((limit) => limit !== undefined);
  const gradientNorm =
    stop.gradientNorm ?? 1e-9 * Math.max(1, certify(problem, start, batch).gradientNorm);
  return { ...(limited ? {} : { steps: 10_000 }), ...stop, gradientNorm };
}

function validationOf(
  problem: Problem,
  set: TrainingSet,
  { data, ...rest }: NonNullable<FitOptions['validation']>,
) {
  const batch: Batch = isTable(data)
    ? batchOf(data, set.reading)
    : fromExamples(problem, data).batch;
  if (batch.y instanceof FlatMatrix && batch.y.rows === 0) {
    throw new RangeError('fit: there are no validation rows; give split() a share for them');
  }
  return { ...rest, data: batch, loss: problem.risk };
}

/** A small gradient on the way to infinity is no minimum, whatever the loop's report says. */
function notConverged(result: Result<Params>): Result<Params> {
  const text = String(result).replace(/^converged: /, 'not converged (separable): ');
  const report = { ...result, converged: false };
  Object.defineProperty(report, 'toString', { value: () => text });
  return report;
}

function meanOne({ weights, x }: TrainingSet['batch']): FlatMatrix | undefined {
  if (!(weights instanceof FlatMatrix)) return undefined;
  let total = 0;
  weights.data.forEach((weight, i) => {
    if (!(weight >= 0 && weight < Infinity)) {
      throw new RangeError(`fit: the weight of row ${i + 1} is ${weight}; weights are 0 or more`);
    }
    total += weight;
  });
  if (total === 0) throw new RangeError('fit: all weights are 0, so no row counts');
  return new FlatMatrix(
    x.rows,
    1,
    weights.data.map((weight) => (weight * x.rows) / total),
  );
}

/** Whether every row's own class is the most likely one: a hyperplane then parts the classes. */
function marginsPositive(p: FlatMatrix, y: FlatMatrix): boolean {
  return y.data.every((code, i) => {
    if (p.columns === 1) return code === 1 ? p.data[i] > 0.5 : p.data[i] < 0.5;
    const own = p.data[i * p.columns + code];
    for (let k = 0; k < p.columns; k++) {
      if (k !== code && p.data[i * p.columns + k] >= own) return false;
    }
    return true;
  });
}

function unfinished(result: Result<Params>, { gap, gradientNorm }: Certificate): Caution[] {
  if (result.converged) return [];
  const bound =
    gap === undefined ? '' : `; the objective is at most ${gap.toExponential(1)} above its minimum`;
  return [
    {
      kind: 'not-converged',
      message: `training ended by ${result.reason} with a gradient of norm ${gradientNorm.toExponential(1)}${bound}`,
    },
  ];
}
