import { FlatMatrix } from '@steepest/autodiff';
import { anything, oneOf, type Spec, settle } from '@steepest/ground';
import { inverseOf } from '@steepest/optim/linear-algebra';
import type { Document } from '../document/document.ts';
import { percent, probability, six, threePlaces } from '../document/numbers.ts';
import { type Printed, printed } from '../document/printed.ts';
import type { Fitted } from '../fit/model.ts';
import type { Estimation } from './estimation.ts';
import type { FittedRows } from './in-memory.ts';
import { dot, times } from './maximum.ts';
import { meanDerivatives, outputsOf, unitRows } from './mean-derivatives.ts';
import { originOf } from './memory.ts';
import { entryOf, freeOf, type Sample, scoresOf, sizeOf } from './sample.ts';
import { type SummaryOptions, summary } from './summary.ts';
import { twoSided, twoSidedQuantile } from './tails.ts';
import { type Term, termsOf } from './terms.ts';

export interface MarginalOptions
  extends Pick<SummaryOptions, 'level' | 'errors' | 'clusters' | 'dispersion'> {
  /** The mean of the rows' effects, or the effect for a row whose columns have their means. */
  readonly at?: 'average' | 'means';
}

/** By how much a prediction changes with one column, all else the same. */
export interface MarginalEffect {
  readonly column: string;
  /** The label against the first one, or true against false; undefined for a slope. */
  readonly change: string | undefined;
  /** The class whose probability changes; undefined where there is one score. */
  readonly output: string | undefined;
  readonly effect: number;
  /** By the delta method. */
  readonly standardError: number;
  readonly statistic: number;
  readonly pValue: number;
  readonly interval: readonly [number, number];
}

export interface MarginalEffects extends Printed {
  readonly at: 'average' | 'means';
  readonly level: number;
  readonly statistic: 't' | 'z';
  readonly errors: string | undefined;
  readonly effects: readonly MarginalEffect[];
}

/**
 * How predictions (means, probabilities, rates) change with a column: for numbers the derivative, for
 * labels the difference from the first label, with the other labels' columns at 0 (as Stata and R's margins;
 * statsmodels leaves those as they are), for truth values that of true from false. Standard errors by the
 * delta method, by whichever covariance the options ask for; the rows count as given.
 *
 * Throws as `summary` does, and for columns that enter by products or powers, where all else cannot stay
 * the same.
 *
 * ```ts
 * marginalEffects(fitted, train, { at: 'average' }).effects[0].effect;
 * ```
 */
export function marginalEffects(
  fitted: Fitted,
  rows: FittedRows,
  options: MarginalOptions = {},
): MarginalEffects {
  const { at } = settle('marginalEffects', options, spec);
  const { at: _, ...others } = options;
  const found = summary(fitted, rows, others);
  const { estimation, covariance } = originOf(found)!;
  const terms = termsOf(estimation);
  refuse(estimation, terms);
  const raw = rowsAt(estimation, at);
  const judge = found.statistic === 't' ? found.degreesOfFreedom : Infinity;
  const quantile = twoSidedQuantile(found.level, judge);
  const effects = outputsOf(estimation.sample).flatMap((k) =>
    terms.flatMap((term) =>
      changesOf(raw, term, k).map(({ change, effect, gradient }): MarginalEffect => {
        const standardError = Math.sqrt(dot(gradient, times(covariance, gradient)));
        const statistic = effect / standardError;
        const wide = quantile * standardError;
        return {
          column: term.column,
          change,
          output: found.classes?.[k],
          effect,
          standardError,
          statistic,
          pValue: twoSided(statistic, judge),
          interval: [effect - wide, effect + wide],
        };
      }),
    ),
  );
  const { level, statistic, errors } = found;
  return printed({ at, level, statistic, errors, effects }, documentOf);
}

/** What the summary is asked for, it looks at itself. */
const spec = {
  at: oneOf(['average', 'means'], 'average'),
  level: anything(),
  errors: anything(),
  clusters: anything(),
  dispersion: anything(),
} satisfies Spec<MarginalOptions>;

function refuse({ units, fitted }: Estimation, terms: readonly Term[]): void {
  const features = fitted.reading.preparation?.features ?? terms.map(({ column }) => column);
  const product = terms.find(
    ({ column, places, labels }) =>
      !features.includes(column) ||
      (!labels && (places.length > 1 || units.names[places[0]] !== column)),
  );
  if (units.scale === 'raw' && product === undefined) return;
  const which = product === undefined ? 'its columns' : `"${units.names[product.places[0]]}"`;
  throw new TypeError(
    `marginalEffects: ${which} enter by products or powers, so that one cannot change alone; compare predictions instead`,
  );
}

/** Rows in reported units, and their weights, which add up to 1. */
interface RowsAt {
  readonly estimation: Estimation;
  /** n×p, '(intercept)' included. */
  readonly z: Float64Array;
  readonly weights: Float64Array;
}

function rowsAt(estimation: Estimation, at: 'average' | 'means'): RowsAt {
  const { sample, units } = estimation;
  const [n, p] = [sample.x.rows, sizeOf(sample)];
  // Scores are x·θ = z·(C θ), so that x = Cᵀ z.
  const inverse = inverseOf(units.change.data, p);
  if (inverse === undefined) {
    throw new RangeError('marginalEffects: the columns have no raw form; compare predictions');
  }
  const z = new Float64Array(n * p);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < p; j++) {
      for (let k = 0; k < p; k++) z[i * p + j] += entryOf(sample, i, k) * inverse[k * p + j];
    }
  }
  const { frequency, precision } = sample;
  const counts = Float64Array.from({ length: n }, (_, i) => (frequency ?? precision)?.[i] ?? 1);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const weights = counts.map((count) => count / total);
  if (at === 'average') return { estimation, z, weights };
  const means = new Float64Array(p);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < p; j++) means[j] += weights[i] * z[i * p + j];
  }
  return { estimation, z: means, weights: Float64Array.of(1) };
}

interface Change {
  readonly change: string | undefined;
  readonly effect: number;
  /** By the free scores' [b, w] of prepared columns. */
  readonly gradient: Float64Array;
}

function changesOf(rows: RowsAt, { column, places, labels, truth }: Term, k: number): Change[] {
  const { names } = rows.estimation.units;
  if (!labels && !truth) return [slopeOf(rows, places[0], k)];
  const from = levelAt(rows, places, undefined, k);
  return places.map((place) => {
    const to = levelAt(rows, places, place, k);
    return {
      change: truth ? 'true' : names[place].slice(column.length + 1),
      effect: to.mean - from.mean,
      gradient: to.gradient.map((value, j) => value - from.gradient[j]),
    };
  });
}

/** The rows as the likelihood has them, from those in reported units. */
function sampleOf({ estimation, z }: RowsAt): Sample {
  const { sample, units } = estimation;
  const p = sizeOf(sample);
  const n = z.length / p;
  const first = sample.intercept ? 1 : 0;
  const x = new FlatMatrix(n, p - first);
  for (let i = 0; i < n; i++) {
    for (let k = first; k < p; k++) {
      let sum = 0;
      for (let j = 0; j < p; j++) sum += units.change.data[j * p + k] * z[i * p + j];
      x.data[i * x.columns + k - first] = sum;
    }
  }
  const { offset } = sample;
  const mean = offset === undefined ? 0 : offset.reduce((sum, v) => sum + v, 0) / offset.length;
  return {
    ...sample,
    x,
    y: new FlatMatrix(n, 1),
    offset: offset === undefined || n === offset.length ? offset : Float64Array.of(mean),
    frequency: undefined,
    precision: undefined,
  };
}

/** The mean prediction where a column of labels has one of them (the first for undefined). */
function levelAt(
  rows: RowsAt,
  places: readonly number[],
  level: number | undefined,
  k: number,
): { readonly mean: number; readonly gradient: Float64Array } {
  const p = sizeOf(rows.estimation.sample);
  const z = rows.z.slice();
  for (let from = 0; from < z.length; from += p) {
    for (const place of places) z[from + place] = place === level ? 1 : 0;
  }
  const sample = sampleOf({ ...rows, z });
  const scores = scoresOf(sample, rows.estimation.maximum.theta);
  const means = sample.family.mean(scores).data;
  const slopes = meanDerivatives(sample.family, k).slopes(scores).data;
  const free = freeOf(sample);
  const gradient = new Float64Array(free * p);
  let mean = 0;
  for (let i = 0; i < scores.rows; i++) {
    mean += rows.weights[i] * means[i * sample.outputs + k];
    for (let f = 0; f < free; f++) {
      const slope = rows.weights[i] * slopes[i * sample.outputs + f + sample.outputs - free];
      for (let j = 0; j < p; j++) gradient[f * p + j] += slope * entryOf(sample, i, j);
    }
  }
  return { mean, gradient };
}

/** Σ weight · Σ_f (d mean / dt_f) β_f, β the coefficient in the reported units. */
function slopeOf(rows: RowsAt, place: number, k: number): Change {
  const { estimation, weights } = rows;
  const sample = sampleOf(rows);
  const { theta } = estimation.maximum;
  const { outputs, family } = sample;
  const [free, p] = [freeOf(sample), sizeOf(sample)];
  const skip = outputs - free;
  const change = estimation.units.change.data.subarray(place * p, (place + 1) * p);
  const beta = Array.from({ length: free }, (_, f) =>
    dot(change, theta.subarray(f * p, (f + 1) * p)),
  );
  const scores = scoresOf(sample, theta);
  const derivatives = meanDerivatives(family, k);
  const slopes = derivatives.slopes(scores).data;
  const curved = Array.from({ length: free }, (_, f) => {
    const along = unitRows(scores.rows, outputs, f + skip);
    return derivatives.curvaturesAlong(scores, along).data;
  });
  const gradient = new Float64Array(free * p);
  let effect = 0;
  for (let i = 0; i < scores.rows; i++) {
    for (let f = 0; f < free; f++) {
      const slope = weights[i] * slopes[i * outputs + f + skip];
      effect += slope * beta[f];
      let curvature = 0;
      for (let g = 0; g < free; g++) curvature += curved[f][i * outputs + g + skip] * beta[g];
      for (let j = 0; j < p; j++) {
        gradient[f * p + j] += slope * change[j] + weights[i] * curvature * entryOf(sample, i, j);
      }
    }
  }
  return { change: undefined, effect, gradient };
}

function documentOf({
  at,
  level,
  statistic,
  errors,
  effects,
}: Omit<MarginalEffects, keyof Printed>): Document {
  const named = effects.some(({ output }) => output !== undefined);
  return {
    title: `Marginal effects, ${at === 'average' ? 'averaged over the rows' : 'at the means of the columns'}`,
    parts: [
      {
        kind: 'grid',
        header: [
          '',
          ...(named ? ['class'] : []),
          'effect',
          'std. error',
          statistic,
          'p-value',
          `${percent(level)} from`,
          'to',
        ],
        rows: effects.map((e) => [
          e.change === undefined ? e.column : `${e.column}=${e.change}`,
          ...(named ? [e.output ?? ''] : []),
          six(e.effect),
          six(e.standardError),
          threePlaces(e.statistic),
          probability(e.pValue),
          ...e.interval.map(six),
        ]),
      },
      {
        kind: 'notes',
        lines: [
          `Standard errors by the delta method, ${errors ?? 'from the curvature of the likelihood'}.`,
        ],
      },
    ],
  };
}
