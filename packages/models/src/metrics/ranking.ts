import { type Numbers, pair, refuseOtherLabels, type Weighted } from './columns.ts';

/** What is called 1 at each threshold: weights of the ones and zeros whose score is at least as high. */
export interface Ranking {
  /** The distinct scores, the highest first. */
  readonly thresholds: Float64Array;
  readonly truePositives: Float64Array;
  readonly falsePositives: Float64Array;
  /** The weight of all ones, and of all zeros. */
  readonly ones: number;
  readonly zeros: number;
}

/** Rows in order of their scores, equal scores together: O(n log n). Throws for a score of NaN. */
export function ranking(
  operation: string,
  scores: Numbers,
  labels: Numbers,
  options: Weighted,
): Ranking {
  const { p, y, n, w } = pair(operation, scores, labels, options);
  refuseOtherLabels(operation, y);
  for (let i = 0; i < n; i++) {
    if (Number.isNaN(p[i])) throw new RangeError(`${operation}: score ${i} is not a number`);
  }
  const order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  // Not p[b] − p[a]: infinite scores differ by NaN.
  order.sort((a, b) => (p[a] < p[b] ? 1 : p[a] > p[b] ? -1 : 0));
  const thresholds = new Float64Array(n);
  const truePositives = new Float64Array(n);
  const falsePositives = new Float64Array(n);
  let [distinct, ones, zeros] = [0, 0, 0];
  for (let k = 0; k < n; ) {
    const score = p[order[k]];
    let counted = 0;
    for (; k < n && p[order[k]] === score; k++) {
      const weight = w === undefined ? 1 : w[order[k]];
      if (y[order[k]] === 1) ones += weight;
      else zeros += weight;
      counted += weight;
    }
    if (counted === 0) continue; // rows of weight 0 are not there
    thresholds[distinct] = score;
    truePositives[distinct] = ones;
    falsePositives[distinct++] = zeros;
  }
  return {
    thresholds: thresholds.slice(0, distinct),
    truePositives: truePositives.slice(0, distinct),
    falsePositives: falsePositives.slice(0, distinct),
    ones,
    zeros,
  };
}
