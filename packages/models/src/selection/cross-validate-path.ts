import { FlatMatrix } from '@steepest/autodiff';
import { asTraining, type Preparation, type Table, type Train } from '@steepest/datasets';
import { oneOf, type Spec, settle, text } from '@steepest/ground';
import type { Document } from '../document/document.ts';
import { type Printed, printed } from '../document/printed.ts';
import type { Problem } from '../families/problem.ts';
import { featuresOf } from '../fit/fitted.ts';
import { measureInWords } from '../metrics/measure.ts';
import type { PathOptions } from '../path/options.ts';
import { path } from '../path/path.ts';
import type { Path } from '../path/path-of-models.ts';
import { type AcrossFolds, acrossFolds } from './across-folds.ts';
import { type FoldOfPlan, type FoldsOption, foldPlan, groupAsFeature } from './fold-plan.ts';
import { type JudgedBy, judgedBy, shortfall } from './judged-by.ts';

/** Those of `path`, how rows are parted, and the measure to judge by. */
export interface CrossValidatePathOptions extends FoldsOption, Omit<PathOptions, 'preparation'> {
  /** Fitted in every fold anew, to its training rows alone. */
  readonly preparation?: Preparation;
  /** The log loss, deviance or mean squared error of the family unless given. */
  readonly by?: string | undefined;
  /** Whether less or more of it is better, where that is not known by its name. */
  readonly best?: 'lowest' | 'highest' | undefined;
}

/** A strength of the penalty, judged on rows that its models did not learn from. */
export interface ValidatedPoint extends AcrossFolds {
  readonly lambda: number;
  /** Columns with a coefficient that is not 0 in the fit to all rows. */
  readonly df: number;
}

/** Strengths of a penalty, judged; prints as a table. */
export interface PathValidation extends Printed {
  /** The path of all rows; `path.at(lambda1se)` is a fitted model. */
  readonly path: Path;
  readonly how: string;
  readonly by: JudgedBy;
  readonly points: readonly ValidatedPoint[];
  /** The λ with the best mean. */
  readonly lambdaMin: number;
  /** The largest λ whose mean is within one standard error of the best. */
  readonly lambda1se: number;
}

const none = { by: text(), best: oneOf(['lowest', 'highest']) } satisfies Spec<
  Pick<CrossValidatePathOptions, 'by' | 'best'>
>;

/**
 * Judges the strengths of a penalty by cross-validation, as R's cv.glmnet does: the path of all rows says
 * which λ, each fold goes through them with its own preparation and standardization, and beside the best λ
 * stands the largest within one standard error of it (Breiman et al., 1984). Rejects as `path` and
 * `crossValidate` do.
 *
 * ```ts
 * const judged = await crossValidatePath(logisticRegression(), train, { folds: 10 });
 * judged.path.at(judged.lambda1se).predict(rows);
 * ```
 */
export async function crossValidatePath(
  problem: Problem,
  table: Train<Table> | Table,
  options: CrossValidatePathOptions = {},
): Promise<PathValidation> {
  const { folds, by: measure, best, ...others } = options ?? {};
  const judge = settle('crossValidatePath', { by: measure, best }, none);
  const plan = foldPlan('crossValidatePath', problem, table, folds, others);
  const by = judgedBy('crossValidatePath', problem, judge.by, judge.best);
  const whole = await path(problem, asTraining(table), others);
  const lambdas = whole.points.map(({ lambda }) => lambda);
  const { count: _count, ratio: _ratio, stop: _stop, ...same } = others;
  const figures: number[][] = [];
  for (const fold of plan.folds) {
    const own = await path(problem, fold.train, { ...same, lambdas, target: plan.target });
    figures.push(figuresOf(own, fold, by, plan.group));
  }
  const rows = plan.folds.map(({ validation }) => validation.rows);
  const points = whole.points.map(
    ({ lambda, df }, k): ValidatedPoint => ({
      lambda,
      df,
      ...acrossFolds(
        figures.map((own) => own[k]),
        rows,
      ),
    }),
  );
  const figure = ({ mean }: ValidatedPoint) => shortfall(by, mean);
  const least = points.reduce((a, b) => (figure(b) < figure(a) ? b : a));
  const bound = figure(least) + least.standardError;
  const simplest = points.find((point) => figure(point) <= bound) ?? least;
  return printed<Omit<PathValidation, keyof Printed>>(
    {
      path: whole,
      how: plan.how,
      by,
      points,
      lambdaMin: least.lambda,
      lambda1se: simplest.lambda,
    },
    documentOf,
  );
}

/** The measure of the held-out rows at every point of a fold's path. */
function figuresOf(
  own: Path,
  { validation }: FoldOfPlan,
  { measure }: JudgedBy,
  group: string | undefined,
): number[] {
  const { reading, problem } = own.at(own.points[0].lambda);
  if (group !== undefined && reading.preparation?.features.includes(group)) {
    throw groupAsFeature('crossValidatePath', group);
  }
  const { x, offset } = featuresOf(validation, reading);
  const codes = problem.family.target.codes(validation, reading.target, reading.classes ?? []);
  const y = new FlatMatrix(validation.rows, 1, codes);
  return own.points.map(({ params }) =>
    problem.family.measures[measure](problem.predict(params, x, offset), y),
  );
}

const mostPrinted = 22;

function documentOf(of: Omit<PathValidation, keyof Printed>): Document {
  const { path: whole, how, by, points, lambdaMin, lambda1se } = of;
  const step = Math.max(1, (points.length - 1) / (mostPrinted - 1));
  const even = Array.from({ length: Math.min(points.length, mostPrinted) }, (_, k) =>
    Math.round(k * step),
  );
  const chosen = [lambdaMin, lambda1se].map((lambda) =>
    points.findIndex((point) => point.lambda === lambda),
  );
  const shown = [...new Set([...even, ...chosen])].sort((a, b) => a - b);
  return {
    title: `path of ${whole.problem.name}, ${whole.penalty}, cross-validated: ${how}`,
    parts: [
      {
        kind: 'grid',
        header: ['', 'lambda', 'df', measureInWords(by.measure), 'standard error'],
        rows: shown.map((k) => {
          const { lambda, df, mean, standardError } = points[k];
          const marks = [
            ...(lambda === lambdaMin ? ['min'] : []),
            ...(lambda === lambda1se ? ['1se'] : []),
          ];
          return [marks.join(' '), ...[lambda, df, mean, standardError].map(five)];
        }),
      },
    ],
  };
}

function five(value: number): string {
  return String(Number(value.toPrecision(5)));
}
