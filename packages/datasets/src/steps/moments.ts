/** What a column's numbers are about, and how far they spread about it. */
export interface ColumnMoments {
  readonly mean: number;
  /** The population standard deviation; 0 where there is one value only. */
  readonly deviation: number;
  /** How many numbers are present. */
  readonly count: number;
}

/** So many rows are looked at at once: they stay in a processor's cache, and blocks from disk are as many. */
export const chunkRows = 16_384;

/** Mean and population standard deviation of the numbers that are present; NaN is a hole. */
export function moments(values: Float64Array): ColumnMoments {
  const sum = new MomentSum();
  sum.add(values);
  return sum.moments;
}

/**
 * The moments of a column that comes in parts. Each part but the last has a multiple of `chunkRows` rows:
 * the chunks are then the same wherever the column is, and so is every bit of what comes of them.
 */
export class MomentSum {
  #sum: ColumnMoments = { mean: 0, deviation: 0, count: 0 };

  add(values: Float64Array): void {
    for (let from = 0; from < values.length; from += chunkRows) {
      const chunk = values.subarray(from, from + chunkRows);
      this.#sum = joined(this.#sum, inOnePass(chunk) ?? inTwoPasses(chunk));
    }
  }

  get moments(): ColumnMoments {
    return this.#sum;
  }
}

/** The moments of two parts together (ibid., equation 2.1), without a square that could leave the range. */
function joined(a: ColumnMoments, b: ColumnMoments): ColumnMoments {
  if (a.count === 0 || b.count === 0) return a.count === 0 ? b : a;
  const count = a.count + b.count;
  const [p, q] = [a.count / count, b.count / count];
  const apart = b.mean - a.mean;
  return {
    mean: a.mean + q * apart,
    deviation: Math.hypot(
      Math.sqrt(p) * a.deviation,
      Math.sqrt(q) * b.deviation,
      Math.sqrt(p * q) * apart,
    ),
    count,
  };
}

/**
 * In one pass about the mean of a few of the numbers (Chan, Golub and LeVeque 1983, section 3), in four
 * sums side by side; undefined where a number is missing, where that place lies outside of what the
 * numbers spread over, and where their squares leave the range of numbers.
 */
function inOnePass(values: Float64Array): ColumnMoments | undefined {
  const count = values.length;
  if (count < 64) return undefined;
  // 16 of them, so that equal ones have exactly their value as mean.
  let about = 0;
  for (let k = 0; k < 16; k++) about += values[Math.floor((k * count) / 16)] / 16;
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let [q0, q1, q2, q3] = [0, 0, 0, 0];
  const whole = count - (count % 4);
  for (let i = 0; i < whole; i += 4) {
    const d0 = values[i] - about;
    const d1 = values[i + 1] - about;
    const d2 = values[i + 2] - about;
    const d3 = values[i + 3] - about;
    s0 += d0;
    s1 += d1;
    s2 += d2;
    s3 += d3;
    q0 += d0 * d0;
    q1 += d1 * d1;
    q2 += d2 * d2;
    q3 += d3 * d3;
  }
  for (let i = whole; i < count; i++) {
    const d = values[i] - about;
    s0 += d;
    q0 += d * d;
  }
  const rest = (s0 + s1 + (s2 + s3)) / count;
  const variance = (q0 + q1 + (q2 + q3)) / count - rest * rest;
  const sure = variance > 1e-250 && variance < Infinity && rest * rest < 100 * variance;
  return sure ? { mean: about + rest, deviation: Math.sqrt(variance), count } : undefined;
}

/** In two passes; the second subtracts what rounding left in the first (ibid., equation 1.7). */
function inTwoPasses(values: Float64Array): ColumnMoments {
  let count = 0;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let first = Number.NaN;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (Number.isNaN(value)) continue;
    if (count++ === 0) first = value;
    sum += value - first;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const mean = first + sum / count;
  // A constant column must give exactly 0; rounding in the mean would leave a tiny deviation.
  if (count === 0 || low === high) return { mean: count === 0 ? 0 : low, deviation: 0, count };
  // In units of half of the range, whose squares are numbers whatever the unit of the column.
  const unit = high / 2 - low / 2;
  let squares = 0;
  let rest = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (Number.isNaN(value)) continue;
    const d = (value - mean) / unit;
    squares += d * d;
    rest += d;
  }
  return {
    mean: mean + unit * (rest / count),
    deviation: unit * Math.sqrt((squares - (rest * rest) / count) / count),
    count,
  };
}
