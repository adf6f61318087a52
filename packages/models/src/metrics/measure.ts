import { FlatMatrix } from '@steepest/autodiff';
import { argument, refusal, required, text } from '@steepest/ground';
import { expectProblem } from '../expect.ts';
import type { Problem } from '../families/problem.ts';
import { type Calibration, calibration } from './calibration.ts';
import { type ConfusionMatrix, calledOf, confusionMatrix } from './confusion.ts';

/** The numbers that a model is judged by; which of them there are, its family says. */
export interface Measures {
  readonly meanSquaredError?: number;
  readonly meanAbsoluteError?: number;
  readonly rSquared?: number;
  readonly poissonDeviance?: number;
  readonly gammaDeviance?: number;
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
  expectProblem('measure', problem);
  for (const matrix of [predicted, y]) {
    if (matrix instanceof FlatMatrix) continue;
    throw refusal('measure', 'expected a FlatMatrix', matrix, 'pass toFlatMatrix(x)');
  }
  return printable(measuresOf(problem, predicted, y, classes));
}

/** Metrics that print themselves. */
export function printable(metrics: Omit<Metrics, 'toString'>): Metrics {
  const result = { ...metrics };
  Object.defineProperty(result, 'toString', { value: () => print(metrics) });
  return result as Metrics;
}

function measuresOf(
  { family }: Problem,
  p: FlatMatrix,
  y: FlatMatrix,
  classes: readonly string[],
): Omit<Metrics, 'toString'> {
  const measures = Object.entries(family.measures).map(([name, of]) => [name, of(p, y)] as const);
  const labelled = family.target.classes !== undefined;
  return {
    rows: p.rows,
    ...Object.fromEntries(measures),
    ...(labelled ? { confusion: confusionMatrix(calledOf(p), y, classes) } : {}),
    ...(labelled && p.columns === 1 ? { calibration: calibration(p, y) } : {}),
  };
}

/** The measures among the metrics: every number but the rows. */
export function measuresIn(
  metrics: Omit<Metrics, 'toString'>,
): readonly (readonly [string, number])[] {
  return Object.entries(metrics).flatMap(([name, value]) =>
    typeof value === 'number' && name !== 'rows' ? [[name, value] as const] : [],
  );
}

/** Where a name in words is not the name in small letters. */
const words: Readonly<Record<string, string>> = {
  rSquared: 'R²',
  poissonDeviance: 'mean Poisson deviance',
  gammaDeviance: 'mean gamma deviance',
  areaUnderCurve: 'area under the curve',
  brierScore: 'Brier score',
};

/**
 * The name of a measure as people say it.
 *
 * ```ts
 * measureInWords('meanSquaredError'); // 'mean squared error'
 * ```
 */
export function measureInWords(name: string): string {
  argument('measureInWords', 'name', name, required(text()));
  return words[name] ?? name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function print(metrics: Omit<Metrics, 'toString'>): string {
  const lines = measuresIn(metrics).map(
    ([name, value]) => `${measureInWords(name).padEnd(22)} ${Number(value.toPrecision(6))}`,
  );
  const table = metrics.confusion === undefined ? [] : [String(metrics.confusion)];
  return [`${metrics.rows} rows`, ...lines, ...table].join('\n');
}
