import { applyQ, pivotedQr, solveR } from '@steepest/optim/linear-algebra';
import type { Kind } from '../problems/problem.ts';
import { rowLikelihood } from './likelihood.ts';

/** A model near its maximum of likelihood; x holds n×d entries row by row, theta is [b, w] or w. */
export interface NearMaximum {
  readonly kind: Kind;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly rows: number;
  readonly columns: number;
  readonly intercept: boolean;
  readonly weights: Float64Array | undefined;
  readonly offset: Float64Array | undefined;
  readonly theta: Float64Array;
}

/** The maximum, its scores, and (AᵀWA)⁻¹ there, row by row. */
export interface Maximum {
  readonly theta: Float64Array;
  readonly scores: Float64Array;
  readonly inverse: Float64Array;
}

/**
 * Up to four steps of Newton's method, each a weighted least-squares problem min ‖√W (A δ − slope/W)‖ by
 * QR, so that A's condition number is not squared; and the inverse of AᵀWA from the last R.
 */
export function maximum(start: NearMaximum): Maximum {
  let theta: Float64Array = start.theta;
  let last = { size: Infinity, inverse: new Float64Array(0) };
  for (let round = 0; round < 4; round++) {
    const { step, inverse } = newton({ ...start, theta });
    const size = Math.hypot(...step);
    if (!(size < last.size / 2)) break;
    last = { size, inverse: Float64Array.from(inverse) };
    theta = theta.map((value, j) => value + step[j]);
  }
  return { theta, scores: scoresOf({ ...start, theta }), inverse: last.inverse };
}

function scoresOf(at: NearMaximum): Float64Array {
  const { x, rows, columns, intercept, offset, theta } = at;
  const first = intercept ? 1 : 0;
  return Float64Array.from({ length: rows }, (_, i) => {
    let t = (intercept ? theta[0] : 0) + (offset?.[i] ?? 0);
    for (let j = 0; j < columns; j++) t += x[i * columns + j] * theta[j + first];
    return t;
  });
}

function newton(at: NearMaximum): { step: Float64Array; inverse: Float64Array } {
  const { kind, x, y, rows, columns, intercept, weights } = at;
  const first = intercept ? 1 : 0;
  const size = columns + first;
  const scores = scoresOf(at);
  const data = new Float64Array(rows * size);
  const right = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const { slope, curvature } = rowLikelihood(kind, scores[i], y[i]);
    const root = Math.sqrt(curvature * (weights?.[i] ?? 1));
    // A row without curvature has no say; 0/0 must not spread.
    right[i] = root === 0 ? 0 : (root * slope) / curvature;
    if (intercept) data[i] = root;
    for (let j = 0; j < columns; j++) data[(j + first) * rows + i] = root * x[i * columns + j];
  }
  const qr = pivotedQr({ data, rows, columns: size });
  if (qr.rank < size) {
    throw new RangeError(
      `inference: ${size} coefficients, but the rows tell only ${qr.rank} apart; leave dependent columns out`,
    );
  }
  applyQ(qr, right);
  const step = new Float64Array(size);
  solveR(qr, right).forEach((value, k) => {
    step[qr.pivots[k]] = value;
  });
  return { step, inverse: inverseOf(qr.pivots, (k) => solveR(qr, unit(rows, k))) };
}

/** R⁻¹R⁻ᵀ in the order of the columns before pivoting. */
function inverseOf(pivots: Int32Array, columnOfInverse: (k: number) => Float64Array): Float64Array {
  const size = pivots.length;
  const inverse = new Float64Array(size * size);
  for (let k = 0; k < size; k++) {
    const column = columnOfInverse(k);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) inverse[pivots[i] * size + pivots[j]] += column[i] * column[j];
    }
  }
  return inverse;
}

function unit(length: number, k: number): Float64Array {
  const e = new Float64Array(length);
  e[k] = 1;
  return e;
}
