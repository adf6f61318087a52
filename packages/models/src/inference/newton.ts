import { FlatMatrix } from '@steepest/autodiff';
import { applyQ, pivotedQr, solveR } from '@steepest/optim/linear-algebra';
import { scaleColumns } from '../exact/design.ts';
import type { Family } from '../families/family.ts';
import { information, rowDerivatives } from '../families/rows.ts';

/** A model near its maximum of likelihood; x holds n×d entries row by row, theta is [b, w] or w. */
export interface NearMaximum {
  readonly family: Family;
  readonly x: FlatMatrix;
  readonly y: FlatMatrix;
  readonly intercept: boolean;
  readonly weights: Float64Array | undefined;
  readonly offset: Float64Array | undefined;
  readonly theta: Float64Array;
}

/** The maximum, its scores, and (AᵀWA)⁻¹ there, row by row, W the expected information. */
export interface Maximum {
  readonly theta: Float64Array;
  readonly scores: FlatMatrix;
  readonly inverse: Float64Array;
}

/**
 * Up to eight steps of Fisher scoring, which is Newton's method for canonical families. Each is a
 * weighted least-squares problem min ‖√W (A δ − slope/W)‖ by QR of columns of one length, so that A's
 * condition number is not squared and units do not matter; the inverse is that of the last R.
 */
export function maximum(start: NearMaximum): Maximum {
  let theta: Float64Array = start.theta;
  let last: { size: number; inverse: Float64Array } = {
    size: Infinity,
    inverse: new Float64Array(0),
  };
  for (let round = 0; round < 8; round++) {
    const { step, size, inverse } = scoring({ ...start, theta });
    if (!(size < last.size / 2)) break;
    last = { size, inverse };
    theta = theta.map((value, j) => value + step[j]);
  }
  return { theta, scores: scoresOf({ ...start, theta }), inverse: last.inverse };
}

function scoresOf({ x, intercept, offset, theta }: NearMaximum): FlatMatrix {
  const first = intercept ? 1 : 0;
  const scores = new FlatMatrix(x.rows, 1);
  for (let i = 0, at = 0; i < x.rows; i++) {
    let t = (intercept ? theta[0] : 0) + (offset?.[i] ?? 0);
    for (let j = 0; j < x.columns; j++) t += x.data[at++] * theta[j + first];
    scores.data[i] = t;
  }
  return scores;
}

function scoring(at: NearMaximum): { step: Float64Array; size: number; inverse: Float64Array } {
  const { family, x, y, intercept, weights } = at;
  const { rows, columns } = x;
  const first = intercept ? 1 : 0;
  const size = columns + first;
  const scores = scoresOf(at);
  const slopes = rowDerivatives(family).slopes(scores, y).data;
  const expected = information(family, scores, y).data;
  const data = new Float64Array(rows * size);
  const right = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const root = Math.sqrt(expected[i] * (weights?.[i] ?? 1));
    // A row without curvature has no say; 0/0 must not spread.
    right[i] = root === 0 ? 0 : (-root * slopes[i]) / expected[i];
    if (intercept) data[i] = root;
    for (let j = 0; j < columns; j++) data[(j + first) * rows + i] = root * x.data[i * columns + j];
  }
  const matrix = { data, rows, columns: size };
  const lengths = scaleColumns(matrix);
  const qr = pivotedQr(matrix);
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
  const length = Math.hypot(...step);
  const inverse = inverseOf(qr.pivots, (k) => solveR(qr, unit(rows, k)));
  for (let i = 0; i < size; i++) {
    step[i] /= lengths[i];
    for (let j = 0; j < size; j++) inverse[i * size + j] /= lengths[i] * lengths[j];
  }
  return { step, size: length, inverse };
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
