import { describe, expect, it } from 'vitest';
import {
  add,
  concat,
  dot,
  FlatMatrix,
  grad,
  greater,
  hessian,
  hvp,
  jacobian,
  matmul,
  mul,
  numericGrad,
  numericJacobian,
  pow,
  reshape,
  square,
  sum,
  transpose,
  type Value,
} from '../src/index.ts';
import { closeTo, column, entries, matrix, randomLike } from './matrices.ts';

const A = matrix([
  [1, 2, 3],
  [4, 5, 6],
]);

describe('jacobian', () => {
  it('of a linear map is its matrix, whichever side is longer', () => {
    closeTo(jacobian((x: Value) => matmul(A, x))(column(1, 2, 3)), A, 0);
    closeTo(jacobian((x: Value) => matmul(transpose(A), x))(column(1, 2)), A.transpose(), 0);
  });

  it('counts the entries of results and inputs row by row', () => {
    // Y = Xᵀ of 2×3: entry (j, i) of Y is entry (i, j) of X.
    const j = jacobian((x: Value) => transpose(x))(A);
    expect(j.to2DArray()).toEqual([
      [1, 0, 0, 0, 0, 0],
      [0, 0, 0, 1, 0, 0],
      [0, 1, 0, 0, 0, 0],
      [0, 0, 0, 0, 1, 0],
      [0, 0, 1, 0, 0, 0],
      [0, 0, 0, 0, 0, 1],
    ]);
  });

  it('is a 1×1 matrix for a function of one number', () => {
    expect(jacobian((x: Value) => square(x))(3).to2DArray()).toEqual([[6]]);
  });

  it('has the structure of the result, and of x within', () => {
    const f = (p: { w: Value; b: number }) => [mul(p.w, p.b), sum(p.w)] as const;
    const [first, second] = jacobian(f)({ w: column(1, 2), b: 3 });
    expect(first.w.to2DArray()).toEqual([
      [3, 0],
      [0, 3],
    ]);
    expect(first.b.to2DArray()).toEqual([[1], [2]]);
    expect(second.w.to2DArray()).toEqual([[1, 1]]);
    expect(second.b.to2DArray()).toEqual([[0]]);
  });

  it('handles results and inputs without entries', () => {
    const empty = new FlatMatrix(0, 1);
    expect(jacobian((x: Value) => square(x))(empty)).toMatchObject({ rows: 0, columns: 0 });
    expect(jacobian((x: Value) => sum(x))(empty)).toMatchObject({ rows: 1, columns: 0 });
    expect(jacobian((x: Value) => matmul(new FlatMatrix(0, 2), x))(column(1, 2))).toMatchObject({
      rows: 0,
      columns: 2,
    });
    expect(hessian((x: Value) => sum(x))(empty)).toMatchObject({ rows: 0, columns: 0 });
  });

  it('runs f once, whatever the number of entries', () => {
    let runs = 0;
    const f = (x: Value) => {
      runs++;
      return square(x);
    };
    jacobian(f)(randomLike(new FlatMatrix(4, 5), 1));
    expect(runs).toBe(1);
  });

  it('names itself where an operation has no derivative', () => {
    expect(() => jacobian((x: Value) => greater(x, 0))(1)).toThrow(
      /jacobian: greater has no deriv/,
    );
  });

  it('agrees with difference quotients', () => {
    const f = (x: Value) => concat([square(x), pow(x, 3)]);
    const x = column(0.3, -1.1);
    closeTo(jacobian(f)(x), numericJacobian(f, { method: 'richardson' })(x), 1e-11);
  });
});

describe('hessian', () => {
  const S = matrix([
    [2, -1],
    [0.5, 3],
  ]);

  it('of a quadratic form is A + Aᵀ', () => {
    closeTo(
      hessian((x: Value) => dot(x, matmul(S, x)))(column(1, 2)),
      S.clone().add(S.transpose()),
      0,
    );
  });

  it('of a function of a number is its second derivative, a number', () => {
    expect(hessian((x: Value) => pow(x, 4))(1)).toBe(12);
  });

  it('of a structure counts its leaves one after the other', () => {
    // f = a² b + c₁ c₂
    const f = (p: { a: Value; b: Value; c: Value }) =>
      add(
        mul(square(p.a), p.b),
        reshape(
          matmul(
            transpose(p.c),
            matmul(
              matrix([
                [0, 0.5],
                [0.5, 0],
              ]),
              p.c,
            ),
          ),
          [1, 1],
        ),
      );
    closeTo(
      hessian(f)({ a: 2, b: 3, c: column(1, 1) }),
      matrix([
        [6, 4, 0, 0],
        [4, 0, 0, 0],
        [0, 0, 0, 1],
        [0, 0, 1, 0],
      ]),
      0,
    );
  });

  it('and hvp ask for a function that returns 1×1', () => {
    expect(() => hessian((x: Value) => square(x))(column(1, 2))).toThrow(/hessian: .*returned 2×1/);
    expect(() => hvp((x: Value) => square(x))(column(1, 2), column(1, 2))).toThrow(/hvp: .*2×1/);
  });
});

describe('hvp', () => {
  it('is the Hessian times the direction, in the structure of x', () => {
    const f = (p: { w: Value; b: number }, t: Value) =>
      sum(square(add(matmul(A, p.w), mul(p.b, t))));
    const at = { w: column(1, 2, 3), b: 0.5 };
    const v = { w: column(-1, 0, 2), b: 2 };
    const t = column(1, -1);
    const product = hvp(f)(at, v, t);
    expect(typeof product.b).toBe('number');
    closeTo(
      column(...entries(product.w), product.b),
      hessian(f)(at, t).mmul(column(-1, 0, 2, 2)),
      1e-13,
    );
    const numeric = numericGrad((p: { w: Value; b: number }) => {
      const g = grad(f)(p, t);
      return add(sum(mul(g.w, v.w)), mul(g.b, v.b));
    })(at);
    closeTo(product.w, numeric.w, 1e-8);
  });

  it('complains where the direction has another shape or structure', () => {
    const f = (x: Value) => sum(square(x));
    expect(() => hvp(f)(column(1, 2), column(1, 2, 3))).toThrow(/x is 2×1, its tangent 3×1/);
  });
});
