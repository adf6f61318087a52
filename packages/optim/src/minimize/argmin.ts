import {
  definePrimitive,
  FlatMatrix,
  grad,
  hessian,
  jvp,
  leavesOf,
  mul,
  neg,
  type Operand,
  reshape,
  solve,
  sum,
  type Tree,
  type Value,
  withLeaves,
} from '@steepest/autodiff';
import {
  argument,
  callback,
  positive,
  refusal,
  required,
  type Spec,
  settle,
  wholeNumber,
} from '@steepest/ground';
import { minimumAtOnce } from './minimum-at-once.ts';

/** How the inner problem is solved; all of it may be left out. */
export interface ArgminOptions {
  /** The gradient norm at which the inner minimum counts as found (1e-10). */
  readonly tolerance?: number | undefined;
  /** The most inner steps (1000). */
  readonly maxSteps?: number | undefined;
}

const argminSpec = {
  tolerance: positive(1e-10),
  maxSteps: wholeNumber(1, 1000),
} satisfies Spec<ArgminOptions>;

/**
 * The minimizer as an operation: θ ↦ x(θ) = argmin over x of f(x, θ), which can be differentiated. The
 * derivative comes from the optimality condition ∇ₓf(x, θ) = 0, ∂x/∂θ = −(∇²ₓₓf)⁻¹ ∇²ₓθf, whatever
 * steps led to x (implicit differentiation; Blondel et al., 2022).
 *
 * x is one matrix of `start`'s shape, θ any structure. f is to have a single minimum with a positive
 * definite Hessian in the neighbourhood. Throws an Error where the inner problem is not solved, and what
 * `solve` throws where the Hessian is singular.
 *
 * ```ts
 * const ridge = argmin((w: Value, l: Value) => add(squaredError(matmul(X, w), y), mul(l, sum(square(w)))), w0);
 * grad((l: Value) => squaredError(matmul(Xv, ridge(l)), yv))(0.1); // d(validation loss)/d(penalty)
 * ```
 */
export function argmin<T = Value>(
  f: (x: Value, theta: T) => Operand,
  start: FlatMatrix,
  options: ArgminOptions = {},
): (theta: T) => Value {
  argument('argmin', 'f', f, required(callback('(x, theta) => value')));
  const { tolerance, maxSteps } = settle('argmin', options, argminSpec);
  if (!(start instanceof FlatMatrix)) {
    const advice = 'write new FlatMatrix(2, 1, [0, 0])';
    throw refusal('argmin', 'start must be a FlatMatrix', start, advice);
  }
  const { rows, columns } = start;
  return (theta) => {
    const withTheta = (leaves: readonly unknown[]): T => withLeaves(theta as Tree, leaves) as T;
    const inner = (leaves: readonly unknown[]) => (x: Value) => f(x, withTheta(leaves));
    // ∇ₓf at x, as a column.
    const slope = (x: Value, leaves: readonly Value[]): Value =>
      reshape(grad(inner(leaves))(x as FlatMatrix) as Value, [rows * columns, 1]);
    const operation = definePrimitive({
      name: 'argmin',
      shape: () => [rows, columns] as const,
      value: (...leaves: FlatMatrix[]) =>
        minimumAtOnce('argmin', inner(leaves), start, tolerance, maxSteps),
      partials: leavesOf(theta as Tree).map((_, index) => (x: Value, ...leaves: Value[]) => {
        const curvature = () => hessian(inner(leaves))(x as FlatMatrix) as Value;
        const slopeIn = (t: Value) => slope(x, leaves.with(index, t));
        return {
          push: (tangent: Value) => {
            const moved = jvp(slopeIn)(leaves[index] as FlatMatrix, tangent as FlatMatrix)
              .tangent as Value;
            return reshape(neg(solve(curvature(), moved)), [rows, columns]);
          },
          pull: (cotangent: Value) => {
            const u = solve(curvature(), reshape(cotangent, [rows * columns, 1]));
            return neg(
              grad((t: Value) => sum(mul(slopeIn(t), u)))(leaves[index] as FlatMatrix) as Value,
            );
          },
        };
      }),
    });
    return operation(...(leavesOf(theta as Tree).map(({ leaf }) => leaf) as never[])) as Value;
  };
}
