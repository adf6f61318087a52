import { refusal } from '@steepest/ground';
import { type Printed, printed } from '../document/printed.ts';
import { isFamily } from '../expect.ts';
import type { Estimate, PseudoRSquared, Summary, SummaryFacts, Test } from './figures.ts';
import { summaryDocument } from './summary-document.ts';
import { twoSided, twoSidedQuantile } from './tails.ts';
import { chiSquareTest, fTest, waldTest } from './tests.ts';

/**
 * A summary from coefficients, their covariance, likelihoods and counts alone: for rows that are
 * elsewhere, as in a database. `summary(fitted, table)` finds these facts from rows in memory.
 *
 * ```ts
 * summaryOf({ family, names, estimates, covariance, count, deviance, nullDeviance, ... });
 * ```
 */
export function summaryOf(facts: SummaryFacts): Summary {
  if (typeof facts !== 'object' || facts === null || !isFamily(facts.family)) {
    throw refusal('summaryOf', 'expected the facts of a fit', facts, 'write { family, names, … }');
  }
  const { family, names, covariance, count, intercept, dispersion } = facts;
  const size = facts.estimates.length;
  if (covariance.rows !== size || covariance.columns !== size || size % names.length !== 0) {
    throw new RangeError(
      `summaryOf: ${size} estimates of ${names.length} names, with a covariance of ${covariance.rows}×${covariance.columns}; they must fit together`,
    );
  }
  const level = facts.level ?? 0.95;
  const degreesOfFreedom = count - size;
  const estimated = dispersion.estimated;
  const judge = estimated ? degreesOfFreedom : Infinity;
  const scores = size / names.length;
  const nullDegreesOfFreedom = count - (intercept ? scores : 0);
  const robust = facts.errors !== undefined;
  const tested = nullDegreesOfFreedom - degreesOfFreedom;
  const { logLikelihood, nullLogLikelihood, deviance, nullDeviance } = facts;
  // A quasi likelihood has no value: only ratios to its dispersion.
  const likely = logLikelihood !== undefined && (!estimated || family.dispersion === true);
  const criteria = (k: number) => ({
    aic: -2 * logLikelihood! + 2 * k,
    bic: -2 * logLikelihood! + k * Math.log(count),
  });
  const { aic, bic } = likely ? criteria(size) : { aic: undefined, bic: undefined };
  const value: Omit<Summary, keyof Printed> = {
    model: family.name,
    kind: family.kind,
    target: facts.target,
    classes: facts.classes,
    scale: facts.scale ?? 'raw',
    intercept,
    estimates: estimatesOf(facts, level, judge),
    covariance,
    statistic: estimated ? 't' : 'z',
    level,
    intervals: facts.profile === undefined ? 'wald' : 'profile',
    errors: facts.errors,
    ratio: family.ratio,
    rows: facts.rows,
    leftOut: facts.leftOut ?? 0,
    weights: facts.weights,
    count,
    degreesOfFreedom,
    nullDegreesOfFreedom,
    dispersion,
    residualDeviation: estimated ? Math.sqrt(dispersion.value) : undefined,
    logLikelihood: likely ? logLikelihood : undefined,
    nullLogLikelihood: likely ? nullLogLikelihood : undefined,
    deviance,
    nullDeviance,
    pearson: facts.pearson,
    tjur: facts.tjur,
    aic,
    bic,
    withScale: likely && family.dispersion ? criteria(size + 1) : undefined,
    likelihoodRatio:
      likely && nullLogLikelihood !== undefined && tested > 0 && !robust
        ? chiSquareTest(2 * (logLikelihood - nullLogLikelihood), tested)
        : undefined,
    f:
      estimated && tested > 0 && !robust
        ? fTest((nullDeviance - deviance) / tested / dispersion.value, tested, degreesOfFreedom)
        : undefined,
    wald: robust && tested > 0 ? slopesTest(facts, judge) : undefined,
    rSquared: family.quadratic ? 1 - deviance / nullDeviance : undefined,
    adjustedRSquared: family.quadratic
      ? 1 - deviance / degreesOfFreedom / (nullDeviance / nullDegreesOfFreedom)
      : undefined,
    pseudoRSquared: likely && !family.dispersion ? pseudo(facts) : undefined,
    condition: facts.condition,
    warnings: facts.warnings ?? [],
  };
  return printed(value, summaryDocument);
}

function estimatesOf(facts: SummaryFacts, level: number, judge: number): Estimate[] {
  const { names, classes, estimates, covariance, profile, family } = facts;
  const quantile = twoSidedQuantile(level, judge);
  return Array.from(estimates, (estimate, at): Estimate => {
    const standardError = Math.sqrt(covariance.get(at, at));
    const statistic = estimate / standardError;
    const wide = quantile * standardError;
    const interval = profile?.[at] ?? ([estimate - wide, estimate + wide] as const);
    return {
      name: names[at % names.length],
      output: classes?.[1 + Math.floor(at / names.length)],
      estimate,
      standardError,
      statistic,
      pValue: twoSided(statistic, judge),
      interval,
      ratio:
        family.ratio === undefined
          ? undefined
          : {
              estimate: Math.exp(estimate),
              interval: [Math.exp(interval[0]), Math.exp(interval[1])],
            },
    };
  });
}

function slopesTest(
  { names, intercept, estimates, covariance }: SummaryFacts,
  judge: number,
): Test {
  const slopes = Array.from(estimates, (_, at) => at).filter(
    (at) => !(intercept && at % names.length === 0),
  );
  return waldTest(estimates, covariance, slopes, judge);
}

function pseudo({
  logLikelihood,
  nullLogLikelihood,
  count,
  tjur,
}: SummaryFacts): PseudoRSquared | undefined {
  if (logLikelihood === undefined || nullLogLikelihood === undefined) return undefined;
  const coxSnell = -Math.expm1((2 * (nullLogLikelihood - logLikelihood)) / count);
  return {
    mcFadden: 1 - logLikelihood / nullLogLikelihood,
    coxSnell,
    nagelkerke: coxSnell / -Math.expm1((2 * nullLogLikelihood) / count),
    tjur,
  };
}
