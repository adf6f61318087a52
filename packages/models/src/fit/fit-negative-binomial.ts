import {
  add,
  derivative,
  exp,
  FlatMatrix,
  lgamma,
  log,
  mul,
  sub,
  sum,
  toFlatMatrix,
  type Value,
} from '@steepest/autodiff';
import type { Table, Train } from '@steepest/datasets';
import { minimize } from '@steepest/optim';
import { negativeBinomialRegression } from '../families/negative-binomial.ts';
import { poissonRegression } from '../families/poisson.ts';
import type { PenaltyOptions } from '../families/problem.ts';
import { numbersOf } from './columns.ts';
import { fit } from './fit.ts';
import type { Fitted } from './model.ts';
import type { TableOptions } from './training-set.ts';

/** A model with the θ under which its rows are likeliest. */
export interface NegativeBinomialFit {
  readonly fitted: Fitted;
  readonly theta: number;
  /** Of θ, from the curvature of the likelihood in θ alone. */
  readonly standardError: number;
}

/**
 * Negative binomial regression with θ estimated too, by turns: coefficients for this θ, θ for these means,
 * until it stays (Venables and Ripley, 2002, §7.4, as `glm.nb` of MASS). Rejects where the counts vary no
 * more than Poisson's: no θ is the best then.
 *
 * ```ts
 * const { fitted, theta } = await fitNegativeBinomial(train, { target: 'days' });
 * ```
 */
export async function fitNegativeBinomial(
  data: Train<Table>,
  columns: TableOptions = {},
  penalty: PenaltyOptions = {},
): Promise<NegativeBinomialFit> {
  let fitted = await fit(poissonRegression(penalty), data, columns);
  const { target, weights } = fitted.reading;
  const y = columnOf(data, target);
  const w = weights === undefined ? undefined : columnOf(data, weights);
  let theta = 0;
  for (let turn = 0; turn < mostTurns; turn++) {
    const next = await likeliest(y, fitted.predict(data), w);
    if (Math.abs(next.theta - theta) <= 1e-11 * theta) {
      return { fitted, theta, standardError: next.standardError };
    }
    theta = next.theta;
    fitted = await fit(negativeBinomialRegression({ ...penalty, theta }), data, columns);
  }
  throw new RangeError(
    `fitNegativeBinomial: θ has not settled after ${mostTurns} turns, at ${theta}; fit negativeBinomialRegression({ theta }) with one of your own`,
  );
}

const mostTurns = 200;

function columnOf(data: Table, name: string): FlatMatrix {
  const values = numbersOf(data, name);
  return new FlatMatrix(values.length, 1, values);
}

/** The θ of the greatest likelihood where the means are known, found in log θ. */
async function likeliest(
  y: FlatMatrix,
  mu: FlatMatrix,
  w: FlatMatrix | undefined,
): Promise<{ readonly theta: number; readonly standardError: number }> {
  // −log P(y; μ, θ) but for what does not depend on θ
  const surprise = (theta: Value): Value => {
    const constant = sub(lgamma(theta), mul(theta, log(theta)));
    const each = sub(add(constant, mul(add(y, theta), log(add(mu, theta)))), lgamma(add(y, theta)));
    return sum(w === undefined ? each : mul(w, each));
  };
  const { params } = await minimize((s: Value) => surprise(exp(s)), startOf(y, mu, w));
  const theta = Math.exp(params);
  if (theta > mostTheta) {
    throw new RangeError(
      'fitNegativeBinomial: the counts vary no more than Poisson counts of these means, so that the likelihood grows with θ without end; use poissonRegression',
    );
  }
  const information = derivative(derivative(surprise))(theta);
  return { theta, standardError: 1 / Math.sqrt(toFlatMatrix(information).data[0]) };
}

/** log θ by moments: the variance beyond μ is μ²/θ. */
function startOf(y: FlatMatrix, mu: FlatMatrix, w: FlatMatrix | undefined): number {
  let [beyond, squares] = [0, 0];
  y.data.forEach((count, i) => {
    const weight = w?.data[i] ?? 1;
    const mean = mu.data[i];
    beyond += weight * ((count - mean) ** 2 - mean);
    squares += weight * mean ** 2;
  });
  return beyond > 0 ? Math.log(squares / beyond) : 2;
}

/** Beyond it μ²/θ is lost beside μ. */
const mostTheta = 1e7;
