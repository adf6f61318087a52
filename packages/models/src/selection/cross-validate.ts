import { FlatMatrix } from '@steepest/autodiff';
import type { Preparation, Table, Train } from '@steepest/datasets';
import { type Printed, printed } from '../document/printed.ts';
import type { Problem } from '../families/problem.ts';
import { fit } from '../fit/fit.ts';
import { namesOfClasses } from '../fit/fitted.ts';
import type { FitOptions } from '../fit/options.ts';
import { measure, measuresIn } from '../metrics/measure.ts';
import { acrossFolds } from './across-folds.ts';
import type { CrossValidation, HeldOut, ValidatedFold } from './cross-validation.ts';
import { crossValidationDocument } from './cross-validation-document.ts';
import {
  type FoldOfPlan,
  type FoldPlan,
  type FoldsOption,
  foldPlan,
  groupAsFeature,
} from './fold-plan.ts';
import { warningsOfFolds } from './warnings-of-folds.ts';

/** Those of `fit`, but for what cannot be the same in every fold, and how rows are parted. */
export interface CrossValidateOptions
  extends FoldsOption,
    Omit<FitOptions, 'validation' | 'checkpoint' | 'preparation'> {
  /** Fitted in every fold anew, to its training rows alone. */
  readonly preparation?: Preparation;
}

/**
 * Fits a problem on k − 1 parts of a table and measures it on the part left out, k times: preparation,
 * standardization and all are fitted to the training rows of each fold alone. Folds are drawn by seed (1),
 * stratified by a target of labels; `folds: { k, group }` keeps groups together, `{ k, time }` learns
 * from the past alone. Means count folds by their rows. Rejects as `fit` does, for a preparation that is
 * fitted already, for more folds than rows, and where a fold lacks a class.
 *
 * ```ts
 * const judged = await crossValidate(logisticRegression({ l2: 0.01 }), train, { folds: 10 });
 * judged.measures.logLoss.mean; // ± judged.measures.logLoss.standardError
 * ```
 */
export async function crossValidate(
  problem: Problem,
  table: Train<Table> | Table,
  options: CrossValidateOptions = {},
): Promise<CrossValidation> {
  const { folds: settings, ...fitting } = options ?? {};
  const plan = foldPlan('crossValidate', problem, table, settings, fitting);
  refuseIdle(fitting);
  return validated(problem, plan, fitting);
}

/** The folds of a plan, one after the other. */
export async function validated(
  problem: Problem,
  plan: FoldPlan,
  options: FitOptions,
): Promise<CrossValidation> {
  const judged: Judged[] = [];
  for (const fold of plan.folds) judged.push(await judgedFold(problem, plan, fold, options));
  const folds = judged.map(({ fold }) => fold);
  const names = measuresIn(folds[0].metrics).map(([name]) => name);
  const rows = folds.map((fold) => fold.rows.validation);
  const figure = (name: string) =>
    acrossFolds(
      folds.map(({ metrics }) => new Map(measuresIn(metrics)).get(name) ?? Number.NaN),
      rows,
    );
  return printed<Omit<CrossValidation, keyof Printed>>(
    {
      problem: folds[0].fitted.problem,
      how: plan.how,
      target: plan.target,
      folds,
      measures: Object.fromEntries(names.map((name) => [name, figure(name)])),
      heldOut: together(judged),
      warnings: warningsOfFolds(folds.map(({ fitted }) => fitted.warnings)),
    },
    crossValidationDocument,
  );
}

interface Judged {
  readonly fold: ValidatedFold;
  readonly rows: Int32Array;
  readonly predicted: FlatMatrix;
  readonly y: FlatMatrix;
}

async function judgedFold(
  problem: Problem,
  { target, group }: FoldPlan,
  { train, validation, rows }: FoldOfPlan,
  options: FitOptions,
): Promise<Judged> {
  const fitted = await fit(problem, train, { ...options, target });
  const { reading, problem: own } = fitted;
  if (group !== undefined && reading.preparation?.features.includes(group)) {
    throw groupAsFeature('crossValidate', group);
  }
  const predicted = fitted.predict(validation);
  const codes = own.family.target.codes(validation, target, reading.classes ?? []);
  const y = new FlatMatrix(validation.rows, 1, codes);
  const metrics = measure(own, predicted, y, namesOfClasses(own, reading));
  const counts = { train: train.rows, validation: validation.rows };
  return { fold: { rows: counts, fitted, metrics }, rows, predicted, y };
}

/** The held-out rows of all folds in the order of the table. */
function together(folds: readonly Judged[]): HeldOut {
  const places = folds
    .flatMap(({ rows }, k) => Array.from(rows, (row, i) => ({ row, k, i })))
    .sort((a, b) => a.row - b.row);
  const { columns } = folds[0].predicted;
  const predicted = new FlatMatrix(places.length, columns);
  const y = new FlatMatrix(places.length, 1);
  places.forEach(({ k, i }, to) => {
    const from = folds[k].predicted.data.subarray(i * columns, (i + 1) * columns);
    predicted.data.set(from, to * columns);
    y.data[to] = folds[k].y.data[i];
  });
  return { rows: Int32Array.from(places, ({ row }) => row), predicted, y };
}

/** Options that folds cannot share. */
function refuseIdle(options: FitOptions): void {
  const why = {
    validation: 'is one set of rows, and every fold holds out its own; leave it out',
    checkpoint: 'is of one run, and every fold is a run of its own; leave it out',
  };
  for (const [name, reason] of Object.entries(why)) {
    if (options[name as keyof typeof why] === undefined) continue;
    throw new TypeError(`crossValidate: the option ${name} ${reason}`);
  }
}
