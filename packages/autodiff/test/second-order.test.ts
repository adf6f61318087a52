import { describe, expect, it } from 'vitest';
import {
  add,
  customDerivative,
  exp,
  FlatMatrix,
  gnvp,
  grad,
  hessian,
  hvp,
  jacobian,
  logisticLoss,
  matmul,
  mul,
  slice,
  sparseJacobian,
  square,
  sub,
  sum,
  type Value,
} from '../src/index.ts';
import { closeTo, matrix, randomLike } from './matrices.ts';

const X = randomLike(new FlatMatrix(6, 3), 1);
const w = randomLike(new FlatMatrix(3, 1), 2);
const v = randomLike(new FlatMatrix(3, 1), 3);
const y = matrix([[0], [1], [1], [0], [1], [0]]);

describe('gnvp', () => {
  it('is JᵀJ v for residuals', () => {
    const residuals = (p: Value) => sub(exp(matmul(X, p)), y);
    const J = jacobian(residuals)(w);
    closeTo(gnvp(residuals)(w, v), matmul(J.transpose(), matmul(J, v)), 1e-13);
  });

  it('is the Hessian-vector product where the model is linear', () => {
    const model = (p: Value) => matmul(X, p);
    const loss = (t: Value) => logisticLoss(t, y);
    const whole = (p: Value) => loss(model(p));
    closeTo(gnvp(model, loss)(w, v), hvp(whole)(w, v), 1e-13);
  });

  it('leaves out the curvature of the model elsewhere: Jᵀ H J', () => {
    const model = (p: Value) => exp(matmul(X, p));
    const loss = (t: Value) => sum(square(sub(t, y)));
    const J = jacobian(model)(w);
    const H = hessian(loss)(model(w));
    const expected = matmul(J.transpose(), matmul(H, matmul(J, v)));
    closeTo(gnvp(model, loss)(w, v), expected, 1e-13);
  });

  it('has the structure of the parameters, and refuses a direction of another', () => {
    const model = ({ w: p, b }: { w: Value; b: Value }) => add(matmul(X, p), b);
    const params = { w, b: 0.5 };
    const product = gnvp(model)(params, { w: v, b: 1 });
    expect(typeof product.b).toBe('number');
    expect(product.w.rows).toBe(3);
    expect(() => gnvp(model)(params, { w: v } as never)).toThrow(/^gnvp: x has 2 .* direction 1/);
    expect(() => gnvp(model)(params, { w: y, b: 1 })).toThrow(/^gnvp: x is 3×1, the direction 6×1/);
  });
});

describe('a Jacobian by compressed columns', () => {
  const n = 40;
  const bands = new FlatMatrix(n, n);
  for (let i = 0; i < n; i++) {
    for (const j of [i - 1, i, i + 1]) if (j >= 0 && j < n) bands.set(i, j, 1);
  }
  const before = (x: Value) => slice(x, [0, n - 2]);
  const middle = (x: Value) => slice(x, [1, n - 1]);
  const after = (x: Value) => slice(x, [2, n]);
  /** Row i depends on its neighbours only. */
  const chain = (x: Value) => mul(middle(x), add(square(before(x)), exp(after(x))));
  const pattern = new FlatMatrix(n - 2, n, bands.data.slice(n, n * (n - 1)));
  const x = randomLike(new FlatMatrix(n, 1), 4);

  it('is the Jacobian', () => {
    expect(sparseJacobian(chain, pattern)(x)).toEqual(jacobian(chain)(x));
  });

  it('takes as many pushes as columns meet in a row', () => {
    let pushes = 0;
    const same = customDerivative(
      (t: Value) => t,
      () => ({
        push: (t) => {
          pushes++;
          return t;
        },
        pull: (c) => c,
      }),
    );
    sparseJacobian((t) => chain(same(t)), pattern)(x);
    // Three groups, and the direction in which the pattern is checked.
    expect(pushes).toBe(4);
  });

  it('refuses a pattern that is too narrow, and one of another size', () => {
    const diagonal = new FlatMatrix(n - 2, n);
    for (let i = 0; i < n - 2; i++) diagonal.set(i, i + 1, 1);
    expect(() => sparseJacobian(chain, diagonal)(x)).toThrow(
      /^sparseJacobian: row 0 of the Jacobian has entries outside of the pattern; mark them/,
    );
    expect(() => sparseJacobian(chain, bands)(x)).toThrow(
      /^sparseJacobian: the pattern is 40×40, the Jacobian 38×40/,
    );
  });
});

describe('a matrix of derivatives that is too large to hold', () => {
  it('is refused before it is begun, with what to use instead', () => {
    const large = new FlatMatrix(20_000, 1);
    let calls = 0;
    const f = (t: Value) => {
      calls++;
      return sum(square(t));
    };
    expect(() => hessian(f)(large)).toThrow(
      /^hessian: the matrix of derivatives would be 20000×20000, 3\.0 GiB of at most 1; use hvp/,
    );
    expect(calls).toBe(0);
    expect(() => jacobian((t: Value) => square(t))(large)).toThrow(
      /^jacobian: the matrix of derivatives would be 20000×20000, .*; use jvp or vjp/,
    );
    expect(grad(f)(large).rows).toBe(20_000);
  });
});
