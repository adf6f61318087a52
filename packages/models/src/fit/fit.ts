import type { Columns, DiskTable, Features, Table, Train } from '@steepest/datasets';
import { answered } from '@steepest/ground';
import type { Warning } from '../checks/warning.ts';
import { isSparse, penalizes } from '../families/penalty.ts';
import type { Problem } from '../families/problem.ts';
import { asRows } from '../rows/as-rows.ts';
import type { Rows } from '../rows/rows.ts';
import { type Certificate, certified, measuredAt } from '../solve/certificate.ts';
import { type Exact, exact } from '../solve/exact.ts';
import { wellConditioned } from '../solve/factor.ts';
import type { Goal } from '../solve/newton.ts';
import { taskOf } from '../solve/task.ts';
import { centred } from './centred.ts';
import { fittedOf, namesOfClasses } from './fitted.ts';
import { refuseIdleOptions } from './idle-options.ts';
import { checkOptions, refuseStrangers } from './known-options.ts';
import type { Fitted, RowOfColumns } from './model.ts';
import { asksForRun, type FitOptions } from './options.ts';
import { type ReadData, readRows, readyExamples } from './read-rows.ts';
import { notConverged, run } from './run.ts';
import { fitSparse } from './sparse.ts';
import type { Examples } from './training-set.ts';
import { separableWarning, separationOf, warningsOf } from './warnings.ts';

/** What can be fitted to: training rows in memory, on disk or elsewhere, or numbers that are prepared already. */
export type TrainingData = Train<Table> | Train<DiskTable> | Rows | Examples | Features;

/**
 * Fits a problem to training rows: prepares them, checks them, trains by optim's loop, measures.
 *
 * `data` is a training table (`split`, `asTraining`), in memory or on disk, or numbers that are prepared already. The
 * preparation is fitted on these rows alone. Weights are scaled to mean 1 first, so that a weight of
 * two counts as the row given twice. Rejects with a CsvError (reason: 'one-class', 'labels-not-0-1',
 * 'rank-deficient', 'constant-column', 'too-few-rows', …) where there is no model to be had;
 * what else a reader should know is in `warnings`.
 *
 * ```ts
 * const fitted = await fit(logisticRegression({ l2: 0.01 }), train, { target: 'benign' });
 * fitted.predict([{ radius: 14.2, texture: '19.6' }]).get(0, 0); // a probability
 * ```
 */
export async function fit<C extends Columns, F extends keyof C & string = never>(
  problem: Problem,
  data: Train<Table<C>> | Train<DiskTable<C>>,
  options?: Omit<FitOptions, 'features'> & { readonly features?: readonly F[] },
): Promise<Fitted<RowOfColumns<C, F>>>;
export async function fit(
  problem: Problem,
  data: TrainingData,
  options?: FitOptions,
): Promise<Fitted>;
export async function fit(
  given: Problem,
  data: TrainingData,
  options: FitOptions = {},
): Promise<Fitted> {
  refuseStrangers(given, data);
  checkOptions(options);
  const rows = asRows(data);
  refuseIdleOptions(given, options, rows !== undefined);
  await rows?.begin?.();
  try {
    const read =
      rows === undefined
        ? readyExamples(given, data as Examples | Features)
        : await answered(readRows(given, rows, options));
    try {
      return await fitRead(read, options);
    } finally {
      read.examples.end?.();
    }
  } finally {
    await rows?.end?.();
  }
}

async function fitRead(read: ReadData, options: FitOptions): Promise<Fitted> {
  const { problem, examples, moments, reading, names } = read;
  const warnings = await answered(warningsOf(read, options.allow ?? []));
  if (isSparse(problem.penalty)) return await fitSparse(read, options, warnings);
  const penalized = penalizes(problem.penalty);
  const open = penalized ? 0 : directionsLeftOpen(warnings);
  const task = await answered(taskOf(problem, examples, moments, open));
  const ran = asksForRun(options) ? await run(task, read, options) : undefined;
  const found =
    ran === undefined ? await answered(exact(task, options.params, options.signal)) : undefined;
  const params = centred(problem, (ran ?? found)!.params);
  const measured = found?.measured ?? (await answered(measuredAt(task, params)));
  const { certificate, isMinimum } = await answered(certified(task, measured));
  const labels = namesOfClasses(problem, reading);
  const metrics = await examples.metrics(task.objective.affine(measured.theta), labels);
  const ranAway = found?.reason === 'running away';
  const noClass = warnings.some(({ kind }) => kind === 'class-without-rows');
  const parted = isMinimum || noClass ? 'none' : await answered(separationOf(read));
  // Newton's method that runs away is a proof too, where the checks found none.
  const verdict = ranAway && parted !== 'complete' && !noClass ? 'quasi' : parted;
  const separable = verdict === 'complete' || verdict === 'quasi';
  const unbounded = separable || noClass;
  const converged = isMinimum && !unbounded;
  const how = ran === undefined ? methodOf(found!) : `${ran.reason}, ${ran.message}`;
  return fittedOf({
    problem,
    params,
    reading,
    names,
    converged,
    ending: unbounded ? `${how}; but there is no minimum to converge to` : how,
    certificate,
    metrics,
    warnings: [
      ...warnings,
      ...(await answered(read.notes())),
      ...(await examples.imbalance(labels)),
      ...perfectWarnings(problem, certificate, task.goal, warnings),
      ...(open > 0 || penalized || unbounded ? [] : conditionWarnings(certificate)),
      ...(verdict === 'none' ? [] : [await answered(separableWarning(read, verdict, labels))]),
      ...(unbounded || converged ? [] : [unfinished(ran?.reason ?? found!.reason, certificate)]),
    ],
    seed: options.seed ?? 0,
    report: ran && unbounded ? notConverged(ran) : ran,
  });
}

function methodOf({ reason, method }: Exact): string {
  return `${reason === 'minimum' ? 'the minimum' : reason}, by ${method}`;
}

/** Columns that depend on others leave as many directions open. */
function directionsLeftOpen(warnings: readonly Warning[]): number {
  return warnings.reduce((open, { kind, columns = [] }) => {
    if (kind === 'rank-deficient') return open + 1;
    if (kind === 'too-few-rows') return Infinity;
    return kind === 'constant-column' ? open + columns.length : open;
  }, 0);
}

/** Columns that nearly depend on each other: by as many digits the coefficients are less sure. */
function conditionWarnings({ condition = 1 }: Certificate): Warning[] {
  if (condition <= wellConditioned) return [];
  const digits = Math.min(16, Math.round(Math.log10(condition)));
  return [
    {
      kind: 'ill-conditioned',
      message: `some columns nearly depend on others (condition number ${condition.toExponential(1)}): a change in the ${Math.max(1, 16 - digits)}th digit of the data can change coefficients wholly; leave one of them out, or ask for a penalty, l2`,
    },
  ];
}

/** Least squares that leave nothing: what was to be learned may be among the columns. */
function perfectWarnings(
  { family, l2 }: Problem,
  { objective }: Certificate,
  { span }: Goal,
  others: readonly Warning[],
): Warning[] {
  const few = others.some(({ kind }) => kind === 'exact-fit' || kind === 'too-few-rows');
  if (!family.quadratic || l2 > 0 || few || !(objective <= 1e-22 * span)) return [];
  return [
    {
      kind: 'perfect-fit',
      message:
        'the fit goes through every row up to rounding: standard errors mean nothing; is the target computed from the columns?',
    },
  ];
}

function unfinished(reason: string, { gap, gradientNorm, decrement }: Certificate): Warning {
  const bound =
    gap === undefined ? `about ${decrement.toExponential(1)}` : `at most ${gap.toExponential(1)}`;
  return {
    kind: 'not-converged',
    message: `training ended by ${reason} with a gradient of norm ${gradientNorm.toExponential(1)}; the objective is ${bound} above its minimum`,
  };
}
