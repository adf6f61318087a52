import { describe, expect, test } from 'vitest';
import {
  adagrad,
  adam,
  adamax,
  adamw,
  amsgrad,
  armijo,
  chain,
  cosine,
  exponentialAverage,
  gradientDescent,
  inverseSqrt,
  inverseTime,
  lbfgs,
  lion,
  minimize,
  momentum,
  nadam,
  nesterov,
  polyakAverage,
  polyakStep,
  type Rate,
  rmsprop,
  type Stepper,
  sgd,
} from '../src/index.ts';
import { logistic, quadratic, rosenbrock } from './support/problems.ts';

type Name = 'quadratic' | 'rosenbrock' | 'logistic';

/** Settings for one problem: how it is solved, or how near it gets and why not nearer. */
interface Trial {
  readonly method: Stepper;
  readonly excess?: number;
  readonly because?: string;
}

const neverStill =
  'every step moves each weight by the rate, so it ends within a rate of the minimum';
const average = 'an average trails behind the last parameters';
const fading = 'a rate that fades slowly leaves it trembling across the valley';
const decays = 'weight decay moves the minimum towards 0';
const steepWalls = 'the walls of the valley allow a tiny rate only';

const rates = (make: (rate: Rate) => Stepper, all: Record<Name, Rate>): Record<Name, Trial> => ({
  quadratic: { method: make(all.quadratic) },
  rosenbrock: { method: make(all.rosenbrock) },
  logistic: { method: make(all.logistic) },
});

const trials: Record<string, Record<Name, Trial>> = {
  gradientDescent: {
    ...rates((rate) => gradientDescent({ rate }), {
      quadratic: 0.1,
      rosenbrock: 1e-3,
      logistic: 1,
    }),
  },
  sgd: rates((rate) => sgd({ rate }), { quadratic: 0.15, rosenbrock: 1.5e-3, logistic: 0.8 }),
  momentum: rates((rate) => momentum({ rate }), {
    quadratic: 0.05,
    rosenbrock: 5e-4,
    logistic: 0.2,
  }),
  nesterov: rates((rate) => nesterov({ rate }), {
    quadratic: 0.05,
    rosenbrock: 5e-4,
    logistic: 0.2,
  }),
  adagrad: rates((rate) => adagrad({ rate }), { quadratic: 1, rosenbrock: 0.5, logistic: 0.3 }),
  rmsprop: {
    quadratic: { method: rmsprop({ rate: inverseTime(0.1, { steps: 100 }) }) },
    rosenbrock: {
      method: rmsprop({ rate: inverseTime(0.05, { steps: 100 }) }),
      excess: 1e-4,
      because: fading,
    },
    logistic: { method: rmsprop({ rate: inverseTime(0.05, { steps: 100 }) }) },
  },
  adam: rates((rate) => adam({ rate }), { quadratic: 0.1, rosenbrock: 0.02, logistic: 0.02 }),
  adamax: rates((rate) => adamax({ rate }), { quadratic: 0.1, rosenbrock: 0.02, logistic: 0.02 }),
  amsgrad: rates((rate) => amsgrad({ rate }), { quadratic: 0.5, rosenbrock: 0.1, logistic: 0.1 }),
  nadam: {
    quadratic: { method: nadam({ rate: 0.1 }) },
    rosenbrock: {
      method: nadam({ rate: cosine(0.02, { steps: 20_000 }) }),
      excess: 1e-6,
      because: fading,
    },
    logistic: { method: nadam({ rate: 0.02 }) },
  },
  adamw: {
    quadratic: { method: adamw({ rate: 0.1, decay: 0 }) },
    rosenbrock: { method: adamw({ rate: 0.02, decay: 0 }) },
    logistic: { method: adamw({ rate: 0.02, decay: 1e-4 }), excess: 1e-3, because: decays },
  },
  lion: {
    quadratic: { method: lion({ rate: inverseSqrt(0.1) }), excess: 1e-3, because: neverStill },
    rosenbrock: { method: lion({ rate: inverseSqrt(0.01) }), excess: 0.1, because: steepWalls },
    logistic: { method: lion({ rate: inverseSqrt(0.01) }), excess: 1e-3, because: neverStill },
  },
  armijo: rates(() => armijo(), { quadratic: 1, rosenbrock: 1, logistic: 1 }),
  polyakStep: {
    quadratic: { method: polyakStep() },
    rosenbrock: { method: polyakStep() },
    logistic: { method: polyakStep({ minimum: logistic.minimum }) },
  },
  lbfgs: rates(() => lbfgs(), { quadratic: 1, rosenbrock: 1, logistic: 1 }),
  polyakAverage: {
    quadratic: {
      method: chain(sgd({ rate: 0.1 }), polyakAverage({ from: 100 })),
      excess: 1e-6,
      because: average,
    },
    rosenbrock: {
      method: chain(adam({ rate: 0.02 }), polyakAverage({ from: 5000 })),
      excess: 1e-6,
      because: average,
    },
    logistic: {
      method: chain(adam({ rate: 0.02 }), polyakAverage({ from: 1000 })),
      excess: 1e-6,
      because: average,
    },
  },
  exponentialAverage: {
    quadratic: {
      method: chain(sgd({ rate: 0.1 }), exponentialAverage(0.9)),
      excess: 1e-6,
      because: average,
    },
    rosenbrock: {
      method: chain(adam({ rate: 0.02 }), exponentialAverage(0.9)),
      excess: 1e-6,
      because: average,
    },
    logistic: {
      method: chain(adam({ rate: 0.02 }), exponentialAverage(0.9)),
      excess: 1e-6,
      because: average,
    },
  },
};

const maxSteps: Record<Name, number> = { quadratic: 3000, rosenbrock: 40_000, logistic: 4000 };
const tolerance = 1e-5;

describe('every optimizer solves every problem, or comes as near as its reason allows', () => {
  for (const [optimizer, problems] of Object.entries(trials)) {
    for (const name of ['quadratic', 'rosenbrock', 'logistic'] as const) {
      const { method, excess = 1e-8, because } = problems[name];
      test(`${optimizer} on ${name}${because === undefined ? '' : `, although ${because}`}`, async () => {
        const options = { method, tolerance, maxSteps: maxSteps[name] };
        const { minimum } = { quadratic, rosenbrock, logistic }[name];
        const result = await (name === 'logistic'
          ? minimize(logistic.loss, logistic.params, options)
          : minimize(
              { quadratic, rosenbrock }[name].loss,
              { quadratic, rosenbrock }[name].params,
              options,
            ));
        expect((result.value - minimum) / Math.max(minimum, 1), String(result)).toBeLessThan(
          excess,
        );
        expect(result.value).toBeGreaterThan(minimum - 1e-12);
        if (result.converged) expect(result.gradientNorm).toBeLessThanOrEqual(tolerance);
        if (because === undefined) expect(result.converged).toBe(true);
      });
    }
  }
});
