import { FlatMatrix } from '../../values/flat-matrix.ts';

// e^x and e^(−x) never overflow together: the one that is at most 1 is used.
export function sigmoidOf(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const small = Math.exp(x);
  return small / (1 + small);
}

// log(1 + e^x) = max(x, 0) + log(1 + e^−|x|)
export function softplusOf(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(x > 0 ? -x : x));
}

// Loops of their own, in which V8 puts the function: a third quicker for a hundred entries.

export function sigmoidEntries({ rows, columns, data }: FlatMatrix): FlatMatrix {
  const result = new FlatMatrix(rows, columns);
  const to = result.data;
  for (let k = 0; k < to.length; k++) to[k] = sigmoidOf(data[k]);
  return result;
}

export function softplusEntries({ rows, columns, data }: FlatMatrix): FlatMatrix {
  const result = new FlatMatrix(rows, columns);
  const to = result.data;
  for (let k = 0; k < to.length; k++) to[k] = softplusOf(data[k]);
  return result;
}
