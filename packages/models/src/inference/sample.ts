import { FlatMatrix } from '@steepest/autodiff';
import type { Family } from '../families/family.ts';
import { information, rowDerivatives } from '../families/rows.ts';

/** Rows as the likelihood sees them; x holds n×d entries row by row. */
export interface Sample {
  readonly family: Family;
  /** K: 1, or the number of classes. */
  readonly outputs: number;
  readonly x: FlatMatrix;
  readonly y: FlatMatrix;
  readonly intercept: boolean;
  readonly offset: Float64Array | undefined;
  /** How often each row occurred: once, unless given. */
  readonly frequency: Float64Array | undefined;
  /** How exact each row is: its variance is that of the others divided by this. */
  readonly precision: Float64Array | undefined;
}

/**
 * A sample at coefficients: of K classes those of K − 1 against the first, class by class, each [b, w].
 * What is row by row holds the rows' precision, and not how often they occurred.
 */
export interface AtPoint {
  readonly theta: Float64Array;
  /** n×K, the first column 0 where there are classes. */
  readonly scores: FlatMatrix;
  /** n×F: d loss / dt. */
  readonly slopes: Float64Array;
  /** n×F×F: the expected second derivative, Fisher's information of a row. */
  readonly information: Float64Array;
  /** Σ loss, each row as often as it occurred. */
  readonly loss: number;
}

/** F: scores that are free. */
export function freeOf({ family, outputs }: Sample): number {
  return family.perClass ? outputs - 1 : 1;
}

/** Coefficients of one score: the columns, and the intercept. */
export function sizeOf({ x, intercept }: Sample): number {
  return x.columns + (intercept ? 1 : 0);
}

/** How many rows there are, each as often as its frequency says. */
export function countOf({ y, frequency }: Sample): number {
  return frequency === undefined ? y.rows : frequency.reduce((sum, times) => sum + times, 0);
}

/** Entry j of row i of [1 x]. */
export function entryOf({ x, intercept }: Sample, i: number, j: number): number {
  if (!intercept) return x.data[i * x.columns + j];
  return j === 0 ? 1 : x.data[i * x.columns + j - 1];
}

export function scoresOf(sample: Sample, theta: Float64Array): FlatMatrix {
  const { x, intercept, offset, outputs } = sample;
  const [free, size, first] = [freeOf(sample), sizeOf(sample), intercept ? 1 : 0];
  const skip = outputs - free;
  const scores = new FlatMatrix(x.rows, outputs);
  for (let i = 0; i < x.rows; i++) {
    for (let k = 0; k < outputs; k++) {
      const from = (k - skip) * size;
      let t = offset?.[i] ?? 0;
      if (k >= skip) {
        if (intercept) t += theta[from];
        for (let j = 0; j < x.columns; j++) {
          t += x.data[i * x.columns + j] * theta[from + first + j];
        }
      }
      scores.data[i * outputs + k] = t;
    }
  }
  return scores;
}

export function at(sample: Sample, theta: Float64Array): AtPoint {
  const { family, y, outputs, frequency, precision } = sample;
  const free = freeOf(sample);
  const skip = outputs - free;
  const rows = y.rows;
  const scores = scoresOf(sample, theta);
  const derivatives = rowDerivatives(family);
  const losses = derivatives.losses(scores, y).data;
  const all = derivatives.slopes(scores, y).data;
  const slopes = new Float64Array(rows * free);
  const blocks = new Float64Array(rows * free * free);
  let loss = 0;
  for (let i = 0; i < rows; i++) {
    const weight = precision?.[i] ?? 1;
    loss += (frequency?.[i] ?? 1) * weight * losses[i];
    for (let f = 0; f < free; f++) slopes[i * free + f] = weight * all[i * outputs + f + skip];
  }
  for (let g = 0; g < free; g++) {
    const along = new FlatMatrix(rows, outputs);
    for (let i = 0; i < rows; i++) along.data[i * outputs + g + skip] = 1;
    // A loss that is no likelihood has no expected curvature: its own is what it has.
    const expected =
      family.perClass || family.likelihood === false
        ? derivatives.curvaturesAlong(scores, y, along).data
        : information(family, scores, y).data;
    for (let i = 0; i < rows; i++) {
      for (let f = 0; f < free; f++) {
        blocks[(i * free + f) * free + g] =
          (precision?.[i] ?? 1) * expected[i * outputs + f + skip];
      }
    }
  }
  return { theta, scores, slopes, information: blocks, loss };
}
