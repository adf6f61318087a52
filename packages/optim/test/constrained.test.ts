import {
  add,
  concat,
  exp,
  FlatMatrix,
  log,
  mul,
  pow,
  prod,
  slice,
  square,
  sub,
  sum,
  type Value,
} from '@steepest/autodiff';
import { describe, expect, it } from 'vitest';
import { type Constraints, minimizeSubjectTo } from '../src/index.ts';

const at = (x: Value, i: number) => slice(x, [i, i + 1]);
const column = (...x: number[]) => new FlatMatrix(x.length, 1, x);
const poly = (x: Value, ...squares: number[]) => sum(mul(column(...squares), square(x)));
const linear = (x: Value, ...factors: number[]) => sum(mul(column(...factors), x));

/** Problems of Hock and Schittkowski, *Test examples for nonlinear programming codes* (1981). */
const problems: Record<string, [(x: Value) => Value, FlatMatrix, Constraints<Value>, number]> = {
  HS6: [
    (x) => square(sub(1, at(x, 0))),
    column(-1.2, 1),
    { equal: (x) => mul(10, sub(at(x, 1), square(at(x, 0)))) },
    0,
  ],
  HS7: [
    (x) => sub(log(add(1, square(at(x, 0)))), at(x, 1)),
    column(2, 2),
    { equal: (x) => sub(add(square(add(1, square(at(x, 0)))), square(at(x, 1))), 4) },
    -Math.sqrt(3),
  ],
  HS28: [
    (x) => add(square(add(at(x, 0), at(x, 1))), square(add(at(x, 1), at(x, 2)))),
    column(-4, 1, 1),
    { equal: (x) => sub(linear(x, 1, 2, 3), 1) },
    0,
  ],
  HS35: [
    (x) => {
      const cross = add(mul(at(x, 0), at(x, 1)), mul(at(x, 0), at(x, 2)));
      return add(add(sub(9, linear(x, 8, 6, 4)), poly(x, 2, 2, 1)), mul(2, cross));
    },
    column(0.5, 0.5, 0.5),
    { atMost: (x) => concat([sub(linear(x, 1, 1, 2), 3), mul(-1, x)]) },
    1 / 9,
  ],
  HS39: [
    (x) => mul(-1, at(x, 0)),
    column(2, 2, 2, 2),
    {
      equal: (x) =>
        concat([
          sub(sub(at(x, 1), pow(at(x, 0), 3)), square(at(x, 2))),
          sub(sub(square(at(x, 0)), at(x, 1)), square(at(x, 3))),
        ]),
    },
    -1,
  ],
  HS43: [
    (x) => sub(poly(x, 1, 1, 2, 1), linear(x, 5, 5, 21, -7)),
    column(0, 0, 0, 0),
    {
      atMost: (x) =>
        concat([
          sub(add(poly(x, 1, 1, 1, 1), linear(x, 1, -1, 1, -1)), 8),
          sub(sub(poly(x, 1, 2, 1, 2), linear(x, 1, 0, 0, 1)), 10),
          sub(add(poly(x, 2, 1, 1, 0), linear(x, 2, -1, 0, -1)), 5),
        ]),
    },
    -44,
  ],
  HS71: [
    (x) => add(mul(mul(at(x, 0), at(x, 3)), linear(x, 1, 1, 1, 0)), at(x, 2)),
    column(1, 5, 5, 1),
    {
      equal: (x) => sub(sum(square(x)), 40),
      atMost: (x) => concat([sub(25, prod(x)), sub(1, x), sub(x, 5)]),
    },
    17.0140173,
  ],
  HS80: [
    (x) => exp(prod(x)),
    column(-2, 2, 2, -1, -1),
    {
      equal: (x) =>
        concat([
          sub(sum(square(x)), 10),
          sub(mul(at(x, 1), at(x, 2)), mul(5, mul(at(x, 3), at(x, 4)))),
          add(add(pow(at(x, 0), 3), pow(at(x, 1), 3)), 1),
        ]),
    },
    0.0539498478,
  ],
};

describe('the augmented Lagrangian reaches the least values of Hock and Schittkowski:', () => {
  for (const [name, [f, x0, constraints, least]] of Object.entries(problems)) {
    it(name, async () => {
      const found = await minimizeSubjectTo(f, x0, constraints);
      expect(found.converged, String(found)).toBe(true);
      expect(found.violation).toBeLessThanOrEqual(1e-8);
      expect(Math.abs(found.value - least)).toBeLessThan(1e-6 * Math.max(1, Math.abs(least)));
      expect(found.multipliers.atMost.data.every((m) => m >= 0)).toBe(true);
    });
  }
});

it('multipliers are the prices of the constraints', async () => {
  // min x² + y² subject to x + y = s has the value s²/2, whose slope in s is s = −λ.
  const value = async (s: number) =>
    minimizeSubjectTo((x: Value) => sum(square(x)), column(0, 0), { equal: (x) => sub(sum(x), s) });
  const here = await value(3);
  expect(here.multipliers.equal.data[0]).toBeCloseTo(-3, 7);
  expect(((await value(3 + 1e-4)).value - here.value) / 1e-4).toBeCloseTo(3, 3);
});

it('an inactive constraint has no price', async () => {
  const { params, multipliers } = await minimizeSubjectTo(
    (x: number | Value) => square(sub(x, 1)),
    0,
    {
      atMost: (x) => sub(x, 5),
    },
  );
  expect(params).toBeCloseTo(1, 7);
  expect(multipliers.atMost.data[0]).toBe(0);
});

it('says where no point satisfies the constraints', async () => {
  const found = await minimizeSubjectTo((x: Value) => square(x), column(0), {
    equal: (x) => add(square(x), 1),
    rounds: 12,
  });
  expect(found.converged).toBe(false);
  expect(found.violation).toBeCloseTo(1, 3);
  expect(String(found)).toMatch(/^not converged after 12 rounds/);
});

it('refuses to be called without constraints, or with others', async () => {
  await expect(minimizeSubjectTo((x: Value) => x, column(0), {})).rejects.toThrow(
    'give a constraint',
  );
  await expect(
    minimizeSubjectTo((x: Value) => x, column(0), { inequality: 1 } as never),
  ).rejects.toThrow('minimizeSubjectTo: unknown option inequality');
});
