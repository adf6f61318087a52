import { FlatMatrix, mul, square, sum, type Value } from '@steepest/autodiff';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  armijo,
  chain,
  clipByValue,
  drive,
  LineSearchError,
  lbfgs,
  minimize,
  type Point,
  polyakStep,
  type Stepper,
  scale,
} from '../../src/index.ts';
import { strongWolfe, type Trial, type WolfeSettings } from '../../src/steppers/strong-wolfe.ts';
import { searchStep } from '../../src/take-step.ts';
import { mghCases, objectiveOf } from '../support/mgh.ts';
import { quadratic } from '../support/problems.ts';

/** The point x of a function of one number, with its derivative. */
interface Site extends Point<number> {
  readonly f: (x: number) => number;
  readonly slope: (x: number) => number;
}

function pointOf(f: (x: number) => number, slope: (x: number) => number, x: number): Site {
  return { step: 0, value: f(x), gradient: slope(x), f, slope };
}

/** A step from there, by a place that answers at once. */
function stepFrom<S>(stepper: Stepper<S>, at: Site, state: S, x: number): readonly [number, S] {
  const search = searchStep(stepper, at.gradient, state, x, at);
  return drive(search, (y) => ({ value: at.f(y), gradient: at.slope(y) })) as readonly [number, S];
}

/** Runs a search for a rate on a function that can be tried at once. */
function searched(start: Trial, first: number, probe: (t: number) => Trial, by: WolfeSettings) {
  const search = strongWolfe(start, first, by);
  let turn = search.next();
  while (!turn.done) turn = search.next(probe(turn.value));
  return turn.value;
}

const parabola = (x: number) =>
  pointOf(
    (y) => y * y,
    (y) => 2 * y,
    x,
  );

describe('armijo', () => {
  test('takes the first rate that decreases the loss enough, then starts from twice that', () => {
    const at = parabola(3);
    const stepper = armijo({ rate: 8 });
    const [change, state] = stepFrom(stepper, at, stepper.init(3), 3);
    // 8, 4, 2 and 1 lead to at least the same height; ½ leads to the minimum.
    expect([change, state]).toEqual([-3, { rate: 0.5 }]);
    expect(stepFrom(stepper, at, state, 3)[1]).toEqual({ rate: 0.5 });
  });

  test('always satisfies its inequality', () => {
    const sizes = fc.double({ min: 0.01, max: 100, noNaN: true });
    fc.assert(
      fc.property(sizes, sizes, (x, rate) => {
        const at = pointOf(
          (y) => y ** 4 + y * y,
          (y) => 4 * y ** 3 + 2 * y,
          x,
        );
        const stepper = armijo({ rate, decrease: 0.1 });
        const [change, { rate: used }] = stepFrom(stepper, at, stepper.init(x), x);
        expect(at.f(x + change)).toBeLessThanOrEqual(at.value - 0.1 * used * at.gradient ** 2);
      }),
    );
  });

  test('follows the direction of the links before it and refuses one that ascends', async () => {
    const result = await minimize(quadratic.loss, quadratic.params, {
      method: chain(clipByValue(1), armijo()),
    });
    expect(result.converged).toBe(true);
    const ascending = await minimize(quadratic.loss, quadratic.params, {
      method: chain({ ...scale(-1), kind: 'direction' }, armijo()),
    });
    expect(ascending).toMatchObject({ reason: 'lineSearchFailed', steps: 0 });
    expect(ascending.message).toContain('keep a descent direction');
  });

  test('refuses settings out of range', () => {
    expect(() => armijo({ shrink: 1 })).toThrow(
      'armijo: shrink must be a number between 0 and 1, got 1',
    );
    expect(() => armijo({ grow: 0.5 })).toThrow('armijo: grow must be a number of at least 1');
  });
});

describe('polyakStep', () => {
  test('moves by the excess over the squared gradient', () => {
    const at = parabola(4);
    const stepper = polyakStep({ minimum: 0 });
    expect(stepFrom(stepper, at, stepper.init(4), 4)).toEqual([-2, { rate: 0.25 }]);
    const capped = polyakStep({ maxRate: 0.1 });
    expect(stepFrom(capped, at, capped.init(4), 4)[1]).toEqual({ rate: 0.1 });
  });

  test('stands still at and below the minimum that it was told', () => {
    const at = parabola(1);
    const stepper = polyakStep({ minimum: 5 });
    expect(stepFrom(stepper, at, stepper.init(1), 1)[1]).toEqual({ rate: 0 });
  });
});

describe('strongWolfe', () => {
  test('finds a rate that satisfies both conditions, wherever it starts', () => {
    const settings = { decrease: 1e-4, curvature: 0.1, trials: 60 };
    const wavy = (t: number) => (t - 3) ** 2 + 0.5 * Math.sin(5 * t);
    const slope = (t: number) => 2 * (t - 3) + 2.5 * Math.cos(5 * t);
    const start = { rate: 0, value: wavy(0), slope: slope(0) };
    const first = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(first, (rate) => {
        const probe = (t: number) => ({ rate: t, value: wavy(t), slope: slope(t) });
        const found = searched(start, rate, probe, settings);
        expect(found?.value).toBeLessThanOrEqual(start.value + 1e-4 * found!.rate * start.slope);
        expect(Math.abs(found!.slope)).toBeLessThanOrEqual(0.1 * Math.abs(start.slope));
      }),
    );
  });

  test('walks back from where the objective is not finite', () => {
    const probe = (t: number) => ({ rate: t, value: t > 1 ? NaN : -t, slope: t > 1 ? NaN : -1 });
    const settings = { decrease: 1e-4, curvature: 0.9, trials: 30 };
    const found = searched({ rate: 0, value: 0, slope: -1 }, 100, probe, settings);
    expect(found?.rate).toBeGreaterThan(0.5);
    expect(found?.rate).toBeLessThanOrEqual(1);
  });

  test('gives up where nothing decreases', () => {
    const probe = (t: number) => ({ rate: t, value: t, slope: 1 });
    const settings = { decrease: 1e-4, curvature: 0.9, trials: 30 };
    expect(searched({ rate: 0, value: 0, slope: -1 }, 1, probe, settings)).toBeUndefined();
  });
});

describe('lbfgs', () => {
  test('solves a quadratic of condition 2500 in a few dozen steps', async () => {
    const weights = new FlatMatrix(6, 1, [1, 2, 5, 10, 20, 50]);
    const f = (x: Value) => sum(square(mul(weights, x)));
    const result = await minimize(f, new FlatMatrix(6, 1, [1, 1, 1, 1, 1, 1]), { tolerance: 1e-8 });
    expect(result.converged).toBe(true);
    expect(result.steps).toBeLessThan(60);
  });

  test('needs few more evaluations than steps, because the loop reuses the last one', async () => {
    const problem = mghCases.find(({ id }) => id.includes('22-') && id.endsWith('100'));
    const x0 = new FlatMatrix(100, 1, problem!.x0);
    const { steps, evaluations, converged } = await minimize(objectiveOf(problem!), x0);
    expect(converged).toBe(true);
    expect(evaluations.gradients).toBeLessThan(1.3 * steps + 3);
  });

  test('remembers at most as many steps as it was told', async () => {
    const { state } = await minimize(quadratic.loss, quadratic.params, {
      method: lbfgs({ memory: 2 }),
      maxSteps: 5,
    });
    expect((state as { pairs: unknown[] }).pairs.length).toBeLessThanOrEqual(2);
  });

  test('throws a LineSearchError where the gradient points the wrong way', () => {
    const at = pointOf(
      (x) => x * x,
      (x) => -2 * x,
      1,
    );
    const stepper = lbfgs();
    expect(() => stepFrom(stepper, at, stepper.init(1), 1)).toThrow(LineSearchError);
  });
});
