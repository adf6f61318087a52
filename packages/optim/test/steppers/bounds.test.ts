import {
  add,
  FlatMatrix,
  log,
  matmul,
  mul,
  pow,
  prod,
  sin,
  slice,
  square,
  squaredError,
  sub,
  sum,
  type Value,
} from '@steepest/autodiff';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lbfgsb, minimize } from '../../src/index.ts';

const at = (x: Value, i: number) => slice(x, [i, i + 1]);
const column = (...x: number[]) => new FlatMatrix(x.length, 1, x);
const valley = (x: Value) =>
  add(mul(100, square(sub(at(x, 1), square(at(x, 0))))), square(sub(1, at(x, 0))));

/** Problems of Hock and Schittkowski (1981) whose constraints are bounds: start, bounds, least value. */
const problems: Record<
  string,
  [(x: Value) => Value, FlatMatrix, FlatMatrix | number, FlatMatrix | number, number]
> = {
  HS1: [valley, column(-2, 1), column(-Infinity, -1.5), Infinity, 0],
  HS2: [valley, column(2, 1), column(-Infinity, 1.5), Infinity, 0.0504261879],
  HS3: [
    (x) => add(at(x, 1), mul(1e-5, square(sub(at(x, 1), at(x, 0))))),
    column(10, 1),
    column(-Infinity, 0),
    Infinity,
    0,
  ],
  HS4: [
    (x) => add(mul(1 / 3, pow(add(at(x, 0), 1), 3)), at(x, 1)),
    column(1.125, 0.125),
    column(1, 0),
    Infinity,
    8 / 3,
  ],
  HS5: [
    (x) => {
      const [a, b] = [at(x, 0), at(x, 1)];
      const linear = add(sub(mul(2.5, b), mul(1.5, a)), 1);
      return add(add(sin(add(a, b)), square(sub(a, b))), linear);
    },
    column(0, 0),
    column(-1.5, -3),
    column(4, 3),
    -Math.sqrt(3) / 2 - Math.PI / 3,
  ],
  HS45: [(x) => sub(2, mul(1 / 120, prod(x))), column(2, 2, 2, 2, 2), 0, column(1, 2, 3, 4, 5), 1],
  HS110: [
    (x) => {
      const logs = add(square(log(sub(x, 2))), square(log(sub(10, x))));
      return sub(sum(logs), pow(prod(x), 0.2));
    },
    new FlatMatrix(10, 1, Array(10).fill(9)),
    2.001,
    9.999,
    -45.77846971,
  ],
};

describe('L-BFGS-B reaches the least values of Hock and Schittkowski:', () => {
  for (const [name, [f, x0, lower, upper, least]] of Object.entries(problems)) {
    it(name, async () => {
      const result = await minimize(f, x0, { method: lbfgsb({ lower, upper }) });
      expect(result.value).toBeCloseTo(least, 7);
      expect(result.converged).toBe(true);
    });
  }
});

it('non-negative least squares satisfies its optimality conditions', () => {
  const entries = fc.array(fc.integer({ min: -200, max: 200 }), {
    minLength: 60,
    maxLength: 60,
  });
  return fc.assert(
    fc.asyncProperty(entries, async (numbers) => {
      const a = new FlatMatrix(
        10,
        5,
        numbers.slice(0, 50).map((x, i) => (i % 6 === 0 ? x / 100 + 3 : x / 100)),
      );
      const b = new FlatMatrix(
        10,
        1,
        numbers.slice(50).map((x) => x / 100),
      );
      const loss = (x: Value) => squaredError(matmul(a, x), b);
      const { params } = await minimize(loss, new FlatMatrix(5, 1), {
        method: lbfgsb({ lower: 0 }),
        tolerance: 1e-9,
      });
      const g = matmul(a.transpose(), sub(matmul(a, params), b)) as FlatMatrix;
      params.to1DArray().forEach((x, i) => {
        expect(x).toBeGreaterThanOrEqual(0);
        expect(x > 0 ? Math.abs(g.get(i, 0)) : Math.max(0, -g.get(i, 0))).toBeLessThan(1e-6);
      });
    }),
    { seed: 1, numRuns: 50 },
  );
});

it('takes bounds of the structure of the parameters, and moves a start into them', async () => {
  const f = ({ w, b }: { w: Value; b: Value }) => add(sum(square(sub(w, 3))), square(sub(b, 3)));
  const start = { w: column(-5, 9), b: 0 };
  const lower = { w: column(0, 0), b: -Infinity };
  const upper = { w: column(1, 5), b: 2 };
  const { params, converged } = await minimize(f, start, { method: lbfgsb({ lower, upper }) });
  expect(converged).toBe(true);
  expect(params.w.to1DArray()).toEqual([1, 3]);
  expect(params.b).toBe(2);
});

it('refuses bounds that cross or do not fit', () => {
  expect(() =>
    minimize((x: Value) => sum(x), column(1, 1), { method: lbfgsb({ lower: 1, upper: 0 }) }),
  ).toThrow('lbfgsb: lower must not exceed upper, got 1 and 0');
  expect(() =>
    minimize((x: Value) => sum(x), column(1, 1), { method: lbfgsb({ lower: column(1, 2, 3) }) }),
  ).toThrow("must have the parameters' 2 entries, got 3");
});
