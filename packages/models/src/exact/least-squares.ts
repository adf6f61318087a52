import { FlatMatrix, type NdArrayLike, toFlatMatrix } from '@steepest/autodiff';
import { anything, boolean, nonNegative, type Spec, settle } from '@steepest/ground';
import {
  applyQ,
  type PivotedQr,
  pivotedQr,
  solveR,
  solveRTransposed,
} from '@steepest/optim/linear-algebra';
import type { Column } from '../families/batch.ts';
import { type Design, designOf } from './design.ts';
import { Accumulator } from './twice-working-precision.ts';

/** As for `linearRegression`; `weights` are n×1. */
export interface LeastSquaresOptions {
  readonly l2?: number | undefined;
  readonly intercept?: boolean | undefined;
  readonly weights?: Column | undefined;
}

const leastSquaresSpec = {
  l2: nonNegative(0),
  intercept: boolean(true),
  weights: anything(),
} satisfies Spec<LeastSquaresOptions>;

/** The minimizer, without iteration over steps: what gradient methods are judged by. */
export interface LeastSquaresSolution {
  readonly w: FlatMatrix;
  readonly b: number;
  /** Σ weight (y − x·w − b)². */
  readonly residualSumOfSquares: number;
  /** The objective of `linearRegression`, (1/(2n)) RSS + (l2/2) Σ w². */
  readonly objective: number;
  /** The columns that can be told apart, the intercept counted. */
  readonly rank: number;
  /** The largest over the smallest diagonal entry of R for columns of unit length. */
  readonly condition: number;
}

/** The columns cannot be told apart: infinitely many coefficients give the same predictions. */
export class RankDeficientError extends Error {
  override name = 'RankDeficientError';
  readonly reason = 'rank-deficient';
}

/**
 * Minimizes (1/(2n)) Σ weightᵢ (xᵢ·w + b − yᵢ)² + (l2/2) Σ w² by Householder QR with column pivoting,
 * never by normal equations, which would square the condition number; then refines the solution with
 * residuals in twice the precision (Björck, 1967).
 *
 * x is n×d, y n×1. The penalty enters as the rows √(n l2) I. Throws a RankDeficientError where
 * columns depend on each other up to rounding and l2 does not settle it.
 *
 * ```ts
 * const { w, b, objective } = leastSquares(x, y, { l2: 0.1 });
 * (problem.loss(params, { x, y }) - objective) / objective; // the distance to the optimum
 * ```
 */
export function leastSquares(
  x: FlatMatrix | NdArrayLike,
  y: Column,
  options: LeastSquaresOptions = {},
): LeastSquaresSolution {
  const { l2, intercept } = settle('leastSquares', options, leastSquaresSpec);
  const matrix = toFlatMatrix(x, 'leastSquares');
  const design = designOf(matrix, y, { l2, intercept, weights: options.weights });
  const qr = pivotedQr(design.matrix);
  const { rank } = qr;
  const d = design.matrix.columns;
  if (rank < d) {
    throw new RankDeficientError(
      `leastSquares: the ${d} columns${intercept ? ', the intercept included,' : ''} have rank ${rank}; ` +
        'leave dependent columns out, or give an l2 penalty',
    );
  }
  const solution = refine(design, qr);
  const unscaled = solution.map((c, j) => c / design.lengths[j]);
  const w = new FlatMatrix(matrix.columns, 1, unscaled.subarray(intercept ? 1 : 0));
  const b = intercept ? unscaled[0] : 0;
  const rss = residualSumOfSquares(matrix, design, w, b);
  const penalty = w.data.reduce((sum, c) => sum + c * c, 0);
  return {
    w,
    b,
    residualSumOfSquares: rss,
    objective: rss / (2 * matrix.rows) + (l2 / 2) * penalty,
    rank,
    condition: d === 0 ? 1 : Math.abs(qr.diagonal[0] / qr.diagonal[d - 1]),
  };
}

/**
 * Solves [I A; Aᵀ 0] [r; c] = [target; 0], the optimality conditions, and corrects r and c together: that
 * keeps the full accuracy for large residuals too.
 */
function refine({ matrix, target }: Design, qr: PivotedQr): Float64Array {
  const { rows: n, columns: d, data: a } = matrix;
  const c = new Float64Array(d);
  const r = new Float64Array(n);
  let previous = Infinity;
  for (let round = 0; round < 10; round++) {
    const f = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      const total = new Accumulator();
      total.add(target[i]);
      total.add(-r[i]);
      for (let j = 0; j < d; j++) total.addProduct(-a[j * n + i], c[j]);
      f[i] = total.value;
    }
    const g = new Float64Array(d);
    for (let j = 0; j < d; j++) {
      const total = new Accumulator();
      for (let i = 0; i < n; i++) total.addProduct(-a[j * n + i], r[i]);
      g[j] = total.value;
    }
    const change = correct(qr, f, g);
    const size = Math.hypot(...change.c);
    // Written so that a NaN stops it too.
    if (!(size < previous / 2)) break;
    previous = size;
    for (let j = 0; j < d; j++) c[j] += change.c[j];
    for (let i = 0; i < n; i++) r[i] += change.r[i];
  }
  return c;
}

/** With A P = Q R: h = R⁻ᵀ Pᵀ g, Qᵀ f = [f₁; f₂], Δr = Q [h; f₂], Δc = P R⁻¹ (f₁ − h). */
function correct(
  qr: PivotedQr,
  f: Float64Array,
  g: Float64Array,
): { c: Float64Array; r: Float64Array } {
  const { pivots, rank } = qr;
  const h = solveRTransposed(
    qr,
    g.map((_, k) => g[pivots[k]]),
  );
  applyQ(qr, f);
  const inPivotOrder = solveR(
    qr,
    h.map((hk, k) => f[k] - hk),
  );
  f.set(h.subarray(0, rank));
  applyQ(qr, f, false);
  const c = new Float64Array(pivots.length);
  inPivotOrder.forEach((change, k) => {
    c[pivots[k]] = change;
  });
  return { c, r: f };
}

function residualSumOfSquares(
  x: FlatMatrix,
  { weights, y }: Design,
  w: FlatMatrix,
  b: number,
): number {
  const { rows: n, columns: d, data } = x;
  let rss = 0;
  for (let i = 0; i < n; i++) {
    const residual = new Accumulator();
    residual.add(y[i]);
    residual.add(-b);
    for (let j = 0; j < d; j++) residual.addProduct(-data[i * d + j], w.data[j]);
    rss += (weights === undefined ? 1 : weights[i]) * residual.value ** 2;
  }
  return rss;
}
