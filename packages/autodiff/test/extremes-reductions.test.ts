import { describe, expect, it } from 'vitest';
import {
  add,
  det,
  div,
  FlatMatrix,
  grad,
  hessian,
  logDet,
  logSoftmax,
  logSumExp,
  max,
  mean,
  mul,
  norm,
  prod,
  softmax,
  sub,
  sum,
  type Value,
  variance,
} from '../src/index.ts';
import { closeTo, column, entries } from './matrices.ts';

const infinite = Number.POSITIVE_INFINITY;
const tiny = 5e-324;

describe('reductions at extremes', () => {
  it('logSumExp does not overflow, and its gradient adds up to 1', () => {
    const cases: [number[], number, number[]][] = [
      [[1000, 1000], 1000 + Math.LN2, [0.5, 0.5]],
      [[-1000, -1000], -1000 + Math.LN2, [0.5, 0.5]],
      [[800, -800], 800, [1, 0]],
      [[0, -infinite], 0, [1, 0]],
      [[5], 5, [1]],
      [[3, 3, 3, 3], 3 + Math.log(4), [0.25, 0.25, 0.25, 0.25]],
    ];
    for (const [x, value, gradient] of cases) {
      expect(entries(logSumExp(column(...x)))[0]).toBeCloseTo(value, 13);
      closeTo(grad((t: Value) => logSumExp(t))(column(...x)), column(...gradient), 1e-15);
    }
    expect(entries(logSumExp(column(-infinite, -infinite)))[0]).toBe(-infinite);
    expect(entries(logSumExp(column(infinite, 1)))[0]).toBe(infinite);
    expect(entries(logSumExp(column(Number.NaN, 1)))[0]).toBeNaN();
  });

  it('softmax and logSoftmax keep what is far away', () => {
    expect(entries(softmax(column(1000, 0, -1000)))).toEqual([1, 0, 0]);
    expect(entries(logSoftmax(column(1000, 0, -1000)))).toEqual([0, -1000, -2000]);
    const gradient = grad((t: Value) => sum(mul(logSoftmax(t), column(0, 1, 0))))(
      column(1000, 0, -1000),
    );
    expect(entries(gradient)).toEqual([-1, 1, 0]);
    expect(entries(softmax(column(-infinite, 0)))).toEqual([0, 1]);
    const h = hessian((t: Value) => logSumExp(t))(column(1000, 1000));
    closeTo(h, new FlatMatrix(2, 2, [0.25, -0.25, -0.25, 0.25]), 1e-15);
  });

  it('norm neither overflows nor vanishes', () => {
    expect(entries(norm(column(3e200, 4e200)))[0]).toBeCloseTo(5e200, -186);
    expect(entries(norm(column(3e-200, 4e-200)))[0] * 1e200).toBeCloseTo(5, 14);
    closeTo(grad((t: Value) => norm(t))(column(3e200, 4e200)), column(0.6, 0.8), 1e-15);
    closeTo(grad((t: Value) => norm(t))(column(3e-200, -4e-200)), column(0.6, -0.8), 1e-15);
    closeTo(grad((t: Value) => norm(t))(column(tiny, 0)), column(1, 0), 1e-15);
  });

  it('prod has exact derivatives at zeros, of the second order too', () => {
    const f = (t: Value) => prod(t);
    expect(entries(grad(f)(column(0, 2, 3))).map(Math.abs)).toEqual([6, 0, 0]);
    expect(entries(grad(f)(column(0, 0, 3))).map(Math.abs)).toEqual([0, 0, 0]);
    const h = hessian(f)(column(0, 0, 3));
    expect(h.to2DArray()).toEqual([
      [0, 3, 0],
      [3, 0, 0],
      [0, 0, 0],
    ]);
  });

  it('variance of equal entries is 0 with gradient 0', () => {
    expect(entries(variance(column(1e8, 1e8, 1e8)))).toEqual([0]);
    expect(entries(grad((t: Value) => variance(t))(column(2, 2))).map(Math.abs)).toEqual([0, 0]);
    expect(entries(variance(column(5)))).toEqual([0]);
  });

  it('empty sums are 0 and empty products 1, with gradients of no entries', () => {
    const empty = new FlatMatrix(0, 1);
    expect(entries(sum(empty))).toEqual([0]);
    expect(entries(prod(empty))).toEqual([1]);
    expect(entries(norm(empty))).toEqual([0]);
    expect(entries(logSumExp(column(-infinite)))).toEqual([-infinite]);
    for (const f of [sum, prod, norm]) {
      expect(grad((t: Value) => f(t))(empty)).toMatchObject({ rows: 0, columns: 1 });
    }
    expect(entries(sum(new FlatMatrix(0, 3), { axis: 0 }))).toEqual([0, 0, 0]);
    expect(entries(sum(new FlatMatrix(3, 0), { axis: 1 }))).toEqual([0, 0, 0]);
    expect(entries(mean(column(infinite, 1)))).toEqual([infinite]);
    expect(entries(max(column(Number.NaN, 1)))[0]).toBeNaN();
  });

  it('det has its derivatives where the matrix is singular, the second ones too', () => {
    const f = (t: Value) => det(t);
    const singular = new FlatMatrix(2, 2, [1, 2, 2, 4]);
    expect(entries(grad(f)(singular))).toEqual([4, -2, -2, 1]);
    closeTo(
      hessian(f)(singular),
      new FlatMatrix(4, 4, [0, 0, 0, 1, 0, 0, -1, 0, 0, -1, 0, 0, 1, 0, 0, 0]),
      0,
    );
    // diag(1, 1, 1, 0, 0): the determinant is that of the last 2×2 block, to second order.
    const projection = new FlatMatrix(5, 5);
    for (let i = 0; i < 3; i++) projection.data[6 * i] = 1;
    const expected = new FlatMatrix(25, 25);
    for (const [i, j, value] of [
      [18, 24, 1],
      [24, 18, 1],
      [19, 23, -1],
      [23, 19, -1],
    ]) {
      expected.data[25 * i + j] = value;
    }
    closeTo(grad(f)(projection), new FlatMatrix(5, 5), 0);
    closeTo(hessian(f)(projection), expected, 1e-15);
  });

  it('logDet does not overflow where det does', () => {
    const big = new FlatMatrix(2, 2, [1e200, 0, 0, 1e200]);
    expect(entries(logDet(big))[0]).toBeCloseTo(400 * Math.LN10, 10);
  });

  it('differences and quotients of infinities are NaN, and stay so', () => {
    expect(entries(sub(infinite, infinite))[0]).toBeNaN();
    expect(entries(div(0, 0))[0]).toBeNaN();
    expect(entries(mul(0, infinite))[0]).toBeNaN();
    expect(entries(add(sum(column(Number.NaN, 1)), 1))[0]).toBeNaN();
    expect(grad((x: Value) => mul(x, Number.NaN))(1)).toBeNaN();
  });
});
