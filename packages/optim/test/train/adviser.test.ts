import { abs, add, FlatMatrix, mul, square, sum, type Value } from '@steepest/autodiff';
import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analyze/analyze.ts';
import { recurrenceOf } from '../../src/analyze/recurrence.ts';
import {
  adam,
  chain,
  clipByGlobalNorm,
  cosine,
  decayWeights,
  descend,
  freeze,
  gradientDescent,
  groups,
  lbfgs,
  minimize,
  momentum,
  nesterov,
  polyakStep,
  sgd,
  smooth,
  train,
} from '../../src/index.ts';
import { shuffledBatches } from '../support/minibatches.ts';
import { striding } from '../support/places.ts';
import { breastCancer, logistic, logisticLoss } from '../support/problems.ts';

const curvatures = [0.5, 1, 2, 4, 7, 20];
const bowl = (w: Value) => mul(0.5, sum(mul(new FlatMatrix(6, 1, curvatures), square(w))));
const start = new FlatMatrix(6, 1, [1, 1, 1, 1, 1, 1]);
const params = { w: new FlatMatrix(3, 1), b: 0 };

describe('what a method makes of a quadratic', () => {
  // Limits and factors of the textbooks: 2/η; 2(1 + β)/η (Polyak); 2(1 + β)/((1 + 2β)η) (Nesterov).
  for (const [name, optimizer, limit] of [
    ['gradient descent', gradientDescent({ rate: 0.1 }), 20],
    ['momentum', momentum({ rate: 0.1, decay: 0.8 }), 36],
    ['nesterov', nesterov({ rate: 0.1, decay: 0.8 }), 36 / 2.6],
    ['a chain by hand', chain(decayWeights(1), descend(0.1)), 19],
    ['an average of gradients', chain(smooth(0.5), descend(0.1)), 60],
  ] as const) {
    it(`${name} is stable up to its limit`, () => {
      expect(recurrenceOf(optimizer, params)?.limit).toBeCloseTo(limit, 6);
    });
  }

  it('factors are those of the textbooks', () => {
    expect(recurrenceOf(sgd({ rate: 0.1 }), params)?.factor(3)).toBeCloseTo(0.7, 12);
    // Complex roots of z² = (1 + β − ηλ)z − β: their size is √β.
    const heavy = recurrenceOf(momentum({ rate: 0.1, decay: 0.81 }), params);
    expect(heavy?.factor(3)).toBeCloseTo(0.9, 12);
  });

  it('there is none where the rate changes, the formula is not linear, or parameters differ', () => {
    for (const optimizer of [
      adam({ rate: 0.1 }),
      sgd({ rate: cosine(0.1, { steps: 100 }) }),
      polyakStep(),
      gradientDescent(),
      lbfgs(),
      chain(clipByGlobalNorm(1), sgd({ rate: 0.1 })),
      groups({ slow: freeze(), fast: sgd({ rate: 0.1 }) }, (path) =>
        path === 'b' ? 'slow' : 'fast',
      ),
    ]) {
      expect(recurrenceOf(optimizer, params), optimizer.name).toBeUndefined();
    }
  });
});

for (const [where, engine] of [
  ['interpreted', undefined],
  ['in stretches', striding().engine],
] as const) {
  describe(`a fixed rate beyond its limit, ${where}`, () => {
    for (const [name, optimizer, limit] of [
      ['gradient descent', sgd({ rate: 0.102 }), 2 / 20],
      ['momentum', momentum({ rate: 0.195 }), 3.8 / 20],
      ['nesterov', nesterov({ rate: 0.07 }), 3.8 / 2.8 / 20],
    ] as const) {
      it(`${name} says so before it diverges, and names the limit`, async () => {
        let heard = -1;
        const run = train({
          loss: bowl,
          params: start,
          optimizer,
          epochs: 400,
          engine,
          onWarning: (warning) => {
            heard = Number(/at step (\d+)/.exec(warning)?.[1]);
          },
        });
        const result = await run;
        expect(result.warnings).toHaveLength(1);
        const [warning] = result.warnings ?? [];
        const told = Number(/\/L = ([\d.]+)/.exec(warning)?.[1]);
        expect(told).toBeGreaterThan(limit * 0.999);
        expect(told).toBeLessThan(limit * 1.02);
        // Long before anything overflows.
        expect(heard).toBeLessThan(60);
        expect(result.history[heard].loss).toBeLessThan(20 * result.history[0].loss);
        expect(result.message).toContain('the loss rose');
        expect(result.message).toContain(`/L = ${told}`);
        expect(String(result)).toContain(`  warning        ${warning}`);
      });
    }

    it('and says nothing below it, nor where a loss rises for another reason', async () => {
      for (const optimizer of [
        sgd({ rate: 0.098 }),
        momentum({ rate: 0.18 }),
        nesterov({ rate: 0.065 }),
        adam({ rate: 0.5 }),
      ]) {
        const result = await train({ loss: bowl, params: start, optimizer, epochs: 300, engine });
        expect(result.warnings, optimizer.name).toEqual([]);
      }
    });
  });
}

it('overflow at once is explained as well', async () => {
  const result = await train({
    loss: (w: Value) => mul(1e200, sum(square(w))),
    params: start,
    optimizer: sgd({ rate: 1 }),
    epochs: 10,
  });
  expect(result.reason).toBe('nonFinite');
  expect(result.message).toMatch(/the rate 1 is beyond 2\/L = 1e-200/);
});

it('the advice changes no bit, and is not given where it is not wanted', async () => {
  const options = { loss: bowl, params: start, optimizer: sgd({ rate: 0.102 }), epochs: 60 };
  const [told, silent, asked] = [
    await train(options),
    await train({ ...options, advise: false }),
    await train({ ...options, advise: true }),
  ];
  expect(silent.warnings).toEqual([]);
  expect(silent.message).not.toContain('/L');
  expect(told.params).toEqual(silent.params);
  expect(asked.params).toEqual(silent.params);
  expect(asked.evaluations).toEqual(silent.evaluations);
});

describe('advise: true', () => {
  it('warns before the first step', async () => {
    const warnings: string[] = [];
    await train({
      loss: bowl,
      params: start,
      optimizer: sgd({ rate: 0.11 }),
      epochs: 1,
      advise: true,
      onWarning: (warning) => warnings.push(warning),
    });
    expect(warnings[0]).toMatch(/^at step 0, the rate 0.11 is beyond 2\/L = 0.1, L = 20/);
  });

  const { advice } = analyze(bowl, start);
  for (const [name, optimizer, predicted] of [
    ['gradient descent', sgd(advice!.gradientDescent.settings), advice!.gradientDescent.factor],
    ['momentum', momentum(advice!.momentum.settings), advice!.momentum.factor],
    ['nesterov', nesterov(advice!.nesterov.settings), advice!.nesterov.factor],
  ] as const) {
    it(`reports the predicted rate of ${name} beside the measured one`, async () => {
      const run = train({ loss: bowl, params: start, optimizer, epochs: 120, advise: true });
      const result = await run;
      expect(result.rate?.predicted).toBeCloseTo(predicted, 4);
      // Double roots add a factor that grows with the number of steps.
      expect(Math.abs((result.rate?.measured ?? 0) - predicted)).toBeLessThan(0.015);
      expect(result.history.at(-1)?.rate).toEqual(result.rate);
      expect(String(result)).toMatch(
        /convergence {4}a factor of 0\.\d+ a step measured, 0\.\d+ predicted/,
      );
    });
  }

  it('predicts a logistic regression by the curvature where it ended', async () => {
    const { params } = await minimize(logistic.loss, logistic.params);
    const near = { w: params.w.clone().add(0.1), b: params.b - 0.1 };
    const { advice } = analyze(logistic.loss, params);
    const method = gradientDescent(advice!.gradientDescent.settings);
    const { rate } = await minimize(logistic.loss, near, { method, maxSteps: 1000, advise: true });
    const steps = (factor = 1) => -1 / Math.log(factor);
    expect(steps(rate?.measured) / steps(rate?.predicted)).toBeGreaterThan(0.9);
    expect(steps(rate?.measured) / steps(rate?.predicted)).toBeLessThan(1.1);
  });

  it('is refused with minibatches', () => {
    const optimizer = sgd({ rate: 1 });
    const data = shuffledBatches(breastCancer, 100);
    const options = { loss: logisticLoss, params: logistic.params, data, optimizer, epochs: 1 };
    expect(() => train({ ...options, advise: true })).toThrow(
      'train: advise needs the whole objective at every step',
    );
  });
});

it('a kink is no curvature: steps that rise across one are not said to diverge', async () => {
  const kinked = (w: Value) => sum(add(mul(2, abs(w)), w));
  const result = await minimize(kinked, -0.05, { method: sgd({ rate: 0.1 }), maxSteps: 20 });
  expect(result.history[1].loss).toBeGreaterThan(result.history[0].loss);
  expect(result.warnings).toEqual([]);
});
