import type { Features, Table, Train } from '@steepest/datasets';
import { answered, argument, nonNegative, required } from '@steepest/ground';
import type { Params } from '../families/batch.ts';
import {
  fromGlmnet,
  noPenalty,
  type Penalty,
  penalizes,
  refuseMixed,
} from '../families/penalty.ts';
import type { Problem } from '../families/problem.ts';
import { coefficientsOf } from '../fit/coefficients.ts';
import { fittedOf, namesOfClasses } from '../fit/fitted.ts';
import { refuseIdleOptions } from '../fit/idle-options.ts';
import { refuseStrangers } from '../fit/known-options.ts';
import { type ReadData, readRows, readyExamples } from '../fit/read-rows.ts';
import { inMemory } from '../fit/sparse.ts';
import type { Examples } from '../fit/training-set.ts';
import { measure } from '../metrics/measure.ts';
import { certificateOf } from '../penalized/certificate.ts';
import type { Solved } from '../penalized/descent.ts';
import { kept, PenalizedTask } from '../penalized/penalized-task.ts';
import { asRows } from '../rows/as-rows.ts';
import { blockOf } from '../solve/blocks.ts';
import { geometric, largestLambda } from './lambdas.ts';
import { type PathOptions, type SettledPath, settledPath } from './options.ts';
import type { Path, PathPoint } from './path-of-models.ts';
import { plotPath, printPath } from './print.ts';

/**
 * Fits a problem for many strengths λ of a penalty, each from the one before: (1/n) Σ loss + λ (α Σ|w| +
 * (1 − α)/2 Σ w²), the intercept without a penalty; with `group`, α Σ √m ‖w_g‖₂ over groups of columns. The
 * numbers of R's glmnet come with `penalty: glmnet({ alpha })`.
 *
 * Proximal Newton with coordinate descent on Gram matrices; for least squares, one pass over the rows. Every
 * point is certified by its duality gap. Rejects as `fit` does where the data allow no model, but not for
 * columns that depend on each other or are many.
 *
 * ```ts
 * const lasso = await path(logisticRegression(), train, { target: 'benign', count: 50 });
 * console.log(String(lasso), lasso.at(lasso.points[20].lambda).predict(rows));
 * ```
 */
export async function path(
  problem: Problem,
  data: Train<Table> | Examples | Features,
  options: PathOptions = {},
): Promise<Path> {
  refuseStrangers(problem, data, 'path');
  const settled = settledPath(options);
  refusePenalty(problem);
  const rows = asRows(data);
  refuseIdleOptions(problem, options, rows !== undefined, 'path');
  await rows?.begin?.();
  try {
    const read =
      rows === undefined
        ? readyExamples(problem, data as Examples | Features)
        : await answered(readRows(problem, rows, options));
    try {
      return await solved(read, shapeOf(problem, settled), settled);
    } finally {
      read.examples.end?.();
    }
  } finally {
    await rows?.end?.();
  }
}

/** The penalty of λ = 1. */
function shapeOf(problem: Problem, settled: PathOptions): Penalty {
  const { penalty, alpha = 1, group = false, groups, standardize = false, factors } = settled;
  const perClass = problem.family.perClass;
  if (penalty === undefined) {
    const shape = {
      ...noPenalty,
      [group ? 'group' : 'l1']: alpha,
      l2: 1 - alpha,
      groups,
      standardize,
      factors,
    };
    refuseMixed('path', { ...shape, group: group ? 1 : 0 }, perClass);
    return shape;
  }
  const beside = { alpha: settled.alpha, group: group || undefined, groups, factors };
  const idle = Object.entries({ ...beside, standardize: standardize || undefined });
  const [given] = idle.find(([, value]) => value !== undefined) ?? [];
  if (given !== undefined) {
    throw new TypeError(`path: ${given} has no effect beside a penalty; say it in glmnet()`);
  }
  if (penalty.lambda === undefined) return fromGlmnet(penalty, 1);
  throw new TypeError(
    'path: glmnet() has a lambda, and a path has many; give lambdas, or count, beside the penalty',
  );
}

function refusePenalty({ penalty }: Problem): void {
  if (!penalizes(penalty)) return;
  throw new TypeError(
    'path: the problem has a penalty already; write it without, the path adds its own',
  );
}

async function solved(read: ReadData, shape: Penalty, settled: SettledPath): Promise<Path> {
  const { problem, names, reading, examples, moments } = read;
  const { batch } = inMemory('path', examples);
  const block = blockOf(batch);
  const warnings = await examples.target();
  const constant = warnings.find(({ kind }) => kind === 'constant-target');
  if (constant !== undefined) {
    throw new RangeError(`path: ${constant.message}; is it the right column?`);
  }
  const raw = reading.preparation?.features ?? [];
  const { threads, signal, tolerance } = settled;
  const task = new PenalizedTask({
    operation: 'path',
    problem,
    penalty: shape,
    block,
    moments,
    names,
    raw,
    threads,
  });
  const { span } = task;
  const accuracy = task.accuracy(tolerance);
  const descent = task.descent();
  const base = task.strengths(shape);
  const free = base.l1.some((l1, j) => l1 === 0 && base.l2[j] === 0) && shape.group === 0;
  if (free) {
    // Columns without a penalty are in the null model of the path.
    descent.to({ ...base, l1: base.l1.map((l1) => (l1 > 0 ? kept : 0)) }, accuracy);
  }
  const sharp = shape.l1 + shape.group;
  const largest =
    sharp > 0
      ? largestLambda(descent.slope, base, kept)
      : largestLambda(descent.slope, task.strengths({ ...shape, l1: 1e-3, l2: 0 }), kept);
  const lambdas = lambdasOf(settled, largest, batch.x.rows, batch.x.columns);
  const outputs = Array.from({ length: problem.outputs }, (_, k) =>
    problem.outputs === 1 ? undefined : (reading.classes?.[k] ?? String(k)),
  );
  const points: PathPoint[] = [];
  const ends: Solved[] = [];
  for (const lambda of lambdas) {
    const found = descent.to(task.strengths(times(shape, lambda)), accuracy, signal);
    const params = task.params(found.at);
    ends.push(found);
    points.push({
      lambda,
      df: columnsIn(params),
      devianceExplained: 1 - (found.slope.value - task.least) / span,
      objective: found.objective,
      gap: found.gap,
      converged: found.gap <= accuracy.enough,
      steps: found.steps,
      get coefficients() {
        return coefficientsOf(params, names, outputs, reading.preparation);
      },
      params,
    });
    if (found.reason === 'aborted') break;
    if (settled.stop === 'glmnet' && endsGlmnet(points)) break;
  }
  const labels = namesOfClasses(problem, reading);
  const result: Path = {
    problem,
    penalty: textOf(shape),
    points,
    largestLambda: largest,
    nullRisk: span,
    names,
    at(lambda) {
      argument('path.at', 'lambda', lambda, required(nonNegative()));
      const k = points.findIndex((one) => Math.abs(one.lambda - lambda) <= 1e-9 * one.lambda);
      if (k < 0) throw noSuch(lambda, points);
      const { params, converged, steps } = points[k];
      const penalty = times(shape, points[k].lambda);
      const predicted = problem.predict(params, batch.x, batch.offset);
      const how = converged ? 'the minimum' : ends[k].reason;
      return fittedOf({
        problem: problem.withPenalty(penalty),
        params,
        reading,
        names,
        converged,
        ending: `${how}, by ${steps} proximal Newton ${steps === 1 ? 'step' : 'steps'} from the point before`,
        certificate: certificateOf(task, ends[k], task.strengths(penalty)),
        metrics: measure(problem, predicted, batch.y, labels),
        warnings,
        seed: 0,
        report: undefined,
      });
    },
    plot: (size) => plotPath(result, size),
  };
  Object.defineProperty(result, 'toString', { value: () => printPath(result) });
  return result;
}

function times(shape: Penalty, lambda: number): Penalty {
  const { l1, l2, group } = shape;
  return { ...shape, l1: l1 * lambda, l2: l2 * lambda, group: group * lambda };
}

function lambdasOf(
  { lambdas, count, ratio }: SettledPath,
  largest: number,
  rows: number,
  columns: number,
): readonly number[] {
  if (lambdas === undefined)
    return geometric(largest, ratio ?? (rows < columns ? 1e-2 : 1e-4), count);
  if (ratio !== undefined) {
    throw new TypeError('path: ratio has no effect beside lambdas; leave one of them out');
  }
  if (lambdas.length === 0) throw new RangeError('path: lambdas is empty; give some, or count');
  return [...lambdas].sort((a, b) => b - a);
}

/** Columns with a coefficient that is not 0. */
function columnsIn({ w }: Params): number {
  let count = 0;
  for (let j = 0; j < w.rows; j++) {
    let k = j * w.columns;
    const end = k + w.columns;
    while (k < end && w.data[k] === 0) k++;
    if (k < end) count++;
  }
  return count;
}

/** glmnet's rules: devmax 0.999, and from the fifth point on fdev 1e-5. */
function endsGlmnet(points: readonly PathPoint[]): boolean {
  const now = points[points.length - 1].devianceExplained;
  if (now > 0.999) return true;
  if (points.length < 5) return false;
  return now - points[points.length - 2].devianceExplained < 1e-5 * now;
}

function noSuch(lambda: number, points: readonly PathPoint[]): RangeError {
  const near = points.reduce((best, one) =>
    Math.abs(Math.log(one.lambda / lambda)) < Math.abs(Math.log(best.lambda / lambda)) ? one : best,
  );
  return new RangeError(
    `path.at: ${lambda} is none of the path's values; the nearest is ${near.lambda}, or list it in lambdas`,
  );
}

function textOf({ l1, l2, group, standardize, factors, glmnet }: Penalty): string {
  const alpha = l1 + group;
  const w = standardize ? 'coefficients times deviations' : 'coefficients';
  const kind =
    group > 0 ? 'group lasso' : l2 === 0 ? 'lasso' : alpha === 0 ? 'ridge' : 'elastic net';
  return [
    `${kind}${l2 > 0 && alpha > 0 ? ` (alpha ${alpha})` : ''} of ${w}`,
    ...(factors === undefined ? [] : ['with factors']),
    ...(glmnet ? ["glmnet's conventions"] : []),
  ].join(', ');
}
