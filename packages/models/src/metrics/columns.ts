import type { NdArrayLike } from '@steepest/autodiff';
import { anything, type Option, refusal, type Spec } from '@steepest/ground';
import type { Column } from '../families/batch.ts';

/** One number per row: a plain or typed array, or an n×1 matrix or ndarray. */
export type Numbers = ArrayLike<number> | Column;

/** How much rows count, one number of at least 0 each: 2 counts as the row twice. */
export interface Weighted {
  readonly weights?: Numbers | undefined;
}

/** The spec of `weights`, for metrics that have further options. */
export const weighted: { readonly weights: Option<Numbers, 'optional'> } = {
  weights: anything(),
} satisfies Spec<Weighted>;

/** Two columns of one length, and how much each of their n rows counts where that is not 1. */
export interface Pair {
  readonly p: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly n: number;
  readonly w?: ArrayLike<number> | undefined;
}

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

/** Two columns of one length, at least one row each, with the weights among the options. */
export function pair(
  operation: string,
  predicted: Numbers,
  actual: Numbers,
  options: Weighted = {},
): Pair {
  const weights = weightsOf(operation, options);
  const p = entries(operation, predicted);
  const y = entries(operation, actual);
  if (p.length !== y.length) {
    throw new RangeError(
      `${operation}: there are ${p.length} predictions and ${y.length} targets; give one of each per row`,
    );
  }
  if (p.length === 0) throw new RangeError(`${operation}: there are no rows to measure`);
  return { p, y, n: p.length, w: rowWeights(operation, weights, p.length) };
}

/** The one option of most metrics, checked by hand: a page that uses one metric loads no more for it. */
export function weightsOf(operation: string, options: Weighted): Numbers | undefined {
  const sample = `${operation}(…, { weights })`;
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw refusal(operation, 'expected options', options, `write ${sample}`);
  }
  const other = Object.keys(options).find((name) => name !== 'weights');
  if (other === undefined) return options.weights;
  throw new TypeError(`${operation}: unknown option ${JSON.stringify(other)}; write ${sample}`);
}

/** Weights n×1, each finite and at least 0, and not all 0; undefined where none are given. */
export function rowWeights(
  operation: string,
  weights: Numbers | undefined,
  n: number,
): ArrayLike<number> | undefined {
  if (weights === undefined) return undefined;
  const w = entries(operation, weights);
  if (w.length !== n) {
    throw new RangeError(
      `${operation}: there are ${n} rows and ${w.length} weights; give one per row`,
    );
  }
  let total = 0;
  for (let i = 0; i < n; i++) {
    if (!(w[i] >= 0 && w[i] < Infinity)) {
      throw new RangeError(
        `${operation}: weight ${i} is ${w[i]}; weights must be finite and at least 0`,
      );
    }
    total += w[i];
  }
  if (total > 0) return w;
  throw new RangeError(`${operation}: every weight is 0; some row must count`);
}

/** Probabilities against labels 0 and 1, both checked. */
export function probabilitiesAndLabels(
  operation: string,
  probabilities: Numbers,
  labels: Numbers,
  options: Weighted = {},
): Pair {
  const columns = pair(operation, probabilities, labels, options);
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
