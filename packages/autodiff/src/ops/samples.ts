import type { Sample } from '../primitive/primitive.ts';

/** A sample with one input: these entries as a column. */
export function column(...entries: number[]): Sample {
  return [entries.map((entry) => [entry])];
}

/** A sample with two columns of inputs. */
export function columns(a: readonly number[], b: readonly number[]): Sample {
  return [a.map((entry) => [entry]), b.map((entry) => [entry])];
}

const wide = [
  [0.5, -1.25, 2],
  [1.5, 0.25, -0.75],
];
const positive = [
  [1.5, 0.75, 2],
  [0.5, 1.25, 3],
];

/** Every way in which two operands stretch; the second stays positive. */
export const binarySamples: readonly Sample[] = [
  [wide, positive],
  [wide, [[1.5, 0.75, 2]]],
  [wide, [[1.5], [0.5]]],
  [[[0.5], [-1.5]], [[1.5, 0.75, 2]]],
  [[[0.7]], positive],
  [wide, [[1.3]]],
];
