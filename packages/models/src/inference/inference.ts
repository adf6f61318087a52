import { FlatMatrix, item, matmul, matmulRight } from '@steepest/autodiff';
import type { FittedPreparation, Table } from '@steepest/datasets';
import { expectFitted } from '../expect.ts';
import type { Fitted } from '../fit/model.ts';
import {
  type Examples,
  fromExamples,
  isTable,
  rowsOf,
  type TrainingSet,
} from '../fit/training-set.ts';
import { withMeanWeightOne } from '../fit/weights.ts';
import { type AtMaximum, countOf, logLikelihood, pearson } from './likelihood.ts';
import { maximum } from './newton.ts';

/** How sure a coefficient is. */
export interface Estimate {
  readonly name: string;
  readonly estimate: number;
  readonly standardError: number;
  /** estimate / standardError: t of least squares, z of the others. */
  readonly statistic: number;
}

/** The usual summary of an unpenalized fit, in raw units; prints as a table. */
export interface Inference {
  /** The intercept first, where there is one. */
  readonly estimates: readonly Estimate[];
  /** Of the estimates, in their order. */
  readonly covariance: FlatMatrix;
  readonly statistic: 't' | 'z';
  /** Rows (by their frequencies) less coefficients: what t and the residual deviation are counted by. */
  readonly degreesOfFreedom: number;
  /** √(Pearson's statistic / degreesOfFreedom) where a scale is estimated: of least squares, √(RSS / df). */
  readonly residualDeviation: number | undefined;
  readonly logLikelihood: number;
  /** −2 log L + 2k, k the number of coefficients. */
  readonly aic: number;
  /** −2 log L + k log n. */
  readonly bic: number;
  toString(): string;
}

/**
 * Standard errors from the curvature of the likelihood, (AᵀWA)⁻¹, in the units of the raw columns.
 *
 * `data` are the rows that the model was fitted to. The estimates are refined by steps of Newton's
 * method first. No p-values: they need distribution functions that this package does not have. Throws
 * where such figures would mislead: after a penalty, after separation or a run that did not converge,
 * for other rows; and for softmax regression and weighted counts, which are not offered.
 *
 * ```ts
 * const { estimates, aic } = inference(await fit(linearRegression(), train), train);
 * console.log(String(inference(fitted, train)));
 * ```
 */
export function inference(fitted: Fitted, data: Table | Examples): Inference {
  expectFitted('inference', fitted);
  const { problem, params, reading } = fitted;
  const { family, intercept } = problem;
  const { batch: read, analytic } = isTable(data)
    ? rowsOf(problem, data, reading)
    : fromExamples(problem, data);
  refuse(fitted, read);
  const { x, y } = read;
  const weights = read.weights?.data;
  const found = maximum({
    family,
    x,
    y,
    intercept,
    weights,
    offset: read.offset?.data,
    theta: Float64Array.of(...(intercept ? [params.b as number] : []), ...params.w.data),
  });
  const size = found.theta.length;
  const at: AtMaximum = { family, scores: found.scores, y, weights, analytic };
  const count = countOf(at);
  const degreesOfFreedom = count - size;
  const scaled = family.dispersion ?? false;
  const variance = scaled ? pearson(at) / degreesOfFreedom : 1;
  const { names, change } = toRaw(reading.preparation, fitted.names, intercept);
  const estimates = matmul(change, new FlatMatrix(size, 1, found.theta)).data;
  const inverse = new FlatMatrix(
    size,
    size,
    found.inverse.map((v) => v * variance),
  );
  const covariance = matmulRight(matmul(change, inverse), change);
  const likelihood = logLikelihood(at);
  const result = {
    estimates: names.map((name, j): Estimate => {
      const standardError = Math.sqrt(covariance.get(j, j));
      return {
        name,
        estimate: estimates[j],
        standardError,
        statistic: estimates[j] / standardError,
      };
    }),
    covariance,
    statistic: scaled ? ('t' as const) : ('z' as const),
    degreesOfFreedom,
    residualDeviation: scaled ? Math.sqrt(variance) : undefined,
    logLikelihood: likelihood,
    aic: -2 * likelihood + 2 * size,
    bic: -2 * likelihood + size * Math.log(count),
  };
  return Object.defineProperty(result, 'toString', { value: () => print(result) });
}

function refuse(fitted: Fitted, batch: TrainingSet['batch']): void {
  const { problem, certificate, warnings } = fitted;
  const no = (why: string) => new RangeError(`inference: ${why}`);
  if (problem.l2 > 0) {
    throw no(
      `the penalty l2 = ${problem.l2} pulls the coefficients to 0, so that their errors are not those of the likelihood; fit without one`,
    );
  }
  if (problem.family.perClass) {
    throw no(`not offered for ${problem.name}; fit two classes at a time`);
  }
  if (warnings.some(({ kind }) => kind === 'separable')) {
    throw no('the classes are separable: there is no finite estimate, and no standard error');
  }
  if (!fitted.converged) throw no(`the fit did not converge (${fitted.ending}); train on`);
  const objective = item(problem.loss(fitted.params, withMeanWeightOne(batch)));
  if (
    Math.abs(objective - certificate.objective) >
    1e-9 * Math.abs(certificate.objective) + 1e-12
  ) {
    throw no('these are not the rows that the model was fitted to: the objective differs');
  }
}

/** The matrix that takes [b, w] of prepared columns to raw units, and the names there. */
function toRaw(
  preparation: FittedPreparation | undefined,
  prepared: readonly string[],
  intercept: boolean,
): { names: readonly string[]; change: FlatMatrix } {
  const first = intercept ? 1 : 0;
  const size = prepared.length + first;
  const change = new FlatMatrix(size, size);
  let names = prepared;
  for (let k = 0; k < size; k++) {
    const w = Float64Array.from(prepared, (_, j) => (j + first === k ? 1 : 0));
    const b = intercept && k === 0 ? 1 : 0;
    const raw = preparation?.toRawScale(w, b) ?? { names, coefficients: w, intercept: b };
    if (!intercept && raw.intercept !== 0) {
      throw new RangeError(
        'inference: shifted columns without an intercept have no raw form; do not standardize them',
      );
    }
    names = raw.names;
    if (intercept) change.data[k] = raw.intercept;
    for (let j = 0; j < prepared.length; j++)
      change.data[(j + first) * size + k] = raw.coefficients[j];
  }
  return { names: intercept ? ['(intercept)', ...names] : names, change };
}

function print(found: Omit<Inference, 'toString'>): string {
  const width = Math.max(...found.estimates.map(({ name }) => name.length));
  const six = (x: number) => String(Number(x.toPrecision(6))).padStart(13);
  const { statistic, logLikelihood, aic, bic, degreesOfFreedom, residualDeviation } = found;
  return [
    `${''.padEnd(width)}${'estimate'.padStart(13)}${'std. error'.padStart(13)}${statistic.padStart(13)}`,
    ...found.estimates.map(
      (e) => `${e.name.padEnd(width)}${six(e.estimate)}${six(e.standardError)}${six(e.statistic)}`,
    ),
    `log-likelihood ${logLikelihood.toPrecision(8)}, AIC ${aic.toPrecision(8)}, BIC ${bic.toPrecision(8)}` +
      (residualDeviation === undefined
        ? ''
        : `, residual deviation ${residualDeviation.toPrecision(6)}`) +
      `, ${degreesOfFreedom} degrees of freedom`,
  ].join('\n');
}
