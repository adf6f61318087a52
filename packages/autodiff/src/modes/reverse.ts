import { expectFunction } from '../primitive/callable.ts';
import { temporary } from '../values/brief.ts';
import { scalar } from '../values/flat-matrix.ts';
import type { Operand, Value } from '../values/operand.ts';
import { formatShape, ShapeError, sameShape } from '../values/shape.ts';
import { flattenTree } from '../values/tree-def.ts';
import { linearized } from './linearization.ts';
import { inFormOf, ownLeaves, resultsLike, singleNumber, valuesOf } from './results.ts';
import { Snapshot } from './snapshot.ts';
import type { Argument, GradientOf, ResultOf } from './types.ts';

/**
 * The gradient of a function that returns a single number, with respect to its first argument:
 * reverse mode, exact, one backward sweep whatever the number of inputs.
 *
 * The first argument may be a matrix, a number or any nested structure of them; the gradient has
 * its structure. Throws a DerivativeError where f does not return 1×1, or depends on x through an
 * operation without a derivative.
 *
 * ```ts
 * grad((x: Value) => sum(square(x)))(new FlatMatrix(2, 1, [3, 4])); // [6; 8]
 * grad((x: Value) => pow(x, 5))(2); // 80
 * ```
 */
export function grad<P = Value, R extends unknown[] = []>(
  f: (x: P, ...rest: R) => Operand,
): <X extends Argument<P>>(x: X, ...rest: R) => GradientOf<X> {
  expectFunction('grad', f);
  return (x, ...rest) => differentiate('grad', f, x, rest).gradient as never;
}

/**
 * The value of a function that returns a single number, and its {@link grad gradient}, for the
 * price of one.
 *
 * ```ts
 * valueAndGrad((x: Value) => sum(square(x)))(new FlatMatrix(2, 1, [3, 4]));
 * // { value: 25, gradient: [6; 8] }
 * ```
 */
export function valueAndGrad<P = Value, R extends unknown[] = []>(
  f: (x: P, ...rest: R) => Operand,
): <X extends Argument<P>>(x: X, ...rest: R) => { value: number; gradient: GradientOf<X> } {
  expectFunction('valueAndGrad', f);
  return (x, ...rest) => differentiate('valueAndGrad', f, x, rest) as never;
}

/** The value and the gradient, for the transformation that errors are to name. */
export function differentiate<P, R extends unknown[]>(
  name: string,
  f: (x: P, ...rest: R) => Operand,
  x: unknown,
  rest: R,
): { value: unknown; gradient: unknown } {
  return temporary(() => {
    const { from, leaves, output, tape, at } = linearized(name, f, x, rest);
    const value = inFormOf(0, tape.primal(singleNumber(name, output)));
    const gradient = resultsLike(leaves, at.pull([scalar(1)]), leaves);
    return { value, gradient: from.unflatten(gradient) };
  });
}

/**
 * The value of f, and the function that pulls a cotangent of that value (of its structure and
 * shapes) back to x: reverse mode for functions that return anything.
 *
 * `pullback` may be called many times; it throws a DerivativeError if a matrix that f used was
 * changed in between.
 *
 * ```ts
 * const { value, pullback } = vjp((x: Value) => matmul(A, x))(x);
 * pullback(u); // Aᵀu
 * ```
 */
export function vjp<P = Value, R extends unknown[] = [], Y = Value>(
  f: (x: P, ...rest: R) => Y,
): <X extends Argument<P>>(
  x: X,
  ...rest: R
) => { value: ResultOf<Y, X>; pullback: (cotangent: Argument<Y>) => GradientOf<X> } {
  expectFunction('vjp', f);
  return (x, ...rest) => {
    const { from, to, leaves, at, tape } = linearized('vjp', f, x, rest);
    const value = ownLeaves(at.values(), [...leaves, ...flattenTree(rest).leaves]);
    const snapshot = new Snapshot(tape);
    const pullback = (cotangent: unknown) => {
      const seeds = valuesOf(cotangent, 'pullback');
      checkSeeds(seeds, at.ends);
      snapshot.check();
      return from.unflatten(resultsLike(leaves, at.pull(seeds), [...leaves, ...seeds]));
    };
    return { value: to.unflatten(value) as never, pullback: pullback as never };
  };
}

function checkSeeds(seeds: readonly Value[], ends: readonly Value[]): void {
  if (seeds.length !== ends.length) {
    throw new ShapeError(
      `pullback: the value has ${ends.length} matrices, the cotangent ${seeds.length}`,
    );
  }
  seeds.forEach((seed, i) => {
    if (!sameShape(seed, ends[i])) {
      throw new ShapeError(
        `pullback: the value is ${formatShape(ends[i])}, the cotangent ${formatShape(seed)}`,
      );
    }
  });
}
