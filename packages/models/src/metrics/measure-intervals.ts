import { FlatMatrix } from '@steepest/autodiff';
import { refusal, type Spec, seed, settle, wholeNumber } from '@steepest/ground';
import { expectProblem } from '../expect.ts';
import type { Problem } from '../families/problem.ts';
import { levelOption } from '../inference/level.ts';
import { twoSidedQuantile } from '../inference/tails.ts';
import { bootstrapInterval } from './bootstrap.ts';
import { type Pair, pair } from './columns.ts';
import { calledOf } from './confusion.ts';
import { areaInterval } from './delong.ts';
import type { Interval, LevelOptions } from './interval.ts';
import type { RowLoss } from './mean.ts';
import { surprise } from './probability.ts';
import {
  absoluteError,
  spreadOf,
  squaredError,
  unitGammaDeviance,
  unitPoissonDeviance,
} from './regression.ts';
import { wilsonInterval } from './wilson.ts';

export interface MeasureIntervalsOptions extends LevelOptions {
  /** How many times rows are drawn again for a bootstrap; closed forms unless given. */
  readonly resamples?: number | undefined;
  readonly seed?: number | undefined;
}

const spec = {
  level: levelOption,
  resamples: wholeNumber(2),
  seed: seed(1),
} satisfies Spec<MeasureIntervalsOptions>;

/** What a closed form needs: predictions, what happened, and z. */
type Closed = (p: FlatMatrix, y: FlatMatrix, level: number) => Interval | undefined;

const closed: Readonly<Record<string, Closed>> = {
  accuracy: ofAccuracy,
  areaUnderCurve: (p, y, level) => (bothTwice(y) ? areaInterval(p, y, { level }) : undefined),
  meanSquaredError: ofMean(squaredError),
  meanAbsoluteError: ofMean(absoluteError),
  poissonDeviance: ofMean(unitPoissonDeviance),
  gammaDeviance: ofMean(unitGammaDeviance),
  brierScore: ofMean(squaredError),
  logLoss: ofLogLoss,
  rSquared: ofRSquared,
};

/**
 * Intervals for the measures of a problem, from predictions n×K against y n×1 as `measure` takes them:
 * Wilson's for accuracy, DeLong's for the area under the curve, mean ± z · error for means over rows, and
 * for R² the error of a ratio of means; by bootstrap for all of them where `resamples` are given. A measure
 * without a closed form, or with too few rows for one, is left out.
 *
 * ```ts
 * const { accuracy } = measureIntervals(problem, problem.predict(params, x), y);
 * ```
 */
export function measureIntervals(
  problem: Problem,
  predicted: FlatMatrix,
  y: FlatMatrix,
  options: MeasureIntervalsOptions = {},
): Readonly<Record<string, Interval>> {
  expectProblem('measureIntervals', problem);
  const { level, resamples, seed } = settle('measureIntervals', options, spec);
  for (const matrix of [predicted, y]) {
    if (matrix instanceof FlatMatrix) continue;
    throw refusal('measureIntervals', 'expected a FlatMatrix', matrix, 'pass toFlatMatrix(x)');
  }
  const { measures, target } = problem.family;
  const stratify = target.classes === undefined ? undefined : y;
  return Object.fromEntries(
    Object.entries(measures).flatMap(([name, measure]) => {
      const interval =
        resamples === undefined
          ? closed[name]?.(predicted, y, level)
          : bootstrapInterval(measure, [predicted, y], { resamples, seed, level, stratify });
      return interval === undefined ? [] : [[name, interval] as const];
    }),
  );
}

function ofAccuracy(p: FlatMatrix, y: FlatMatrix, level: number): Interval {
  const called = calledOf(p);
  let right = 0;
  for (let i = 0; i < called.length; i++) if (called[i] === y.data[i]) right++;
  return wilsonInterval(right, called.length, { level });
}

function bothTwice(y: FlatMatrix): boolean {
  let ones = 0;
  for (let i = 0; i < y.rows; i++) ones += y.data[i];
  return ones > 1 && y.rows - ones > 1;
}

function ofMean(loss: RowLoss): Closed {
  return (p, y, level) => {
    const columns = pair('measureIntervals', p, y);
    return around(
      Float64Array.from({ length: columns.n }, (_, i) => loss(columns.p[i], columns.y[i])),
      level,
    );
  };
}

/** Of one probability, or of the probability of the class that occurred. */
function ofLogLoss(p: FlatMatrix, y: FlatMatrix, level: number): Interval | undefined {
  if (p.columns === 1) return ofMean(surprise)(p, y, level);
  return around(
    Float64Array.from({ length: p.rows }, (_, i) => -Math.log(p.data[i * p.columns + y.data[i]])),
    level,
  );
}

/** R² is 1 − mean(residual²) / mean(deviation²): a row moves it by (R² − 1 of its own share) / spread. */
function ofRSquared(p: FlatMatrix, y: FlatMatrix, level: number): Interval | undefined {
  const columns: Pair = pair('measureIntervals', p, y);
  const spread = spreadOf(columns);
  if (spread === 0) return undefined;
  let [mean, residual] = [0, 0];
  for (let i = 0; i < columns.n; i++) {
    mean += columns.y[i] / columns.n;
    residual += squaredError(columns.p[i], columns.y[i]) / columns.n;
  }
  const unexplained = residual / spread;
  const moves = Float64Array.from({ length: columns.n }, (_, i) => {
    const own = squaredError(columns.p[i], columns.y[i]);
    return 1 - unexplained - (own - unexplained * (columns.y[i] - mean) ** 2) / spread;
  });
  return around(moves, level);
}

/** The mean of rows' figures, and z standard errors around it; none for one row, or infinite ones. */
function around(figures: Float64Array, level: number): Interval | undefined {
  const n = figures.length;
  const estimate = figures.reduce((a, b) => a + b, 0) / n;
  if (n < 2 || !Number.isFinite(estimate)) return undefined;
  const squares = figures.reduce((total, figure) => total + (figure - estimate) ** 2, 0);
  const half = twoSidedQuantile(level, Infinity) * Math.sqrt(squares / (n - 1) / n);
  return { estimate, low: estimate - half, high: estimate + half, level, method: 'normal' };
}
