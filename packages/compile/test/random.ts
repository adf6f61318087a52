import { FlatMatrix } from '@steepest/autodiff';

/** Numbers that look random and are the same in every run. */
export function entriesFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

export function randomMatrix(rows: number, columns: number, seed = 1): FlatMatrix {
  const next = entriesFrom(seed * 7919 + rows * 31 + columns);
  return new FlatMatrix(rows, columns, Float64Array.from({ length: rows * columns }, next));
}
