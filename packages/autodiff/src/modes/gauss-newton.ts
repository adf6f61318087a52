import { expectFunction } from '../primitive/callable.ts';
import type { Operand, Value } from '../values/operand.ts';
import { formatShape, ShapeError, sameShape } from '../values/shape.ts';
import { hvp } from './hessian.ts';
import { linearized } from './linearization.ts';
import { resultsLike, valuesOf } from './results.ts';
import type { Argument, GradientOf } from './types.ts';

/**
 * The Gauss–Newton matrix of loss(f(x)) times a direction, Jᵀ H J v, in x's structure, without
 * forming it: J is f's Jacobian, H the Hessian of the loss in f's result. Without a loss f gives
 * residuals, of which ½‖r‖² is minimized: JᵀJ v. Positive semidefinite where the loss is convex.
 *
 * f runs once; then a push, a Hessian-vector product of the loss, and a pull. `direction` has x's
 * structure and shapes; throws a ShapeError where it has not. Source: Schraudolph, Fast curvature
 * matrix-vector products for second-order gradient descent, 2002.
 *
 * ```ts
 * gnvp((w: Value) => sub(matmul(X, w), y))(w, v); // Xᵀ X v
 * gnvp((w: Value) => matmul(X, w), (t: Value) => logisticLoss(t, y))(w, v);
 * ```
 */
export function gnvp<P = Value, R extends unknown[] = [], Y = Value>(
  f: (x: P, ...rest: R) => Y,
  loss?: (result: Y) => Operand,
): <X extends Argument<P>>(x: X, direction: Argument<P>, ...rest: R) => GradientOf<X> {
  expectFunction('gnvp', f);
  if (loss !== undefined) expectFunction('gnvp', loss);
  return (x, direction, ...rest) => {
    const { from, to, leaves, at } = linearized('gnvp', f, x, rest);
    const tangents = valuesOf(direction, 'gnvp');
    checkDirection(at.roots, tangents);
    const pushed = at.push(tangents);
    const curved =
      loss === undefined
        ? pushed
        : valuesOf(
            hvp(loss as (result: unknown) => Operand)(
              to.unflatten(at.values()),
              to.unflatten(pushed),
            ),
            'gnvp',
          );
    return from.unflatten(resultsLike(leaves, at.pull(curved), [...leaves, ...tangents])) as never;
  };
}

function checkDirection(roots: readonly Value[], tangents: readonly Value[]): void {
  if (roots.length !== tangents.length) {
    throw new ShapeError(
      `gnvp: x has ${roots.length} matrices or numbers, the direction ${tangents.length}; give a ` +
        'direction of the structure of x, gnvp(f)(x, direction)',
    );
  }
  roots.forEach((root, i) => {
    if (sameShape(root, tangents[i])) return;
    throw new ShapeError(
      `gnvp: x is ${formatShape(root)}, the direction ${formatShape(tangents[i])}`,
    );
  });
}
