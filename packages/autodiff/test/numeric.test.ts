import { describe, expect, it } from 'vitest';
import {
  abs,
  checkGrad,
  customDerivative,
  definePrimitive,
  exp,
  type FlatMatrix,
  grad,
  log,
  matmul,
  mul,
  numericGrad,
  numericJacobian,
  pow,
  relu,
  sin,
  square,
  sum,
  type Value,
} from '../src/index.ts';
import { closeTo, column, entries, matrix } from './matrices.ts';

const x = column(0.5, -1.2, 2);

describe('numericGrad', () => {
  const f = (t: Value) => sum(mul(exp(t), sin(t)));
  const exact = grad(f)(x);
  const precision = { forward: 1e-7, central: 1e-9, richardson: 1e-13 };
  for (const method of ['forward', 'central', 'richardson'] as const) {
    it(`by ${method} quotients is good to ${precision[method]}`, () => {
      closeTo(numericGrad(f, { method })(x), exact, precision[method]);
    });
  }

  it('is by central quotients unless told otherwise', () => {
    expect(numericGrad(f)(x)).toEqual(numericGrad(f, { method: 'central' })(x));
  });

  it('has the structure of x, passes the rest on, and leaves x alone', () => {
    const at = { w: column(1, 2), b: 3, name: 'line' };
    const g = numericGrad((p: { w: Value; b: number; name: string }, t: Value) =>
      sum(mul(t, mul(p.w, p.b))),
    )(at, column(1, -1));
    closeTo(g.w, column(3, -3), 1e-9);
    expect(g.b).toBeCloseTo(-1, 9);
    expect(g.name).toBe('line');
    expect(entries(at.w)).toEqual([1, 2]);
  });

  it('takes any function of numbers', () => {
    expect(numericGrad((t: number) => Math.sin(t), { method: 'richardson' })(0)).toBeCloseTo(1, 13);
  });

  it('keeps away from the end of the domain where it can', () => {
    expect(numericGrad((t: Value) => log(t), { method: 'richardson' })(0.01)).toBeCloseTo(100, 8);
  });

  it('shows the faults of too small and too large a step', () => {
    expect(numericGrad((t: Value) => square(t), { step: 1e-20 })(1)).toBe(0);
    expect(numericGrad((t: Value) => square(t), { method: 'forward', step: 1 })(1)).toBe(3);
  });
});

describe('numericJacobian', () => {
  it('of a linear map is its matrix', () => {
    const A = matrix([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    closeTo(numericJacobian((t: Value) => matmul(A, t))(column(1, -1)), A, 1e-9);
  });
});

describe('checkGrad', () => {
  it('passes what is right, and says so', () => {
    const check = checkGrad((t: Value) => sum(mul(exp(t), sin(t))))(x);
    expect(check.passed).toBe(true);
    expect(check.maxRelativeError).toBeLessThan(1e-11);
    expect(check.compared).toBe(3);
    expect(String(check)).toMatch(
      /^checkGrad: passed, 3 entries, largest relative error \d\.\de-1\d/,
    );
  });

  it('catches a rule that is 0.1 % wrong, and names the entry', () => {
    const cube = definePrimitive({
      name: 'cube',
      entry: (t: number) => t ** 3,
      slopes: [(_, t) => mul(3.003, square(t))],
    });
    const check = checkGrad((p: { w: Value }) => sum(cube(p.w)))({ w: x });
    expect(check.passed).toBe(false);
    expect(check.maxRelativeError).toBeCloseTo(0.001, 5);
    expect(check.worst).toMatchObject({ path: 'w', column: 0 });
    expect(String(check)).toMatch(/FAILED[\s\S]*worst at w\(\d, 0\): exact [\d.]+, numeric [\d.]+/);
  });

  it('catches a 0.1 % error in one small entry', () => {
    const skewed = customDerivative(
      (t: FlatMatrix) => sum(t),
      (_, t) => ({
        push: (tangent) => sum(mul(tangent, column(1, 1, 1.001))),
        pull: (c) => mul(c, mul(column(1, 1, 1.001), add1(t))),
      }),
    );
    expect(checkGrad((t: Value) => skewed(mul(t, column(1, 1, 0.01))))(x).passed).toBe(false);
  });

  it('says where a point sits on a kink, and judges the gradient by the slopes beside it', () => {
    const check = checkGrad((t: Value) => sum(mul(3, abs(t))))(column(0, 1));
    expect(check.passed).toBe(true);
    expect(check.compared).toBe(1);
    expect(check.kinks).toHaveLength(1);
    expect(check.kinks[0]).toMatchObject({ row: 0, column: 0, exact: 0 });
    expect(check.kinks[0].left).toBeCloseTo(-3, 9);
    expect(String(check)).toMatch(
      /kink at x\(0, 0\): slope -3 to the left, 3 to the right, the gradient says 0/,
    );
    const wrong = customDerivative(
      (t: FlatMatrix) => abs(t),
      () => ({ push: (t) => mul(9, t), pull: (c) => mul(9, c) }),
    );
    expect(checkGrad((t: Value) => wrong(t))(0).passed).toBe(false);
  });

  it('sees no kink where a function only bends', () => {
    for (const f of [
      (t: Value) => sum(pow(t, 4)),
      (t: Value) => sum(square(relu(t))),
      (t: Value) => sum(exp(mul(10, t))),
      (t: Value) => mul(1e6, sum(square(t))),
    ]) {
      const check = checkGrad(f)(column(0.7, -0.4, 0));
      expect(check.kinks).toEqual([]);
      expect(check.passed).toBe(true);
    }
  });

  it('fails where the gradient is NaN and the function is not', () => {
    const broken = definePrimitive({
      name: 'broken',
      entry: (t: number) => t,
      slopes: [Number.NaN],
    });
    const check = checkGrad((t: Value) => broken(t))(1);
    expect(check.passed).toBe(false);
    expect(check.maxRelativeError).toBe(Number.POSITIVE_INFINITY);
  });
});

function add1(t: Value): Value {
  return exp(mul(0, t));
}
