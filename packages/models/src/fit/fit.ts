import type { FlatMatrix } from '@steepest/autodiff';
import type { Features, Table, Train } from '@steepest/datasets';
import type { Result } from '@steepest/optim';
import type { Warning } from '../checks/warning.ts';
import type { Params } from '../families/batch.ts';
import type { Problem } from '../families/problem.ts';
import { measure } from '../metrics/measure.ts';
import { centred } from './centred.ts';
import { type Certificate, certify } from './certificate.ts';
import { fittedOf, namesOfClasses } from './fitted.ts';
import { refuseIdleOptions } from './idle-options.ts';
import { refuseStrangers, refuseUnknownOptions } from './known-options.ts';
import type { Fitted } from './model.ts';
import type { FitOptions } from './options.ts';
import { notConverged, run } from './run.ts';
import { type Examples, fromExamples, fromTable, isTable } from './training-set.ts';
import { separableWarning, separationOf, warningsOf } from './warnings.ts';
import { withMeanWeightOne } from './weights.ts';

/**
 * Fits a problem to training rows: prepares them, checks them, trains by optim's loop, measures.
 *
 * `data` is a training table (`split`, `asTraining`), or numbers that are prepared already. The
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
export async function fit(
  given: Problem,
  data: Train<Table> | Examples | Features,
  options: FitOptions = {},
): Promise<Fitted> {
  refuseStrangers(given, data);
  refuseUnknownOptions(options);
  refuseIdleOptions(given, options, isTable(data));
  const read = isTable(data) ? fromTable(given, data, options) : fromExamples(given, data);
  const { problem } = read;
  const warnings = warningsOf(problem, read, options.allow ?? []);
  const set = { ...read, batch: withMeanWeightOne(read.batch) };
  const found = separationOf(problem, set);
  const result = await run(problem, set, options);
  const params = centred(problem, result.params);
  const certificate = certify(problem, params, set.batch);
  const predicted = problem.predict(params, set.batch.x, set.batch.offset);
  const labels = namesOfClasses(problem, set.reading);
  const parted =
    found === 'not checked' && labels.length > 0 && marginsPositive(predicted, set.batch.y)
      ? 'complete'
      : found;
  const separable = parted === 'complete' || parted === 'quasi';
  const unbounded = separable || warnings.some(({ kind }) => kind === 'class-without-rows');
  const certified = result.reason !== 'gradientSmall' && isTiny(certificate);
  const converged = (result.converged || certified) && !unbounded;
  return fittedOf({
    problem,
    params,
    reading: set.reading,
    names: set.names,
    converged,
    ending: unbounded
      ? `stopped by ${result.reason}, but there is no minimum to converge to`
      : `${result.reason}, ${result.message}${certified ? '; the gradient proves the minimum reached' : ''}`,
    certificate,
    metrics: measure(problem, predicted, set.batch.y, labels),
    warnings: [
      ...warnings,
      ...(isTable(data) ? orderWarnings(data) : []),
      ...(parted === 'none' ? [] : [separableWarning(problem, parted, set, labels)]),
      ...(unbounded || converged ? [] : [unfinished(result, certificate)]),
    ],
    seed: options.seed ?? 0,
    report: unbounded ? notConverged(result) : result,
  });
}

/** What `split` noticed about rows that were parted in their order: it concerns every figure. */
function orderWarnings(table: Table): Warning[] {
  return table.warnings.flatMap(({ kind, message }) =>
    kind === 'rows-in-order' ? [{ kind, message }] : [],
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

/** Whether the bound says that no more than rounding is left to gain. */
function isTiny({ gap, objective }: Certificate): boolean {
  return gap !== undefined && gap <= 1e-12 * Math.abs(objective);
}

function unfinished({ reason }: Result<Params>, { gap, gradientNorm }: Certificate): Warning {
  const bound =
    gap === undefined ? '' : `; the objective is at most ${gap.toExponential(1)} above its minimum`;
  return {
    kind: 'not-converged',
    message: `training ended by ${reason} with a gradient of norm ${gradientNorm.toExponential(1)}${bound}`,
  };
}
