import type { FlatMatrix } from '@steepest/autodiff';
import type { Problem } from '../problems/problem.ts';
import { areaUnderCurve } from './auc.ts';
import { type Calibration, calibration } from './calibration.ts';
import { accuracy, type ConfusionMatrix, confusionMatrix, mostLikely } from './confusion.ts';
import { brierScore, classLogLoss, logLoss } from './probability.ts';
import { meanAbsoluteError, meanSquaredError, poissonDeviance, rSquared } from './regression.ts';

/** The numbers that a model is judged by; which of them there are depends on its kind. */
export interface Measures {
  readonly meanSquaredError?: number;
  readonly meanAbsoluteError?: number;
  readonly rSquared?: number;
  readonly poissonDeviance?: number;
  readonly accuracy?: number;
  readonly logLoss?: number;
  readonly areaUnderCurve?: number;
  readonly brierScore?: number;
}

/** How well predictions fit what happened; every row counts once. Prints as a few lines. */
export interface Metrics extends Measures {
  readonly rows: number;
  readonly confusion?: ConfusionMatrix;
  readonly calibration?: Calibration;
  toString(): string;
}

/** The names of all measures, in the order in which they are printed. */
export const measureNames: readonly (keyof Measures)[] = [
  'meanSquaredError',
  'meanAbsoluteError',
  'rSquared',
  'poissonDeviance',
  'accuracy',
  'logLoss',
  'areaUnderCurve',
  'brierScore',
];

/**
 * Measures predictions n×K against y n×1, as suits the problem; `classes` name the codes in y.
 *
 * ```ts
 * measure(problem, problem.predict(params, x), y, ['no', 'yes']).logLoss;
 * ```
 */
export function measure(
  problem: Problem,
  predicted: FlatMatrix,
  y: FlatMatrix,
  classes: readonly string[],
): Metrics {
  return printable(measuresOf(problem, predicted, y, classes));
}

/** Metrics that print themselves. */
export function printable(metrics: Omit<Metrics, 'toString'>): Metrics {
  const result = { ...metrics };
  Object.defineProperty(result, 'toString', { value: () => print(metrics) });
  return result as Metrics;
}

function measuresOf(
  { kind }: Problem,
  p: FlatMatrix,
  y: FlatMatrix,
  classes: readonly string[],
): Omit<Metrics, 'toString'> {
  const rows = p.rows;
  if (kind === 'linear' || kind === 'poisson') {
    return {
      rows,
      meanSquaredError: meanSquaredError(p, y),
      meanAbsoluteError: meanAbsoluteError(p, y),
      ...(kind === 'linear'
        ? { rSquared: rSquared(p, y) }
        : { poissonDeviance: poissonDeviance(p, y) }),
    };
  }
  if (kind === 'softmax') {
    const called = mostLikely(p);
    return {
      rows,
      accuracy: accuracy(called, y),
      logLoss: classLogLoss(p, y),
      confusion: confusionMatrix(called, y, classes),
    };
  }
  const called = p.data.map((probability) => (probability >= 0.5 ? 1 : 0));
  return {
    rows,
    accuracy: accuracy(called, y),
    logLoss: logLoss(p, y),
    areaUnderCurve: areaUnderCurve(p, y),
    brierScore: brierScore(p, y),
    confusion: confusionMatrix(called, y, classes),
    calibration: calibration(p, y),
  };
}

const words: Readonly<Record<keyof Measures, string>> = {
  meanSquaredError: 'mean squared error',
  meanAbsoluteError: 'mean absolute error',
  rSquared: 'R²',
  poissonDeviance: 'mean Poisson deviance',
  accuracy: 'accuracy',
  logLoss: 'log loss',
  areaUnderCurve: 'area under the curve',
  brierScore: 'Brier score',
};

function print(metrics: Omit<Metrics, 'toString'>): string {
  const lines = measureNames
    .filter((name) => metrics[name] !== undefined)
    .map((name) => `${words[name].padEnd(22)} ${Number(metrics[name]?.toPrecision(6))}`);
  const table = metrics.confusion === undefined ? [] : [String(metrics.confusion)];
  return [`${metrics.rows} rows`, ...lines, ...table].join('\n');
}
