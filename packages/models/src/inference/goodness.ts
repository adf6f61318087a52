import { FlatMatrix } from '@steepest/autodiff';
import type { Estimation } from './estimation.ts';
import { maximum } from './maximum.ts';
import { type AtPoint, at, countOf, freeOf, type Sample } from './sample.ts';

/** How well a likelihood fits its rows, and how well without any column. */
export interface Goodness {
  /** Rows, each as often as its frequency says; with analytic weights each once. */
  readonly count: number;
  /** Undefined where the family has no likelihood but a scale. */
  readonly logLikelihood: number | undefined;
  readonly nullLogLikelihood: number | undefined;
  /** 2 Σ weight · (loss − least loss): of least squares the sum of squared residuals. */
  readonly deviance: number;
  /** Of the intercept alone (with offset and weights), or of the offset alone where there is none. */
  readonly nullDeviance: number;
  /** Pearson's Σ weight · (y − mean)² / variance. */
  readonly pearson: number;
  /** Difference of the mean predicted probabilities of the rows of 1 and of 0; for two classes. */
  readonly tjur: number | undefined;
}

export function goodnessOf(operation: string, estimation: Estimation): Goodness {
  const { sample, units } = estimation;
  const here = estimation.maximum;
  const { family } = sample;
  const nothing = nullPoint(operation, sample, units.intercept);
  const least = leastLoss(sample);
  return {
    count: countOf(sample),
    logLikelihood: logLikelihood(sample, here),
    nullLogLikelihood: logLikelihood(sample, nothing),
    deviance: 2 * (here.loss - least),
    nullDeviance: 2 * (nothing.loss - least),
    pearson: pearsonOf(sample, here),
    tjur: family.target.classes && !family.perClass ? tjurOf(sample, here) : undefined,
  };
}

function nullPoint(operation: string, sample: Sample, constant: boolean): AtPoint {
  const empty: Sample = {
    ...sample,
    x: new FlatMatrix(sample.x.rows, 0),
    intercept: constant,
  };
  const start = new Float64Array(constant ? freeOf(sample) : 0);
  return constant ? maximum(operation, empty, start) : at(empty, start);
}

/** The loss of the rows under their best scores. */
function leastLoss({ family, y, frequency, precision }: Sample): number {
  if (family.least === undefined) return 0;
  let sum = 0;
  for (let i = 0; i < y.rows; i++) {
    sum += (frequency?.[i] ?? 1) * (precision?.[i] ?? 1) * family.least(y.data[i]);
  }
  return sum;
}

/** The logarithm of the likelihood, with the scale at its best where there is one. */
function logLikelihood(sample: Sample, { loss }: AtPoint): number | undefined {
  const { family, y, frequency, precision } = sample;
  if (family.likelihood === false) return undefined;
  if (family.logLikelihood === undefined) return family.dispersion ? undefined : -loss;
  return family.logLikelihood({
    total: loss,
    count: countOf(sample),
    y: y.data,
    weights: frequency ?? precision,
    analytic: precision !== undefined,
  });
}

/** Σ slopeᵀ information⁻¹ slope: for one score (y − mean)² / variance; for classes Pearson's χ² of counts. */
function pearsonOf(sample: Sample, { slopes, information, scores }: AtPoint): number {
  const { family, y, frequency, precision, outputs } = sample;
  let total = 0;
  if (family.perClass) {
    const p = family.mean(scores).data;
    for (let i = 0; i < y.rows; i++) {
      const times = (frequency?.[i] ?? 1) * (precision?.[i] ?? 1);
      for (let k = 0; k < outputs; k++) {
        const expected = p[i * outputs + k];
        total += (times * ((y.data[i] === k ? 1 : 0) - expected) ** 2) / expected;
      }
    }
    return total;
  }
  for (let i = 0; i < y.rows; i++) {
    if (slopes[i] !== 0) total += ((frequency?.[i] ?? 1) * slopes[i] ** 2) / information[i];
  }
  return total;
}

function tjurOf(sample: Sample, { scores }: AtPoint): number {
  const { family, y, frequency, precision } = sample;
  const p = family.mean(scores).data;
  const sums = [0, 0];
  const counts = [0, 0];
  for (let i = 0; i < y.rows; i++) {
    const times = (frequency?.[i] ?? 1) * (precision?.[i] ?? 1);
    sums[y.data[i]] += times * p[i];
    counts[y.data[i]] += times;
  }
  return sums[1] / counts[1] - sums[0] / counts[0];
}
