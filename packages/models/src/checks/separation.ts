import { FlatMatrix, matmul, SingularError, solve } from '@steepest/autodiff';
import { boolean, refusal, settle } from '@steepest/ground';
import { expectList } from '../expect.ts';
import type { Separable } from '../families/family.ts';
import { designWarnings } from './design-checks.ts';
import { type Curvature, curvatureOf, lossOf, standardizedRows } from './newton-probe.ts';
import type { Separation } from './warning.ts';

/** What the families of labels say of separation. */
export const hyperplane: Separable = {
  find: (x, y, options) => separation(x, y, options),
  because: (found) =>
    `the classes are separated ${found === 'complete' ? 'completely' : 'up to rows on the boundary'}`,
};

const mostSteps = 40;
/** Multiplications that the check may cost: a few seconds. */
const budget = 6e9;

/**
 * Whether the maximum-likelihood estimate of logistic or softmax regression fails to exist because
 * the classes can be separated (Albert and Anderson, 1984).
 *
 * Newton's method without a penalty, on standardized columns. If it settles, the estimate exists. If
 * every row gets a positive margin, or a step raises every margin, the classes are separated
 * completely: that is a proof. If it keeps moving in a direction in which no margin shrinks, that
 * direction proves quasi-complete separation, up to rounding. x is n×d, `codes` hold 0 … K−1. 'not checked' where it would cost more
 * than some seconds.
 *
 * ```ts
 * separation(new FlatMatrix(4, 1, [1, 2, 3, 4]), [0, 0, 1, 1]); // 'complete'
 * ```
 */
export function separation(
  x: FlatMatrix,
  codes: ArrayLike<number>,
  options: { readonly intercept?: boolean | undefined } = {},
): Separation {
  const { intercept } = settle('separation', options, { intercept: boolean(true) });
  if (!(x instanceof FlatMatrix)) {
    throw refusal('separation', 'x must be a FlatMatrix', x, 'pass toFlatMatrix(x)');
  }
  expectList('separation', 'codes', codes);
  const present = [...new Set(Array.from(codes))].sort((a, b) => a - b);
  if (present.length < 2) return 'complete';
  const y = Array.from(codes, (code) => present.indexOf(code));
  // What separates all rows separates some of them: where those overlap, all do.
  const few = Math.max(1000, 30 * x.columns * present.length);
  for (let stride = Math.floor(x.rows / few); stride > 1; stride = Math.floor(stride / 8)) {
    const part = rowsOf(x, y, stride);
    if (new Set(part.y).size < present.length || !independent(part.x, intercept)) continue;
    if (probe(part.x, part.y, present.length - 1, intercept) === 'none') return 'none';
  }
  return probe(x, y, present.length - 1, intercept);
}

function rowsOf(x: FlatMatrix, y: readonly number[], stride: number) {
  const kept = y.map((_, i) => i).filter((i) => i % stride === 0);
  const result = new FlatMatrix(kept.length, x.columns);
  kept.forEach((i, to) => {
    result.data.set(x.data.subarray(i * x.columns, (i + 1) * x.columns), to * x.columns);
  });
  return { x: result, y: kept.map((i) => y[i]) };
}

/** Without it, a direction that these rows do not see could separate the others. */
function independent(x: FlatMatrix, intercept: boolean): boolean {
  const names = Array.from({ length: x.columns }, (_, j) => String(j));
  return (
    designWarnings({ data: x.data, rows: x.rows, columns: x.columns, names }, intercept).length ===
    0
  );
}

function probe(
  x: FlatMatrix,
  y: readonly number[],
  others: number,
  intercept: boolean,
): Separation {
  const rows = standardizedRows(x, intercept);
  if (x.rows * (rows.columns * others) ** 2 * 10 > budget) return 'not checked';
  let theta = new FlatMatrix(rows.columns, others);
  for (let round = 0; round < mostSteps; round++) {
    const scores = matmul(rows, theta);
    if (margins(scores, y).low > 0) return 'complete';
    const step = newtonStep(curvatureOf(rows, scores, y), theta);
    if (step === undefined) return 'not checked';
    const moved = margins(matmul(rows, step), y);
    if (Math.max(moved.high, -moved.low) < 1e-5) return 'none';
    if (moved.high > 0.3) {
      if (moved.low > 1e-6 * moved.high) return 'complete';
      // Later, so that rows which are settled do not move any more.
      if (round >= 14 && moved.low >= -1e-6 * moved.high) return 'quasi';
    }
    theta = shortened(rows, y, theta, step, lossOf(scores, y));
  }
  return 'not checked';
}

function newtonStep({ hessian, gradient }: Curvature, theta: FlatMatrix): FlatMatrix | undefined {
  let trace = 0;
  for (let k = 0; k < hessian.rows; k++) trace += hessian.get(k, k);
  // Directions that no row speaks about (dependent columns) must not be divided by zero.
  const ridge = (1e-13 * trace) / hessian.rows;
  for (let k = 0; k < hessian.rows; k++) hessian.set(k, k, hessian.get(k, k) + ridge);
  try {
    const step = solve(hessian, gradient).data.map((value) => -value);
    return new FlatMatrix(theta.rows, theta.columns, step);
  } catch (error) {
    if (error instanceof SingularError) return undefined;
    throw error;
  }
}

/** theta + step, the step halved until the loss falls. */
function shortened(
  x: FlatMatrix,
  y: readonly number[],
  theta: FlatMatrix,
  step: FlatMatrix,
  loss: number,
): FlatMatrix {
  for (let rate = 1; ; rate /= 2) {
    const moved = theta.data.map((value, k) => value + rate * step.data[k]);
    const next = new FlatMatrix(theta.rows, theta.columns, moved);
    if (rate < 1e-6 || lossOf(matmul(x, next), y) <= loss) return next;
  }
}

/**
 * The smallest and the largest margin, the score of a row's class minus that of another; scores are
 * n×(K−1), class 0 having score 0.
 */
function margins(scores: FlatMatrix, y: readonly number[]): { low: number; high: number } {
  let low = Infinity;
  let high = -Infinity;
  const score = (i: number, k: number) => (k === 0 ? 0 : scores.data[i * scores.columns + k - 1]);
  for (let i = 0; i < y.length; i++) {
    for (let k = 0; k <= scores.columns; k++) {
      if (k === y[i]) continue;
      const margin = score(i, y[i]) - score(i, k);
      if (!(margin >= low)) low = margin;
      if (!(margin <= high)) high = margin;
    }
  }
  return { low, high };
}
