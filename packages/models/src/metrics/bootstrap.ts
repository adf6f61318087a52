import { FlatMatrix } from '@steepest/autodiff';
import {
  anything,
  argument,
  callback,
  refusal,
  required,
  type Spec,
  seed,
  settle,
  wholeNumber,
} from '@steepest/ground';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { levelOption } from '../inference/level.ts';
import { entries, type Numbers } from './columns.ts';
import type { Interval, LevelOptions } from './interval.ts';

export interface BootstrapOptions extends LevelOptions {
  /** How many times rows are drawn; 1000 unless given. */
  readonly resamples?: number | undefined;
  /** What decides which are drawn; 1 unless given. */
  readonly seed?: number | undefined;
  /** Labels: as many rows of each are drawn as there are, so that no draw misses a class. */
  readonly stratify?: Numbers | undefined;
}

const spec = {
  level: levelOption,
  resamples: wholeNumber(2, 1000),
  seed: seed(1),
  stratify: anything(),
} satisfies Spec<BootstrapOptions>;

/**
 * An interval for any figure of rows: they are drawn again with replacement, all columns together, and the
 * ends are quantiles of what the figure then is (the percentile method; Efron, 1979). The same seed gives
 * the same interval. Throws where a draw gives NaN, as the area under a curve does where a class is missed.
 *
 * ```ts
 * bootstrapInterval(areaUnderCurve, [scores, labels], { resamples: 2000, stratify: labels });
 * ```
 */
export function bootstrapInterval(
  figure: (...columns: never[]) => number,
  columns: readonly (Numbers | FlatMatrix)[],
  options: BootstrapOptions = {},
): Interval {
  const of = argument(
    'bootstrapInterval',
    'figure',
    figure,
    required(callback('(p, y) => number')),
  );
  const { level, resamples, seed, stratify } = settle('bootstrapInterval', options, spec);
  if (!Array.isArray(columns) || columns.length === 0) {
    throw refusal('bootstrapInterval', 'expected a list of columns', columns, 'pass [p, y]');
  }
  const rows = columns.map((column) => drawable(column));
  const n = rows[0].count;
  for (const { count } of rows) {
    if (count === n && n > 0) continue;
    throw new RangeError(
      `bootstrapInterval: columns have ${rows.map((each) => each.count).join(' and ')} rows; give as many of each, and at least one`,
    );
  }
  const strata = strataOf(stratify, n);
  const random = xoroshiro128plus(seed);
  const drawn = new Uint32Array(n);
  const figures = new Float64Array(resamples);
  const call = of as (...columns: readonly unknown[]) => number;
  for (let k = 0; k < resamples; k++) {
    for (const stratum of strata) {
      for (const i of stratum) drawn[i] = stratum[uniformInt(random, 0, stratum.length - 1)];
    }
    figures[k] = call(...rows.map(({ at }) => at(drawn)));
    if (typeof figures[k] === 'number' && !Number.isNaN(figures[k])) continue;
    throw new RangeError(
      `bootstrapInterval: resample ${k} of ${resamples} has no figure (NaN), perhaps because it misses a class; pass stratify: labels`,
    );
  }
  figures.sort();
  return {
    estimate: call(...rows.map(({ at }) => at(Uint32Array.from(drawn, (_, i) => i)))),
    low: quantile(figures, (1 - level) / 2),
    high: quantile(figures, (1 + level) / 2),
    level,
    method: 'bootstrap',
  };
}

interface Drawable {
  readonly count: number;
  at(rows: Uint32Array): Float64Array | FlatMatrix;
}

function drawable(column: Numbers | FlatMatrix): Drawable {
  if (column instanceof FlatMatrix) {
    const { columns: width, data } = column;
    return {
      count: column.rows,
      at(rows) {
        const drawn = new FlatMatrix(rows.length, width);
        rows.forEach((from, to) => {
          for (let j = 0; j < width; j++) drawn.data[to * width + j] = data[from * width + j];
        });
        return drawn;
      },
    };
  }
  const values = entries('bootstrapInterval', column);
  return { count: values.length, at: (rows) => Float64Array.from(rows, (i) => values[i]) };
}

/** The rows of each label; all of them where there are no labels. */
function strataOf(labels: Numbers | undefined, n: number): readonly (readonly number[])[] {
  const all = Array.from({ length: n }, (_, i) => i);
  if (labels === undefined) return [all];
  const y = entries('bootstrapInterval', labels);
  if (y.length !== n) {
    throw new RangeError(
      `bootstrapInterval: there are ${n} rows and ${y.length} labels to stratify`,
    );
  }
  const strata = new Map<number, number[]>();
  for (const i of all) {
    const own = strata.get(y[i]);
    if (own === undefined) strata.set(y[i], [i]);
    else own.push(i);
  }
  return [...strata.values()];
}

/** Between the order statistics by lines, as R's type 7 does. */
function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(sorted.length - 1, below + 1);
  if (sorted[below] === sorted[above]) return sorted[below]; // infinite ones too
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}
