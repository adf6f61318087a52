import {
  add,
  div,
  exp,
  FlatMatrix,
  mul,
  neg,
  pow,
  slice,
  square,
  sub,
  sum,
  type Value,
} from '@steepest/autodiff';
import { describe, expect, test } from 'vitest';
import { adam, gradientDescent, lbfgs, minimize, momentum, type Stepper } from '../../src/index.ts';
import { striding } from '../support/places.ts';

const column = (entries: readonly number[]) => new FlatMatrix(entries.length, 1, entries);

/** NIST's Rat43 (logistic growth): the far start leads to a plateau where three parameters are mute. */
const growth = [
  16.08, 33.83, 65.8, 97.2, 191.55, 326.2, 386.87, 520.53, 590.03, 651.92, 724.93, 699.56, 689.96,
  637.56, 717.41,
];
function rat43(b: Value) {
  const [b1, b2, b3, b4] = [0, 1, 2, 3].map((i) => slice(b, [i, i + 1]));
  const x = column(growth.map((_, i) => i + 1));
  const curve = div(b1, pow(add(1, exp(sub(b2, mul(b3, x)))), div(1, b4)));
  return sum(square(sub(column(growth), curve)));
}

describe('a small gradient is no minimum while the parameters run away:', () => {
  const cases: [string, (x: Value) => Value, number[]][] = [
    ['e⁻ˣ', (x) => sum(exp(neg(x))), [0]],
    ['e⁻ˣ + e^(−y/10)', (x) => sum(exp(mul(column([-1, -0.1]), x))), [0, 0]],
    ['1/(1 + x²)', (x) => sum(div(1, add(1, square(x)))), [3]],
    ['Rat43 from its far start', rat43, [100, 10, 1, 1]],
  ];
  for (const [name, f, x0] of cases) {
    test(name, async () => {
      const result = await minimize(f, column(x0), { method: lbfgs() });
      expect(result.converged).toBe(false);
      expect(result).toMatchObject({ reason: 'runsAway' });
      expect(result.message).toContain('but the parameters still run away');
      expect(String(result)).toMatch(/^not converged: runsAway, the gradient norm .* is at most/);
    });
  }

  test("NIST's BoxBOD from its near start, where a first step of 90 makes a rate mute, by bfgs", async () => {
    const y = column([109, 149, 149, 191, 213, 224]);
    const x = column([1, 2, 3, 5, 7, 10]);
    const f = (b: Value) => {
      const [b1, b2] = [0, 1].map((i) => slice(b, [i, i + 1]));
      return sum(square(sub(y, mul(b1, sub(1, exp(neg(mul(b2, x))))))));
    };
    const near = await minimize(f, column([100, 0.75]));
    expect(near).toMatchObject({ converged: false, reason: 'runsAway' });
    const far = await minimize(f, column([1, 1]));
    expect(far.converged).toBe(true);
    // Certified: 213.80940889, 0.54723748542.
    expect(far.params.get(1, 0)).toBeCloseTo(0.54723748542, 9);
  });

  test('a number as well, and with a method that has only a rate, in single steps or in stretches', async () => {
    const f = (x: Value) => exp(neg(x));
    expect((await minimize(f, 0)).converged).toBe(false);
    const method = gradientDescent({ rate: (step) => 0.5 * 2 ** step });
    for (const engine of [undefined, striding().engine]) {
      const result = await minimize(f, 0, { method, engine });
      expect(result).toMatchObject({ converged: false, reason: 'runsAway' });
    }
  });
});

describe('a minimum is one however flat it is, and however loose the tolerance:', () => {
  const flat: [string, (x: Value) => Value, number[]][] = [
    ['x⁴', (x) => sum(pow(x, 4)), [3]],
    ['(x − 1)⁶', (x) => sum(pow(sub(x, 1), 6)), [3]],
    ['x⁸', (x) => sum(pow(x, 8)), [3]],
    ['far away', (x) => sum(square(sub(x, 1e8))), [0]],
    ['at the start', (x) => sum(square(x)), [0]],
    ['Rat43 from its near start', rat43, [700, 5, 0.75, 1.3]],
  ];
  for (const [name, f, x0] of flat) {
    test(name, async () => {
      const result = await minimize(f, column(x0));
      expect(String(result)).toMatch(/^converged/);
    });
  }

  const weights = column([1, 4, 30]);
  const bowl = (x: Value) => sum(mul(weights, square(sub(x, column([5, -3, 1])))));
  const methods: Stepper[] = [
    gradientDescent({ rate: 0.03 }),
    momentum({ rate: 0.01 }),
    adam({ rate: 0.1 }),
    lbfgs(),
  ];
  for (const method of methods) {
    for (const tolerance of [3, 0.3, 1e-2, 1e-5]) {
      test(`${method.name} to ${tolerance}`, async () => {
        const result = await minimize(bowl, column([0, 0, 0]), {
          method,
          tolerance,
          maxSteps: 5000,
        });
        expect(String(result)).toMatch(/^converged/);
      });
    }
  }
});
