import type { NdArrayLike } from '@steepest/autodiff';
import { refusal } from '@steepest/ground';
import type { Column } from '../families/batch.ts';

/** One number per row: a plain or typed array, or an n×1 matrix or ndarray. */
export type Numbers = ArrayLike<number> | Column;

/** The numbers as an array; throws for more than one column. */
export function entries(operation: string, x: Numbers): ArrayLike<number> {
  if (typeof x !== 'object' || x === null || !('length' in x || 'shape' in x || 'rows' in x)) {
    throw refusal(operation, 'expected one number per row', x, 'pass an array, or an n×1 matrix');
  }
  if ('length' in x) {
    const odd = Array.isArray(x) ? x.findIndex((entry) => typeof entry !== 'number') : -1;
    if (odd >= 0) {
      const given: unknown = (x as ArrayLike<unknown>)[odd];
      throw refusal(operation, `entry ${odd} must be a number`, given, 'leave the row out');
    }
    if (Number.isSafeInteger(x.length)) return x;
    throw refusal(operation, 'expected one number per row', x, 'pass an array, or an n×1 matrix');
  }
  const [rows, columns = 1] = 'shape' in x ? x.shape : [x.rows, x.columns];
  if (columns !== 1) {
    throw new RangeError(
      `${operation}: expected one column, got ${rows}×${columns}; metrics take n×1`,
    );
  }
  if ('data' in x && !('shape' in x) && x.data.length === rows) return x.data; // a FlatMatrix
  return Float64Array.from({ length: rows }, 'shape' in x ? ofNdArray(x) : (_, i) => x.get(i, 0));
}

/** By position, without the matrix type: whoever uses one metric loads that metric only. */
function ofNdArray({ data, stride, offset }: NdArrayLike): (_: unknown, i: number) => number {
  const [down = 0] = stride;
  return (_, i) => ('get' in data ? data.get(offset + i * down) : data[offset + i * down]);
}

/** Two columns of one length, at least one row each. */
export function pair(
  operation: string,
  predicted: Numbers,
  actual: Numbers,
): { readonly p: ArrayLike<number>; readonly y: ArrayLike<number>; readonly n: number } {
  const p = entries(operation, predicted);
  const y = entries(operation, actual);
  if (p.length !== y.length) {
    throw new RangeError(
      `${operation}: there are ${p.length} predictions and ${y.length} targets; give one of each per row`,
    );
  }
  if (p.length === 0) throw new RangeError(`${operation}: there are no rows to measure`);
  return { p, y, n: p.length };
}

/** Probabilities against labels 0 and 1, both checked. */
export function probabilitiesAndLabels(
  operation: string,
  probabilities: Numbers,
  labels: Numbers,
): ReturnType<typeof pair> {
  const columns = pair(operation, probabilities, labels);
  for (let i = 0; i < columns.n; i++) {
    if (!(columns.p[i] >= 0 && columns.p[i] <= 1)) {
      throw new RangeError(
        `${operation}: entry ${i} is ${columns.p[i]}, which is no probability; pass predictions, not scores`,
      );
    }
  }
  refuseOtherLabels(operation, columns.y);
  return columns;
}

/** Throws where a label is neither 0 nor 1. */
export function refuseOtherLabels(operation: string, y: ArrayLike<number>): void {
  for (let i = 0; i < y.length; i++) {
    // 0 and 1 are their own squares, and no other number is
    if (y[i] * y[i] !== y[i]) {
      throw new RangeError(
        `${operation}: label ${i} is ${y[i]}; labels must be 0 or 1 (see binaryTarget)`,
      );
    }
  }
}
