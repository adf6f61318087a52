import { FlatMatrix } from '@steepest/autodiff';
import type { RawRow, Table } from '@steepest/datasets';
import { oneOf, refusal, type Spec, settle } from '@steepest/ground';
import type { Document } from '../document/document.ts';
import { percent, six } from '../document/numbers.ts';
import { type Printed, printed } from '../document/printed.ts';
import { featuresOf } from '../fit/fitted.ts';
import type { Summary } from './figures.ts';
import { levelOption } from './level.ts';
import { dot, times } from './maximum.ts';
import { meanDerivatives } from './mean-derivatives.ts';
import { type Origin, originOf } from './memory.ts';
import { entryOf, freeOf, type Sample, scoresOf, sizeOf } from './sample.ts';
import { twoSidedQuantile } from './tails.ts';

export interface PredictionOptions {
  /** For the mean of rows like this, or for one new row (of least squares, of weight 1). */
  readonly interval?: 'confidence' | 'prediction';
  /** 0.95 unless given. */
  readonly level?: number;
}

const spec = {
  interval: oneOf(['confidence', 'prediction'], 'confidence'),
  level: levelOption,
} satisfies Spec<PredictionOptions>;

/** One prediction: a mean, a probability or a rate, and how sure it is. */
export interface Prediction {
  /** The class of a probability, where there are several scores. */
  readonly output: string | undefined;
  readonly mean: number;
  /** Of the mean, by the delta method. */
  readonly standardError: number;
  readonly interval: readonly [number, number];
  /** x·w + b + offset, and its error; undefined where there are several scores. */
  readonly score: number | undefined;
  readonly scoreError: number | undefined;
}

/** Predictions of rows, one for each output. */
export interface Predictions extends Printed {
  readonly interval: 'confidence' | 'prediction';
  readonly level: number;
  /** Row by row, each with one prediction for every output. */
  readonly rows: readonly (readonly Prediction[])[];
}

/**
 * Predictions with standard errors and intervals, by the covariance of a summary: classical, robust or
 * clustered, as it says. Intervals are those of the score, t or z as there, seen through the mean (of
 * classes those of the log-odds of each probability), so that they stay where means can be.
 *
 * Throws for a prediction interval of anything but least squares, and for a summary whose rows were
 * elsewhere.
 *
 * ```ts
 * predictions(summary(fitted, train), [{ dist: 7.5, climb: 1820 }], { interval: 'prediction' });
 * ```
 */
export function predictions(
  found: Summary,
  rows: Table | readonly RawRow[],
  options: PredictionOptions = {},
): Predictions {
  const { interval, level } = settle('predictions', options, spec);
  const origin = typeof found === 'object' && found !== null ? originOf(found) : undefined;
  if (origin === undefined) {
    throw refusal('predictions', 'expected what summary(fitted, table) gave', found, 'pass that');
  }
  const { fitted, sample } = origin.estimation;
  if (interval === 'prediction' && !sample.family.quadratic) {
    throw new TypeError(
      `predictions: a prediction interval is for least squares, this is ${sample.family.name}: single rows are scattered by its distribution; ask for 'confidence'`,
    );
  }
  const { x, offset } = featuresOf(rows, fitted.reading);
  const there: Sample = {
    ...sample,
    x,
    y: new FlatMatrix(x.rows, 1),
    offset: offset?.data,
    frequency: undefined,
    precision: undefined,
  };
  const quantile = twoSidedQuantile(
    level,
    found.statistic === 't' ? found.degreesOfFreedom : Infinity,
  );
  const noise = interval === 'prediction' ? found.dispersion.value : 0;
  const predicted = sample.family.perClass
    ? ofClasses(found, there, origin, quantile)
    : ofOneScore(there, origin, quantile, noise);
  return printed({ interval, level, rows: predicted }, documentOf);
}

/** xᵀ V x of each row and pair of scores, n×F×F. */
function scoreCovariances(sample: Sample, covariance: Float64Array): Float64Array {
  const [free, size] = [freeOf(sample), sizeOf(sample)];
  const result = new Float64Array(sample.x.rows * free * free);
  for (let i = 0; i < sample.x.rows; i++) {
    const row = Float64Array.from({ length: size }, (_, j) => entryOf(sample, i, j));
    for (let g = 0; g < free; g++) {
      const spread = new Float64Array(free * size);
      spread.set(row, g * size);
      const along = times(covariance, spread);
      for (let f = 0; f < free; f++) {
        result[(i * free + f) * free + g] = dot(along.subarray(f * size, (f + 1) * size), row);
      }
    }
  }
  return result;
}

function ofOneScore(
  sample: Sample,
  { estimation, covariance }: Origin,
  quantile: number,
  noise: number,
): Prediction[][] {
  const { family } = sample;
  const scores = scoresOf(sample, estimation.maximum.theta);
  const variances = scoreCovariances(sample, covariance);
  const slopes = meanDerivatives(family, 0).slopes(scores).data;
  const errors = variances.map(Math.sqrt);
  const wide = variances.map((variance) => quantile * Math.sqrt(variance + noise));
  const meanAt = (sign: number) =>
    family.mean(
      new FlatMatrix(
        scores.rows,
        1,
        scores.data.map((t, i) => t + sign * wide[i]),
      ),
    ).data;
  const [low, mid, high] = [meanAt(-1), meanAt(0), meanAt(1)];
  return Array.from(scores.data, (score, i) => [
    {
      output: undefined,
      mean: mid[i],
      standardError: Math.abs(slopes[i]) * errors[i],
      interval: low[i] <= high[i] ? [low[i], high[i]] : [high[i], low[i]],
      score,
      scoreError: errors[i],
    },
  ]);
}

function ofClasses(
  { classes }: Summary,
  sample: Sample,
  { estimation, covariance }: Origin,
  quantile: number,
): Prediction[][] {
  const { family, outputs } = sample;
  const free = freeOf(sample);
  const scores = scoresOf(sample, estimation.maximum.theta);
  const variances = scoreCovariances(sample, covariance);
  const p = family.mean(scores).data;
  const slopes = Array.from(
    { length: outputs },
    (_, k) => meanDerivatives(family, k).slopes(scores).data,
  );
  return Array.from({ length: scores.rows }, (_, i) =>
    Array.from({ length: outputs }, (_, k): Prediction => {
      let variance = 0;
      for (let f = 0; f < free; f++) {
        for (let g = 0; g < free; g++) {
          const both = slopes[k][i * outputs + f + 1] * slopes[k][i * outputs + g + 1];
          variance += both * variances[(i * free + f) * free + g];
        }
      }
      const mean = p[i * outputs + k];
      const standardError = Math.sqrt(variance);
      const odds = Math.log(mean / (1 - mean));
      const wide = (quantile * standardError) / (mean * (1 - mean));
      const back = (t: number) => 1 / (1 + Math.exp(-t));
      return {
        output: classes?.[k],
        mean,
        standardError,
        interval: [back(odds - wide), back(odds + wide)],
        score: undefined,
        scoreError: undefined,
      };
    }),
  );
}

function documentOf({ interval, level, rows }: Omit<Predictions, keyof Printed>): Document {
  const named = rows.some((row) => row.length > 1);
  return {
    title: `Predictions with ${interval} intervals`,
    parts: [
      {
        kind: 'grid',
        header: [
          'row',
          ...(named ? ['class'] : []),
          'mean',
          'std. error',
          `${percent(level)} from`,
          'to',
        ],
        rows: rows.flatMap((row, i) =>
          row.map(({ output, mean, standardError, interval: [from, to] }) => [
            String(i + 1),
            ...(named ? [output ?? ''] : []),
            ...[mean, standardError, from, to].map(six),
          ]),
        ),
      },
    ],
  };
}
