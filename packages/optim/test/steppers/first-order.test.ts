import {
  add,
  FlatMatrix,
  matmul,
  mul,
  sin,
  solve,
  square,
  squaredError,
  sub,
  sum,
  transpose,
  type Value,
} from '@steepest/autodiff';
import { describe, expect, it } from 'vitest';
import {
  adabelief,
  adaptiveClip,
  adgd,
  chain,
  descend,
  dog,
  gradientDescent,
  lookahead,
  minimize,
  polyakStep,
  prodigy,
  radam,
  reduceOnPlateau,
  type Stepper,
  scheduleFree,
  scheduleFreeAdamw,
  sgd,
  svrg,
  train,
} from '../../src/index.ts';
import { shuffledBatches } from '../support/minibatches.ts';
import { trajectory } from '../support/point.ts';
import { breastCancer, logistic, logisticLoss } from '../support/problems.ts';

const column = (...x: number[]) => new FlatMatrix(x.length, 1, x);
const gradients = Array.from({ length: 12 }, (_, k) =>
  column(0.3 * (k % 3) + 0.1, -1 + 0.2 * k, 0.05 * k * k - 0.4),
);

/** The numbers of a run over fixed gradients, by a recurrence that is written for one number. */
function follow<S>(
  init: () => S,
  step: (g: number, w: number, s: S, k: number) => number,
): number[][] {
  const at = [1, -2, 0.5];
  const states = at.map(init);
  return gradients.map((g, k) => at.map((w, i) => (at[i] = step(g.data[i], w, states[i], k))));
}

const run = (stepper: Stepper) =>
  trajectory(stepper, column(1, -2, 0.5), gradients).after.map(({ data }) => [...data]);

const closeTo = (found: number[][], expected: number[][]) =>
  expect(found).toEqual(expected.map((row) => row.map((x) => expect.closeTo(x, 12))));

describe('follows its published recurrence:', () => {
  it("radam: PyTorch 1.13's RAdam after 1, 5, 6, 7 and 12 steps", () => {
    const found = run(radam({ rate: 0.1 }));
    closeTo(
      [0, 4, 5, 6, 11].map((k) => found[k]),
      [
        [0.99, -1.9, 0.54],
        [0.8548047592902202, -1.6087485740848395, 0.6345594374971448],
        [0.8524877813881947, -1.6068752779911912, 0.6337751151810671],
        [0.849788002022453, -1.6050418208218322, 0.6319346290309635],
        [0.8287265248154039, -1.608389937683322, 0.6115846837082993],
      ],
    );
  });

  it('adabelief (Zhuang et al., 2020, algorithm 2)', () => {
    const [rate, b1, b2, epsilon] = [0.05, 0.9, 0.999, 1e-16];
    const expected = follow(
      () => ({ m: 0, s: 0 }),
      (g, w, state, k) => {
        state.m = b1 * state.m + (1 - b1) * g;
        state.s = b2 * state.s + (1 - b2) * (g - state.m) ** 2 + epsilon;
        const m = state.m / (1 - b1 ** (k + 1));
        const s = state.s / (1 - b2 ** (k + 1));
        return w - (rate * m) / (Math.sqrt(s) + epsilon);
      },
    );
    closeTo(run(adabelief({ rate })), expected);
  });

  it('lookahead over sgd (Zhang et al., 2019, algorithm 1)', () => {
    const expected = follow(
      () => ({ slow: Number.NaN }),
      (g, w, state, k) => {
        if (k === 0) state.slow = w;
        const fast = w - 0.1 * g;
        if ((k + 1) % 3 !== 0) return fast;
        state.slow += 0.5 * (fast - state.slow);
        return state.slow;
      },
    );
    closeTo(run(chain(sgd({ rate: 0.1 }), lookahead({ every: 3 }))), expected);
  });

  it('scheduleFree (Defazio et al., 2024): with decay 0, the answer is the mean of the SGD iterates', () => {
    const { after, state } = trajectory(
      scheduleFree({ rate: 0.1, decay: 0 }),
      column(1, -2, 0.5),
      gradients,
    );
    const iterates = run(sgd({ rate: 0.1 }));
    closeTo(
      after.map(({ data }) => [...data]),
      iterates,
    );
    const mean = [0, 1, 2].map(
      (i) => iterates.reduce((total, x) => total + x[i], 0) / iterates.length,
    );
    closeTo([[...(state.average as FlatMatrix).data]], [mean]);
  });

  it('scheduleFree weighs the steps of its warm-up by their squared rates', () => {
    const { state } = trajectory(
      scheduleFree({ rate: 0.1, decay: 0, warmUp: 4 }),
      column(1, -2, 0.5),
      gradients,
    );
    let [total, mean] = [0, 0];
    let z = -2;
    gradients.forEach((g, k) => {
      const rate = 0.1 * Math.min(1, (k + 1) / 4);
      z -= rate * g.data[1];
      total += rate ** 2;
      mean += (rate ** 2 / total) * (z - mean);
    });
    expect((state.average as FlatMatrix).data[1]).toBeCloseTo(mean, 12);
  });

  it('dog: the largest distance from the start over the root of the squared gradients', () => {
    let [squares, furthest] = [0, 1e-6 * (1 + Math.hypot(1, -2, 0.5))];
    let w = [1, -2, 0.5];
    const expected = gradients.map(({ data: g }) => {
      squares += g.reduce((total, x) => total + x * x, 0);
      furthest = Math.max(furthest, Math.hypot(w[0] - 1, w[1] + 2, w[2] - 0.5));
      w = w.map((x, i) => x - (furthest / Math.sqrt(squares)) * g[i]);
      return w;
    });
    closeTo(run(dog()), expected);
  });

  it('prodigy (Mishchenko & Defazio, 2024, algorithm 4)', () => {
    const [b1, b2, epsilon] = [0.9, 0.999, 1e-8];
    const b3 = Math.sqrt(b2);
    const start = [1, -2, 0.5];
    let w = [...start];
    let [m, v, s] = [
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ];
    let [r, d] = [0, 0.1];
    const expected = gradients.map(({ data }) => {
      const g = [...data];
      m = m.map((x, i) => b1 * x + (1 - b1) * d * g[i]);
      v = v.map((x, i) => b2 * x + (1 - b2) * d * d * g[i] * g[i]);
      r = b3 * r + (1 - b3) * d * d * g.reduce((t, x, i) => t + x * (start[i] - w[i]), 0);
      s = s.map((x, i) => b3 * x + (1 - b3) * d * d * g[i]);
      const next = Math.max(d, r / s.reduce((t, x) => t + Math.abs(x), 0));
      w = w.map((x, i) => x - (d * m[i]) / (Math.sqrt(v[i]) + d * epsilon));
      d = next;
      return w;
    });
    closeTo(run(prodigy({ distance: 0.1 })), expected);
  });

  it('adaptiveClip keeps each row within its share of the weights', () => {
    const w = new FlatMatrix(2, 2, [3, 4, 0, 0]);
    const g = new FlatMatrix(2, 2, [6, 8, 0.1, 0]);
    const [change] = adaptiveClip(0.1).update!(g, null, w, [], { value: 0, gradient: g });
    // Row norms 5 and 0 (at least 0.001) allow 0.5 and 0.0001.
    expect([...(change as FlatMatrix).data]).toEqual(
      [0.3, 0.4, 1e-4, 0].map((x) => expect.closeTo(x, 15)),
    );
  });

  it('reduceOnPlateau halves once the loss has been stale for longer than its patience', () => {
    const link = reduceOnPlateau({ patience: 2 });
    let state = link.init(null);
    const factors = [5, 4, 4, 4, 4, 3, 3, 3, 3].map((value, k) => {
      const [change, next] = link.update!(1, state, 1, link.numbers!(k), { value, gradient: 1 });
      state = next as typeof state;
      return Number((change as FlatMatrix).data[0]);
    });
    expect(factors).toEqual([1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25]);
  });
});

/** 200 rows that a line fits exactly. */
const x = new FlatMatrix(
  200,
  5,
  Array.from({ length: 1000 }, (_, i) => Math.sin(i * i + 1)),
);
const truth = column(1, -2, 0.5, 3, -1);
const exactly = { x, y: matmul(x, truth) as FlatMatrix };
const fitted = (w: Value, d: { x: Value; y: Value }) => squaredError(matmul(d.x, w), d.y);
const start = new FlatMatrix(5, 1);

describe('with minibatches:', () => {
  const excess = async (optimizer: Stepper, epochs: number): Promise<number> => {
    const { params } = await train({
      loss: logisticLoss,
      params: { w: new FlatMatrix(30, 1), b: 0 },
      data: shuffledBatches(breastCancer, 32),
      optimizer,
      epochs,
      seed: 1,
    });
    const { value } = await minimize(logistic.loss, params as never, { maxSteps: 0 });
    return value - logistic.minimum;
  };

  it('svrg converges linearly at a fixed rate, where SGD at the same rate ends in a cloud', async () => {
    const noisy = { x, y: add(exactly.y, mul(2, sin(mul(7, exactly.y)))) as FlatMatrix };
    const best = solve(matmul(transpose(x), x), matmul(transpose(x), noisy.y)) as FlatMatrix;
    const distance = async (optimizer: Stepper) => {
      const data = shuffledBatches(noisy, 20);
      const { params } = await train({ loss: fitted, params: start, data, optimizer, epochs: 60 });
      return Math.hypot(...params.data.map((w, i) => w - best.data[i]));
    };
    expect(await distance(chain(svrg({ every: 20 }), descend(0.2)))).toBeLessThan(1e-9);
    expect(await distance(sgd({ rate: 0.2 }))).toBeGreaterThan(1e-3);
  });

  it('dog, prodigy and schedule-free get near without a schedule', async () => {
    expect(await excess(dog(), 30)).toBeLessThan(0.01);
    expect(await excess(prodigy(), 30)).toBeLessThan(0.01);
    expect(await excess(scheduleFree({ rate: 1 }), 30)).toBeLessThan(0.002);
    expect(await excess(scheduleFreeAdamw({ rate: 0.05 }), 30)).toBeLessThan(0.002);
  });

  it('the stochastic Polyak step goes to the exact answer where every batch can be fitted', async () => {
    const { params } = await train({
      loss: fitted,
      params: start,
      data: shuffledBatches(exactly, 20),
      optimizer: polyakStep({ maxRate: 100, share: 0.5 }),
      epochs: 60,
    });
    params.data.forEach((w, i) => {
      expect(w).toBeCloseTo(truth.data[i], 8);
    });
  });

  it('adgd is refused by name', () => {
    expect(() =>
      train({
        loss: fitted,
        params: start,
        data: shuffledBatches(exactly, 20),
        optimizer: adgd(),
        epochs: 1,
      }),
    ).toThrow(/adgd/);
  });
});

describe('adgd, the default of gradientDescent', () => {
  const valley = (w: Value) => sum(mul(column(0.5, 5, 50), square(sub(w, 1))));

  it('needs no rate and no value of the function', async () => {
    const result = await minimize(valley, new FlatMatrix(3, 1), { method: gradientDescent() });
    expect(result.converged).toBe(true);
    expect(result.evaluations.values).toBe(0);
    expect(result.steps).toBeLessThan(1000);
  });

  it('does not depend on the units of the function', async () => {
    const scaled = (w: Value) => mul(1e6, valley(w));
    const [one, other] = await Promise.all(
      [valley, scaled].map((f) =>
        minimize(f, new FlatMatrix(3, 1), { method: adgd(), maxSteps: 60, tolerance: 1e-30 }),
      ),
    );
    one.params.data.forEach((w, i) => {
      expect(other.params.data[i]).toBeCloseTo(w, 6);
    });
  });

  it('solves logistic regression in fewer passes than gradient descent with 1/L', async () => {
    const adaptive = await minimize(logistic.loss, logistic.params, { method: gradientDescent() });
    const fixed = await minimize(logistic.loss, logistic.params, {
      method: gradientDescent({ rate: 0.26 }),
      maxSteps: 2000,
    });
    expect(adaptive.converged).toBe(true);
    expect(adaptive.steps).toBeLessThan(fixed.steps / 3);
  });
});
