import type { Estimation } from './estimation.ts';
import { leverages } from './leverage.ts';
import { countOf, entryOf, freeOf, type Sample, sizeOf } from './sample.ts';

/**
 * How rows' squared slopes are corrected for being smaller than the errors' where the model was fitted to
 * them (White 1980; MacKinnon and White 1985): not, by n/(n − k), by 1/(1 − h), by 1/(1 − h)².
 */
export type Correction = 'HC0' | 'HC1' | 'HC2' | 'HC3';

export interface Robust {
  readonly correction: Correction;
  /** The group of each row, as a number from 0; every row by itself without. */
  readonly groups: Int32Array | undefined;
  readonly clusters: number;
}

/**
 * A⁻¹ B A⁻¹ with A the information and B = Σ sᵢsᵢᵀ over rows, or over groups with sᵢ their sums: as
 * R's sandwich, vcovHC and vcovCL, with G/(G − 1) for G groups, and (n − 1)/(n − k) by HC1 beside it.
 * A row's analytic weight multiplies its slope; a row of frequency 2 counts as two.
 */
export function robustCovariance(
  operation: string,
  estimation: Estimation,
  robust: Robust,
): Float64Array {
  const { sample, maximum } = estimation;
  const size = maximum.theta.length;
  const meat = new Float64Array(size * size);
  const score = new Float64Array(size);
  if (robust.groups === undefined) {
    const factors = factorsOf(operation, estimation, robust.correction);
    for (let i = 0; i < sample.x.rows; i++) {
      addScore(score.fill(0), sample, maximum.slopes, i, 1);
      addSquare(meat, score, (sample.frequency?.[i] ?? 1) * factors(i));
    }
  } else {
    const scores = new Float64Array(size * robust.clusters);
    for (let i = 0; i < sample.x.rows; i++) {
      const own = scores.subarray(robust.groups[i] * size, (robust.groups[i] + 1) * size);
      addScore(own, sample, maximum.slopes, i, sample.frequency?.[i] ?? 1);
    }
    for (let g = 0; g < robust.clusters; g++) {
      addSquare(meat, scores.subarray(g * size, (g + 1) * size), 1);
    }
  }
  const factor = smallSample(sample, robust);
  return product(maximum.inverse, product(meat, maximum.inverse, size), size).map(
    (v) => v * factor,
  );
}

function smallSample(sample: Sample, { correction, groups, clusters }: Robust): number {
  const n = countOf(sample);
  const k = freeOf(sample) * sizeOf(sample);
  if (groups === undefined) return correction === 'HC1' ? n / (n - k) : 1;
  return (clusters / (clusters - 1)) * (correction === 'HC1' ? (n - 1) / (n - k) : 1);
}

function factorsOf(
  operation: string,
  { sample, maximum }: Estimation,
  correction: Correction,
): (i: number) => number {
  if (correction === 'HC0' || correction === 'HC1') return () => 1;
  const h = leverages(sample, maximum);
  const whole = h.findIndex((value) => value > 1 - 1e-10);
  if (whole >= 0) {
    throw new RangeError(
      `${operation}: row ${whole + 1} has the leverage 1, it is fitted exactly: ${correction} divides by 1 minus it; use HC1`,
    );
  }
  const power = correction === 'HC2' ? 1 : 2;
  return (i) => 1 / (1 - h[i]) ** power;
}

/** Adds times · slopeᵢ ⊗ xᵢ. */
function addScore(
  to: Float64Array,
  sample: Sample,
  slopes: Float64Array,
  i: number,
  times: number,
): void {
  const [free, one] = [freeOf(sample), sizeOf(sample)];
  for (let f = 0; f < free; f++) {
    const slope = times * slopes[i * free + f];
    for (let j = 0; j < one; j++) to[f * one + j] += slope * entryOf(sample, i, j);
  }
}

function addSquare(to: Float64Array, s: Float64Array, times: number): void {
  const size = s.length;
  for (let j = 0; j < size; j++) {
    const factor = times * s[j];
    if (factor === 0) continue;
    for (let k = 0; k < size; k++) to[j * size + k] += factor * s[k];
  }
}

function product(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const result = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      const factor = a[i * size + k];
      for (let j = 0; j < size; j++) result[i * size + j] += factor * b[k * size + j];
    }
  }
  return result;
}
