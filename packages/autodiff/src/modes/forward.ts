import { add } from '../ops/arithmetic.ts';
import { apply } from '../primitive/apply.ts';
import { expectFunction } from '../primitive/callable.ts';
import { DerivativeError, notDifferentiable } from '../primitive/derivative-error.ts';
import type { Primitive } from '../primitive/primitive.ts';
import { leaked, newLevel, Tracer } from '../primitive/tracer.ts';
import { filled, scalar } from '../values/flat-matrix.ts';
import { lift } from '../values/lift.ts';
import type { Operand, Value } from '../values/operand.ts';
import { formatShape, ShapeError, sameShape } from '../values/shape.ts';
import { withLeaves } from '../values/tree.ts';
import { inFormOf, ownCopies, valuesOf } from './results.ts';
import { linearMap, movingRule } from './rules.ts';
import type { Argument, GradientOf, ResultOf } from './types.ts';

/** The tangent of a result that depends on x through an operation without a derivative. */
class NoTangent {
  readonly primitive: Primitive;

  constructor(primitive: Primitive) {
    this.primitive = primitive;
  }
}

/** One pass of forward mode. */
class Run {
  readonly level: number = newLevel();
  ended = false;

  /** Runs f, after which its dual numbers mean nothing any more. */
  of<T>(f: () => T): T {
    try {
      return f();
    } finally {
      this.ended = true;
    }
  }
}

/** A dual number: a value together with its change in one direction. */
class Dual extends Tracer {
  readonly run: Run;
  readonly primal: Value;
  readonly tangent: Value | NoTangent;

  constructor(primal: Value, tangent: Value | NoTangent, run: Run) {
    super(primal.rows, primal.columns, run.level);
    this.run = run;
    this.primal = primal;
    this.tangent = tangent;
  }

  trace(primitive: Primitive, inputs: readonly Value[]): Value {
    if (this.run.ended) throw leaked(primitive, this);
    const primals = inputs.map((x) => primalAt(this.level, x));
    const result = apply(primitive, ...primals);
    let tangent: Value | NoTangent | undefined;
    for (let i = 0; i < inputs.length; i++) {
      const change = tangentAt(this.level, inputs[i]);
      const rule = movingRule(primitive, i);
      if (change === undefined || rule === undefined) continue;
      if (change instanceof NoTangent) return new Dual(result, change, this.run);
      if (rule === null) return new Dual(result, new NoTangent(primitive), this.run);
      const more = linearMap(primitive, result, primals, i, rule).push(change);
      tangent = tangent === undefined ? more : add(tangent as Value, more);
    }
    return tangent === undefined ? result : new Dual(result, tangent, this.run);
  }

  lower(): Value {
    return this.primal;
  }
}

function primalAt(level: number, x: Value): Value {
  return x instanceof Dual && x.level === level ? x.primal : x;
}

/** undefined: constant. */
function tangentAt(level: number, x: Value): Value | NoTangent | undefined {
  return x instanceof Dual && x.level === level ? x.tangent : undefined;
}

/**
 * The value of f and its change when x moves along `tangent` (of x's structure and shapes): forward
 * mode with dual numbers, exact, one pass per direction.
 *
 * ```ts
 * jvp((x: Value) => sum(square(x)))(x, direction); // { value: xᵀx, tangent: 2 xᵀ direction }
 * ```
 */
export function jvp<P = Value, R extends unknown[] = [], Y = Value>(
  f: (x: P, ...rest: R) => Y,
): <X extends Argument<P>, T extends Argument<P>>(
  x: X,
  tangent: T,
  ...rest: R
) => { value: ResultOf<Y, X>; tangent: ResultOf<Y, readonly [X, T]> } {
  expectFunction('jvp', f);
  return (x, tangent, ...rest) => {
    const run = new Run();
    const duals = withTangent(x, tangent, run);
    const output = run.of(() => f(duals as P, ...rest));
    const ends = valuesOf(output, 'jvp');
    const values = ends.map((end) => primalAt(run.level, end));
    const tangents = ends.map((end) => finalTangent(run.level, end));
    const value = ownCopies(withLeaves(output, values), x, tangent, rest);
    return {
      value: value as never,
      tangent: ownCopies(withLeaves(output, tangents), x, tangent, rest, value) as never,
    };
  };
}

function withTangent(x: unknown, tangent: unknown, run: Run): unknown {
  const primals = valuesOf(x, 'jvp');
  const changes = valuesOf(tangent, 'jvp');
  if (primals.length !== changes.length) {
    throw new ShapeError(
      `jvp: x has ${primals.length} matrices or numbers, the tangent ${changes.length}; ` +
        'give a direction of the structure of x, jvp(f)(x, direction)',
    );
  }
  const duals = primals.map((primal, i) => {
    if (!sameShape(primal, changes[i])) {
      throw new ShapeError(
        `jvp: x is ${formatShape(primal)}, its tangent ${formatShape(changes[i])}`,
      );
    }
    return new Dual(primal, changes[i], run);
  });
  return withLeaves(x, duals);
}

function finalTangent(level: number, end: Value): Value {
  const tangent = tangentAt(level, end);
  if (tangent instanceof NoTangent) throw notDifferentiable('forward mode', tangent.primitive);
  return tangent ?? filled(end.rows, end.columns, 0);
}

/**
 * The derivative of a function of one number: one pass with the dual number x + ε.
 *
 * A number where f returns 1×1, otherwise a matrix of f's shape. Throws where x is larger than 1×1.
 *
 * ```ts
 * derivative((x: Value) => sub(mul(2, pow(x, 3)), 1))(2); // 24
 * ```
 */
export function derivative<R extends unknown[] = []>(
  f: (x: Value, ...rest: R) => Operand,
): <X extends Operand>(x: X, ...rest: R) => GradientOf<X> {
  expectFunction('derivative', f);
  return (x, ...rest) => {
    const at = lift(x, 'derivative');
    if (at.rows !== 1 || at.columns !== 1) {
      throw new DerivativeError(
        `derivative: x must be a single number, it is ${formatShape(at)}; ` +
          'use jvp for one direction, grad or jacobian for all',
      );
    }
    const run = new Run();
    const dual = new Dual(at, scalar(1), run);
    const end = lift(
      run.of(() => f(dual, ...rest)),
      'derivative',
    );
    const result = finalTangent(run.level, end);
    return (end.rows * end.columns === 1 ? inFormOf(x, result) : result) as never;
  };
}
