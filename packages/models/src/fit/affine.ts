import { FlatMatrix } from '@steepest/autodiff';
import type { Params } from '../families/batch.ts';
import type { Problem } from '../families/problem.ts';
import type { Affine } from '../solve/row-sums.ts';

/** Parameters as sums over rows take them: b is 1×K, zeros where there is none. */
export function affineOf({ intercept }: Problem, { w, b }: Params): Affine {
  if (!intercept) return { w, b: new FlatMatrix(1, w.columns) };
  return { w, b: typeof b === 'number' ? new FlatMatrix(1, 1, [b]) : b };
}
