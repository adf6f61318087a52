import { FlatMatrix } from '@steepest/autodiff';
import type { Params } from '../families/batch.ts';
import type { Problem } from '../families/problem.ts';

/**
 * Parameters with a score for each class, among those that predict the same: b sums to 0, and without
 * a penalty so does each row of w (with one, the minimum has that already). Others stay.
 */
export function centred(problem: Problem, params: Params): Params {
  const { w, b } = params;
  if (!problem.family.perClass || typeof b === 'number') return params;
  return { w: problem.l2 > 0 ? w : withoutRowMeans(w), b: withoutRowMeans(b) };
}

function withoutRowMeans({ rows, columns, data }: FlatMatrix): FlatMatrix {
  const result = new FlatMatrix(rows, columns);
  for (let i = 0; i < rows; i++) {
    let mean = 0;
    for (let k = 0; k < columns; k++) mean += data[i * columns + k] / columns;
    for (let k = 0; k < columns; k++) result.data[i * columns + k] = data[i * columns + k] - mean;
  }
  return result;
}
