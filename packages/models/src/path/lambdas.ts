import type { Slope } from '../penalized/point.ts';
import { lengthOf, type Strengths } from '../penalized/strengths.ts';

/** The smallest λ at which every penalized coefficient is 0; `base` are the penalties of λ = 1. */
export function largestLambda(
  { w }: Slope,
  { l1, groups }: Strengths,
  unpenalized: number,
): number {
  let largest = 0;
  for (let j = 0; j < w.length; j++) {
    if (l1[j] > 0 && l1[j] < unpenalized) largest = Math.max(largest, Math.abs(w[j]) / l1[j]);
  }
  for (const { members, strength } of groups) {
    largest = Math.max(largest, lengthOf(w, members) / strength);
  }
  return largest;
}

/** So many values from the largest down to its share `ratio`, equally far apart in logarithms. */
export function geometric(largest: number, ratio: number, count: number): number[] {
  if (count === 1) return [largest];
  return Array.from({ length: count }, (_, k) => largest * ratio ** (k / (count - 1)));
}
