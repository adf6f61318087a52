import {
  FlatMatrix,
  hessian,
  item,
  type Operand,
  SingularError,
  solve,
  valueAndGrad,
} from '@steepest/autodiff';
import type { Batch, Params } from '../families/batch.ts';
import type { Problem } from '../families/problem.ts';

/** How far an objective can be above its minimum. */
export interface Certificate {
  /** The objective at the parameters. */
  readonly objective: number;
  /** ‖∇f‖₂ at the parameters. */
  readonly gradientNorm: number;
  /** objective − minimum is at most this; undefined without a penalty, when no bound is known. */
  readonly gap: number | undefined;
}

/**
 * A bound on the distance to the minimum, from the gradient alone.
 *
 * With the intercept at its best, f is l2-strongly convex in w, so that f − min f ≤ ‖∂f/∂w‖² / (2 l2)
 * (Boyd and Vandenberghe, Convex Optimization, 9.1.2). So b is first moved to its best by Newton's
 * method, and what that gains is added. Up to rounding in f and its gradient.
 *
 * ```ts
 * certify(problem, params, { x, y }).gap; // for example 3e-15
 * ```
 */
export function certify(problem: Problem, params: Params, batch: Batch): Certificate {
  const both = valueAndGrad(problem.loss);
  const { value, gradient } = both(params, batch);
  const gradientNorm = Math.hypot(norm(gradient.w), norm(gradient.b));
  if (problem.l2 === 0) return { objective: value, gradientNorm, gap: undefined };
  const best = problem.intercept ? bestIntercept(problem, params, batch) : params;
  const there = both(best, batch);
  const gap = Math.max(0, value - there.value) + norm(there.gradient.w) ** 2 / (2 * problem.l2);
  return { objective: value, gradientNorm, gap };
}

/** ‖∇f‖₂ over all parameters. */
export function gradientNormAt(problem: Problem, params: Params, batch: Batch): number {
  const { gradient } = valueAndGrad(problem.loss)(params, batch);
  return Math.hypot(norm(gradient.w), norm(gradient.b));
}

function norm(x: number | FlatMatrix): number {
  return typeof x === 'number' ? Math.abs(x) : Math.sqrt(x.data.reduce((sum, v) => sum + v * v, 0));
}

/** Newton's method in b alone, at most eight steps. */
function bestIntercept(problem: Problem, params: Params, batch: Batch): Params {
  const { w } = params;
  const objective = (b: Operand) => problem.loss({ w, b }, batch);
  let b = matrixOf(params.b);
  for (let round = 0; round < 8; round++) {
    const { gradient } = valueAndGrad(objective)(b);
    const curvature = hessian(objective)(b);
    const size = curvature.rows;
    // The same change of every entry of b does nothing in softmax: 11ᵀ settles that direction.
    const settled = new FlatMatrix(
      size,
      size,
      curvature.data.map((h) => h + (size > 1 ? 1 / size : 0)),
    );
    const step = newtonStep(settled, gradient);
    if (step === undefined) break;
    const next = new FlatMatrix(
      1,
      size,
      b.data.map((value, k) => value - step[k]),
    );
    if (!(item(objective(next)) <= item(objective(b)))) break;
    b = next;
    if (norm(gradient) === 0) break;
  }
  return { w, b: typeof params.b === 'number' ? b.data[0] : b };
}

/** Undefined where saturated probabilities leave no curvature. */
function newtonStep(curvature: FlatMatrix, gradient: FlatMatrix): Float64Array | undefined {
  try {
    return solve(curvature, new FlatMatrix(curvature.rows, 1, gradient.data)).data;
  } catch (error) {
    if (error instanceof SingularError) return undefined;
    throw error;
  }
}

function matrixOf(b: number | FlatMatrix): FlatMatrix {
  return typeof b === 'number' ? new FlatMatrix(1, 1, [b]) : b;
}
