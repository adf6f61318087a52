import { FlatMatrix } from '@steepest/autodiff';

// A linear congruential generator: the same data in every run.
let state = 1;
const next = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32 - 0.5;
};

/** Numbers between −scale/2 and scale/2. */
export function entries(n: number, scale = 1): Float64Array {
  const result = new Float64Array(n);
  for (let i = 0; i < n; i++) result[i] = scale * next();
  return result;
}

export const matrix = (rows: number, columns: number, scale = 1): FlatMatrix =>
  new FlatMatrix(rows, columns, entries(rows * columns, scale));

/** Zeros and ones. */
export const labels = (n: number): FlatMatrix =>
  new FlatMatrix(
    n,
    1,
    entries(n).map((e) => (e > 0 ? 1 : 0)),
  );
