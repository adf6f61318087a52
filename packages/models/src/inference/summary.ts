import { FlatMatrix } from '@steepest/autodiff';
import type { Table } from '@steepest/datasets';
import { either, oneOf, option, positive, type Spec, settle } from '@steepest/ground';
import type { WarningKind } from '../checks/warning.ts';
import type { Fitted } from '../fit/model.ts';
import type { Examples } from '../fit/training-set.ts';
import { groupsOf } from './clusters.ts';
import { type Estimation, estimationOf, reported, reportedCovariance } from './estimation.ts';
import type { Summary } from './figures.ts';
import { type Goodness, goodnessOf } from './goodness.ts';
import { type FittedRows, inMemory } from './in-memory.ts';
import { levelOption } from './level.ts';
import { remember } from './memory.ts';
import { profileIntervals } from './profile.ts';
import { type Correction, robustCovariance } from './robust.ts';
import { freeOf, type Sample, sizeOf } from './sample.ts';
import { summaryOf } from './summary-of.ts';

export interface SummaryOptions {
  /** Of the intervals; 0.95 unless given. */
  readonly level?: number;
  /** Wald's, estimate ± quantile · standard error, or by the profile of the likelihood. */
  readonly intervals?: 'wald' | 'profile';
  /**
   * Standard errors that hold where the variance is not as the model says. `HC0` is White's; `HC1` times
   * n/(n − k), `HC2` and `HC3` by leverages, the last for small samples. As R's vcovHC.
   */
  readonly errors?: 'model' | Correction;
  /**
   * The column (or the labels) of groups within which rows depend on each other. With `errors` 'HC0' or
   * 'HC1', of least squares 'HC1' unless given, as R's vcovCL: times G/(G − 1), and (n − 1)/(n − k) by HC1.
   */
  readonly clusters?: string | ArrayLike<unknown>;
  /**
   * By what the model's variance is multiplied: 'estimated' by Pearson's χ² over its degrees of freedom, as
   * R's quasi families, then with t; or a number that is known. Least squares estimate it unless told.
   */
  readonly dispersion?: 'estimated' | number;
}

const corrections = ['HC0', 'HC1', 'HC2', 'HC3'] as const;

const spec = {
  level: levelOption,
  intervals: oneOf(['wald', 'profile'], 'wald'),
  errors: oneOf(['model', ...corrections]),
  clusters: option<string | ArrayLike<unknown>>({
    expected: "a column's name or a label for each row",
    accepts: (x) =>
      typeof x === 'string' ||
      (typeof x === 'object' &&
        x !== null &&
        Number.isSafeInteger((x as { length?: unknown }).length)),
    sample: "'school'",
  }),
  dispersion: either(oneOf(['estimated']), positive()),
} satisfies Spec<SummaryOptions>;

/**
 * The figures a statistician asks of an unpenalized fit, in the units of the raw columns: estimates with
 * standard errors, p-values and intervals, odds or rate ratios, deviances, tests, criteria.
 *
 * `rows` are those that the model was fitted to; the estimates are refined by Fisher scoring first. Of
 * classes, estimates are against the first. Throws a RangeError where the figures would mislead: after a
 * penalty, after separation, before convergence, for other rows, and where no row is left to judge by.
 *
 * ```ts
 * const found = summary(await fit(linearRegression(), train), train);
 * console.log(String(found)); // or found.toMarkdown(), .toLatex(), .toHTML()
 * ```
 */
export function summary(fitted: Fitted, rows: FittedRows, options: SummaryOptions = {}): Summary {
  const operation = 'summary';
  const data = inMemory(operation, rows);
  const settled = settle(operation, options, spec);
  const estimation = estimationOf(operation, fitted, data);
  const { sample, maximum, units } = estimation;
  const { problem, reading, certificate, warnings } = fitted;
  const goodness = goodnessOf(operation, estimation);
  const dispersion = dispersionOf(estimation, goodness, settled.dispersion);
  const robust = robustOf(operation, fitted, data, estimation, settled);
  const covariance =
    robust === undefined
      ? maximum.inverse.map((value) => value * dispersion.value)
      : robustCovariance(operation, estimation, robust);
  const size = maximum.theta.length;
  const found = summaryOf({
    ...goodness,
    family: problem.family,
    target: targetText(fitted),
    names: units.names,
    classes: problem.family.perClass
      ? Array.from({ length: problem.outputs }, (_, k) => reading.classes?.[k] ?? String(k))
      : undefined,
    scale: units.scale,
    intercept: units.intercept,
    estimates: reported(estimation, maximum.theta),
    covariance: new FlatMatrix(size, size, reportedCovariance(estimation, covariance)),
    dispersion,
    rows: sample.x.rows,
    leftOut: estimation.leftOut,
    weights: sample.frequency ? 'frequency' : sample.precision ? 'analytic' : undefined,
    errors: robust?.words,
    level: settled.level,
    profile:
      settled.intervals === 'profile'
        ? profiles(operation, estimation, settled.level, dispersion, robust !== undefined)
        : undefined,
    condition: certificate.condition,
    warnings: warnings.flatMap(({ kind, message }) => (telling.includes(kind) ? [message] : [])),
  });
  remember(found, { estimation, covariance });
  return found;
}

/** What a reader of the figures should know of the fit. */
const telling: readonly WarningKind[] = ['ill-conditioned', 'not-checked', 'perfect-fit'];

function targetText({ problem, reading, classes }: Fitted): string {
  const { target } = reading;
  if (classes === undefined || problem.family.perClass) return target;
  return `${target} = ${classes[1]}`;
}

/** By what the inverse information is multiplied. */
function dispersionOf(
  { sample }: Estimation,
  { count, pearson }: Goodness,
  wanted: SummaryOptions['dispersion'],
): { value: number; estimated: boolean } {
  if (typeof wanted === 'number') return { value: wanted, estimated: false };
  if (wanted === undefined && !sample.family.dispersion) return { value: 1, estimated: false };
  const left = count - freeOf(sample) * sizeOf(sample);
  if (left <= 0) {
    throw new RangeError(
      `summary: ${count} rows and as many coefficients leave nothing to estimate a scale from; leave columns out`,
    );
  }
  const value = pearson / left;
  if (value === 0) {
    throw new RangeError(
      'summary: the fit goes through every row, so that no error is left to judge by; is the target computed from the columns?',
    );
  }
  return { value, estimated: true };
}

function robustOf(
  operation: string,
  fitted: Fitted,
  data: Table | Examples,
  { sample }: Estimation,
  { errors, clusters }: Pick<SummaryOptions, 'errors' | 'clusters'>,
) {
  if (clusters === undefined) {
    if (errors === undefined || errors === 'model') {
      if (sample.family.likelihood === false) throw noLikelihood(operation, sample);
      return undefined;
    }
    refuseClasses(operation, sample, errors);
    return { correction: errors, groups: undefined, clusters: 0, words: wordsOf[errors] };
  }
  const correction = errors ?? (sample.family.quadratic ? 'HC1' : 'HC0');
  if (correction !== 'HC0' && correction !== 'HC1') {
    throw new TypeError(
      `${operation}: errors of clusters are HC0 or HC1, got ${correction}; leave it out`,
    );
  }
  const found = groupsOf(operation, fitted, data, clusters);
  const factor = correction === 'HC1' ? 'G/(G − 1) · (n − 1)/(n − k)' : 'G/(G − 1)';
  const words = `clustered by ${found.name}, G = ${found.count} groups, times ${factor} (${correction})`;
  return { correction, groups: found.groups, clusters: found.count, words };
}

const wordsOf: Readonly<Record<Correction, string>> = {
  HC0: "robust, White's (HC0)",
  HC1: "robust, White's times n/(n − k) (HC1)",
  HC2: 'robust, squared residuals over 1 − leverage (HC2)',
  HC3: 'robust, squared residuals over (1 − leverage)² (HC3)',
};

function noLikelihood(operation: string, { family }: Sample): TypeError {
  return new TypeError(
    `${operation}: the loss of ${family.name} is no likelihood, so that its curvature alone gives no standard errors; ask for errors: 'HC1'`,
  );
}

function refuseClasses(operation: string, { family }: Sample, errors: Correction): void {
  if (!family.perClass || errors === 'HC0' || errors === 'HC1') return;
  throw new TypeError(
    `${operation}: ${errors} needs the leverage of one score, ${family.name} has several; use 'HC1'`,
  );
}

function profiles(
  operation: string,
  estimation: Estimation,
  level: number,
  dispersion: { readonly value: number; readonly estimated: boolean },
  robust: boolean,
): (readonly [number, number])[] | undefined {
  const { family } = estimation.sample;
  const no = (why: string) =>
    new TypeError(`${operation}: profile intervals ${why}; ask for intervals: 'wald'`);
  if (robust) throw no('come from the likelihood, not from robust errors');
  // With the variance at its best, the F profile of least squares is Wald's t interval.
  if (family.quadratic && dispersion.estimated) return undefined;
  if (dispersion.estimated || dispersion.value !== 1) {
    throw no('need a likelihood, and an estimated dispersion has none');
  }
  return profileIntervals(operation, estimation, level);
}
