import { FlatMatrix, inverse, matmul, matmulRight } from '@steepest/autodiff';
import { refusal } from '@steepest/ground';
import type { Fitted } from '@steepest/models';
import { type Summary, summaryOf } from '@steepest/models/inference';
import { SqlRows } from '../rows/sql-rows.ts';
import { SqlExamples } from './examples.ts';

const one = new FlatMatrix(1, 1, [1]);

/**
 * The summary of a fit to rows of a database: standard errors, p-values, intervals, deviances and criteria,
 * from sums. The Fisher information is one of them. For families of one score whose information does not
 * depend on the target (linear, logistic and Poisson regression), without a penalty or weights; throws a
 * RangeError for others: read the rows and use `summary` of `@steepest/models/inference`.
 *
 * ```ts
 * const model = await fit(logisticRegression(), rows);
 * console.log(String(await summaryInDatabase(model, rows)));
 * ```
 */
export async function summaryInDatabase(fitted: Fitted, rows: SqlRows): Promise<Summary> {
  if (!(rows instanceof SqlRows)) {
    const advice = 'write summaryInDatabase(model, sqlRows(…))';
    throw refusal('summaryInDatabase', 'expected rows of a database', rows, advice);
  }
  const preparation = fitted?.reading?.preparation;
  if (preparation === undefined) {
    const advice = 'write summaryInDatabase(await fit(problem, rows), rows)';
    throw refusal('summaryInDatabase', 'expected a model fitted to rows', fitted, advice);
  }
  const { problem, reading, params, classes } = fitted;
  const { family, intercept, l2 } = problem;
  refuse(fitted, l2);
  await rows.begin();
  try {
    const examples = await SqlExamples.of(problem, rows, rows, reading);
    const b = typeof params.b === 'number' ? new FlatMatrix(1, 1, [params.b]) : params.b;
    const at = { w: params.w, b };
    const [{ ww, wb, bb }] = await examples.curvature(at, [{ a: one, c: one }]);
    const sums = await examples.goodness(at);
    const nothing = await examples.nothing();
    const atNothing = {
      w: new FlatMatrix(params.w.rows, 1),
      b: new FlatMatrix(1, 1, intercept ? [nothing.intercepts[0]] : [0]),
    };
    const none = await examples.goodness(atNothing);
    const count = examples.rows;
    const least = nothing.least * count;
    const size = params.w.rows + (intercept ? 1 : 0);
    const estimated = family.dispersion === true;
    const dispersion = { value: estimated ? sums.pearson / (count - size) : 1, estimated };
    // From prepared columns to raw ones, the intercept first: linear, and so known from its columns.
    const toRaw = (w: Float64Array, constant: number): number[] => {
      const raw = preparation.toRawScale(w, constant);
      return intercept ? [raw.intercept, ...raw.coefficients] : [...raw.coefficients];
    };
    const d = params.w.rows;
    const unit = (k: number): number[] => {
      const w = new Float64Array(d);
      if (k < d) w[k] = 1;
      return toRaw(w, k < d ? 0 : 1);
    };
    const columns = Array.from({ length: size }, (_, k) => unit(k));
    const change = new FlatMatrix(size, size);
    columns.forEach((column, k) => {
      for (const [i, entry] of column.entries()) change.data[i * size + k] = entry;
    });
    const information = new FlatMatrix(size, size);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        const entry =
          i < d && j < d ? ww.get(i, j) : i < d ? wb.data[i] : j < d ? wb.data[j] : bb.data[0];
        information.set(i, j, entry * (1 / dispersion.value));
      }
    }
    const covariance = matmulRight(matmul(change, inverse(information)), change);
    const { names } = preparation.toRawScale(params.w.data, b.data[0]);
    const likelihood = (loss: number): number | undefined =>
      family.logLikelihood === undefined ? -loss : examples.logLikelihood(loss, sums.targets);
    return summaryOf({
      family,
      target: classes === undefined ? reading.target : `${reading.target} = ${classes[1]}`,
      names: intercept ? ['(intercept)', ...names] : names,
      intercept,
      estimates: toRaw(params.w.data, b.data[0]),
      covariance,
      dispersion,
      rows: count,
      count,
      logLikelihood: likelihood(sums.loss),
      nullLogLikelihood: likelihood(none.loss),
      deviance: 2 * (sums.loss - least),
      nullDeviance: 2 * (none.loss - least),
      pearson: sums.pearson,
      tjur: classes === undefined ? undefined : sums.ofOnes - sums.ofZeros,
      condition: fitted.certificate.condition,
    });
  } finally {
    await rows.end();
  }
}

function refuse({ problem, reading, converged }: Fitted, l2: number): void {
  const { family, outputs, name } = problem;
  const why =
    l2 > 0
      ? 'a penalty moves estimates, so that their errors would mislead'
      : outputs > 1 || family.canonical !== true
        ? `${name} is not among the families that it knows from sums alone`
        : reading.weights !== undefined || reading.analyticWeights !== undefined
          ? 'weights need the rows themselves'
          : converged
            ? undefined
            : 'the fit did not reach its minimum';
  if (why === undefined) return;
  throw new RangeError(
    `summaryInDatabase: ${why}; read the rows and use summary of @steepest/models/inference where it applies`,
  );
}
