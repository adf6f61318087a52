import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  atan,
  concat,
  cos,
  div,
  exp,
  FlatMatrix,
  grad,
  greater,
  hessian,
  hvp,
  jvp,
  logSoftmax,
  logSumExp,
  matmul,
  matmulLeft,
  max,
  mean,
  mul,
  norm,
  numericGrad,
  record,
  reshape,
  sigmoid,
  sin,
  slice,
  softplus,
  sqrt,
  square,
  sub,
  sum,
  tanh,
  transpose,
  type Value,
  variance,
  where,
} from '../src/index.ts';
import { closeTo, randomLike } from './matrices.ts';

/** Smooth everywhere and of moderate size, whatever comes in. */
const unary: readonly ((x: Value) => Value)[] = [
  sin,
  cos,
  tanh,
  sigmoid,
  softplus,
  atan,
  (x) => sqrt(add(1, square(x))),
  (x) => exp(tanh(x)),
  (x) => square(tanh(x)),
  transpose,
  (x) => mean(x, { axis: 0 }),
  (x) => logSumExp(x, { axis: 1 }),
  (x) => logSoftmax(x, { axis: 1 }),
  (x) => variance(x, { axis: 1 }),
  (x) => norm(add(2, square(x)), { axis: 0 }),
  (x) => max(x, { axis: 1 }),
  (x) => slice(x, [0, 1]),
  (x) => reshape(x, [x.columns, x.rows]),
  (x) => tanh(matmulLeft(x, x)),
];

/** Both operands are tanh-ed on their way in, so that products stay small. */
const binary: readonly ((a: Value, b: Value) => Value)[] = [
  add,
  sub,
  (a, b) => mul(tanh(a), b),
  (a, b) => div(a, add(1.5, square(b))),
  (a, b) => where(greater(a, 0.123), a, mul(0.5, b)),
];

interface Step {
  readonly op: number;
  readonly left: number;
  readonly right: number;
}

/** A function of two matrices as a random graph in which any result may be used again. */
function built(steps: readonly Step[]): (p: { a: Value; b: Value }) => Value {
  return ({ a, b }) => {
    const values: Value[] = [a, b];
    for (const { op, left, right } of steps) {
      const x = values[left % values.length];
      const y = values[right % values.length];
      values.push(applied(op, x, y));
    }
    const used = values.slice(-3).map((value) => mean(tanh(value)));
    return sum(concat(used));
  };
}

function applied(op: number, x: Value, y: Value): Value {
  if (op < unary.length) return unary[op](x);
  const fits = (m: number, n: number) => m === n || m === 1 || n === 1;
  if (fits(x.rows, y.rows) && fits(x.columns, y.columns)) {
    return binary[op % binary.length](x, y);
  }
  if (x.columns === y.rows) return tanh(matmul(x, y));
  return x.rows === y.rows ? tanh(matmulLeft(x, y)) : unary[op % 6](x);
}

const steps = fc.array(
  fc.record({
    op: fc.nat(unary.length + 2 * binary.length),
    left: fc.nat(1000),
    right: fc.nat(1000),
  }),
  { minLength: 1, maxLength: 10 },
);
const size = fc.integer({ min: 1, max: 3 });
const points = fc.record({ rows: size, columns: size, seed: fc.integer({ min: 1, max: 1000 }) });

function pointOf({ rows, columns, seed }: { rows: number; columns: number; seed: number }) {
  return {
    a: randomLike(new FlatMatrix(rows, columns), seed),
    b: randomLike(new FlatMatrix(rows, columns), seed + 1),
  };
}

describe('for random functions', () => {
  const runs = { numRuns: 300, seed: 20240607 };

  it('reverse, forward and symbolic mode agree to 1e-13', () => {
    fc.assert(
      fc.property(steps, points, (recipe, point) => {
        const f = built(recipe);
        const x = pointOf(point);
        const g = grad(f)(x);
        const direction = { a: randomLike(x.a, 7), b: randomLike(x.b, 8) };
        const slope = jvp(f)(x, direction).tangent;
        closeTo(slope, add(sum(mul(g.a, direction.a)), sum(mul(g.b, direction.b))), 1e-13);
        const symbolic = record(grad(f))(x).evaluate(x);
        closeTo(symbolic.a, g.a, 1e-12);
        closeTo(symbolic.b, g.b, 1e-12);
      }),
      runs,
    );
  });

  it('all of them agree with difference quotients to 1e-6', () => {
    fc.assert(
      fc.property(steps, points, (recipe, point) => {
        const f = built(recipe);
        const x = pointOf(point);
        const numeric = numericGrad(f)(x);
        const exact = grad(f)(x);
        closeTo(exact.a, numeric.a, 1e-6);
        closeTo(exact.b, numeric.b, 1e-6);
      }),
      runs,
    );
  });

  it('the Hessian is symmetric, and its product with a direction is hvp', () => {
    fc.assert(
      fc.property(steps, points, (recipe, point) => {
        const f = built(recipe);
        const x = pointOf(point);
        const h = hessian(f)(x);
        closeTo(h, h.transpose(), 1e-11);
        const v = { a: randomLike(x.a, 3), b: randomLike(x.b, 4) };
        const product = hvp(f)(x, v);
        const flat = (p: { a: Value; b: Value }) =>
          concat([
            reshape(p.a, [p.a.rows * p.a.columns, 1]),
            reshape(p.b, [p.b.rows * p.b.columns, 1]),
          ]);
        closeTo(flat(product), matmul(h, flat(v)), 1e-11);
      }),
      { ...runs, numRuns: 150 },
    );
  });

  it('the same inputs give the same bits', () => {
    fc.assert(
      fc.property(steps, points, (recipe, point) => {
        const x = pointOf(point);
        expect(grad(built(recipe))(x)).toEqual(grad(built(recipe))(pointOf(point)));
      }),
      { ...runs, numRuns: 50 },
    );
  });
});
