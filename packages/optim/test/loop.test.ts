import { describe, expect, test } from 'vitest';
import {
  accumulate,
  adabelief,
  adagrad,
  adam,
  adamax,
  adamw,
  adaptiveClip,
  adgd,
  amsgrad,
  armijo,
  barzilaiBorwein,
  bfgs,
  box,
  chain,
  cosine,
  descend,
  dog,
  exponentialAverage,
  fista,
  gradientDescent,
  inverseSqrt,
  inverseTime,
  ista,
  lbfgs,
  lbfgsb,
  lion,
  lookahead,
  minimize,
  momentum,
  nadam,
  nesterov,
  newton,
  newtonCg,
  oneCycle,
  polyakAverage,
  polyakStep,
  prodigy,
  proximal,
  type Rate,
  radam,
  reduceOnPlateau,
  rmsprop,
  type Stepper,
  scheduleFree,
  scheduleFreeAdamw,
  sgd,
  skipNotFinite,
  svrg,
} from '../src/index.ts';
import { logistic, quadratic, rosenbrock } from './support/problems.ts';

type Name = 'quadratic' | 'rosenbrock' | 'logistic';

/** Settings for one problem: how it is solved, or how near it gets and why not nearer. */
interface Trial {
  readonly method: Stepper;
  readonly excess?: number;
  /** Fewer steps than the others get, where more would not help. */
  readonly steps?: number;
  readonly because?: string;
}

const neverStill =
  'every step moves each weight by the rate, so it ends within a rate of the minimum';
const average = 'an average trails behind the last parameters';
const fading = 'a rate that fades slowly leaves it trembling across the valley';
const decays = 'weight decay moves the minimum towards 0';
const shrinking = 'its rate falls with all gradients so far, those at the steep start included';
const steepWalls = 'the walls of the valley allow a tiny rate only';

const rates = (make: (rate: Rate) => Stepper, all: Record<Name, Rate>): Record<Name, Trial> => ({
  quadratic: { method: make(all.quadratic) },
  rosenbrock: { method: make(all.rosenbrock) },
  logistic: { method: make(all.logistic) },
});

const crawls = 'gradient descent crawls along the valley';
const wide = box(-10, 10);
const svrgAt = (rate: number) => chain(svrg(), descend(rate)) as Stepper;
const adam3000 = (rate: Rate) => adam({ rate: oneCycle(Number(rate), { steps: 3000 }) });

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
    rosenbrock: {
      method: lion({ rate: inverseSqrt(0.01) }),
      excess: 0.5,
      because: steepWalls,
      steps: 10_000,
    },
    logistic: { method: lion({ rate: inverseSqrt(0.01) }), excess: 1e-3, because: neverStill },
  },
  armijo: rates(() => armijo(), { quadratic: 1, rosenbrock: 1, logistic: 1 }),
  polyakStep: {
    quadratic: { method: polyakStep() },
    rosenbrock: { method: polyakStep() },
    logistic: { method: polyakStep({ minimum: logistic.minimum }) },
  },
  lbfgs: rates(() => lbfgs(), { quadratic: 1, rosenbrock: 1, logistic: 1 }),
  adgd: rates(() => adgd(), { quadratic: 1, rosenbrock: 1, logistic: 1 }),
  dog: {
    quadratic: { method: dog() },
    rosenbrock: { method: dog(), excess: 0.1, because: shrinking, steps: 4000 },
    logistic: { method: dog() },
  },
  prodigy: rates(() => prodigy(), { quadratic: 1, rosenbrock: 1, logistic: 1 }),
  scheduleFree: {
    quadratic: { method: scheduleFree({ rate: 0.1 }), excess: 1e-6, because: average },
    rosenbrock: {
      method: scheduleFree({ rate: 3e-3 }),
      excess: 0.05,
      because: average,
      steps: 8000,
    },
    logistic: { method: scheduleFree({ rate: 1 }), excess: 1e-5, because: average, steps: 1000 },
  },
  scheduleFreeAdamw: {
    quadratic: { method: scheduleFreeAdamw({ rate: 0.3 }), excess: 1e-7, because: average },
    rosenbrock: {
      method: scheduleFreeAdamw({ rate: 0.01 }),
      excess: 1e-3,
      because: average,
      steps: 8000,
    },
    logistic: { method: scheduleFreeAdamw({ rate: 0.3 }), excess: 1e-7, because: average },
  },
  radam: rates((rate) => radam({ rate }), { quadratic: 0.3, rosenbrock: 3e-3, logistic: 0.3 }),
  adabelief: rates((rate) => adabelief({ rate }), {
    quadratic: 0.1,
    rosenbrock: 0.3,
    logistic: 0.1,
  }),
  lookahead: rates((rate) => chain(adam({ rate }), lookahead()), {
    quadratic: 0.3,
    rosenbrock: 0.1,
    logistic: 0.3,
  }),
  reduceOnPlateau: rates(
    (rate) => chain(accumulate(0.9), reduceOnPlateau({ patience: 200 }), descend(rate)),
    { quadratic: 0.03, rosenbrock: 3e-3, logistic: 0.3 },
  ),
  oneCycle: rates(adam3000, { quadratic: 0.3, rosenbrock: 0.3, logistic: 0.3 }),
  adaptiveClip: rates((rate) => chain(adaptiveClip(1), momentum({ rate })), {
    quadratic: 0.03,
    rosenbrock: 3e-3,
    logistic: 0.3,
  }),
  skipNotFinite: rates((rate) => skipNotFinite(adam({ rate }), { most: 2 }), {
    quadratic: 0.1,
    rosenbrock: 0.1,
    logistic: 0.1,
  }),
  svrg: {
    quadratic: { method: svrgAt(0.1) },
    rosenbrock: { method: svrgAt(1e-3), excess: 0.1, because: crawls, steps: 4000 },
    logistic: { method: svrgAt(1) },
  },
  'ista within bounds that do not bind': {
    quadratic: { method: ista({ penalty: wide, rate: 0.1 }) },
    rosenbrock: {
      method: ista({ penalty: wide, rate: 1e-3 }),
      excess: 0.1,
      because: crawls,
      steps: 4000,
    },
    logistic: { method: ista({ penalty: wide, rate: 1 }) },
  },
  'fista within bounds that do not bind': {
    quadratic: { method: fista({ penalty: wide, rate: 0.1 }) },
    rosenbrock: {
      method: fista({ penalty: wide, rate: 3e-4 }),
      excess: 1e-4,
      because: 'the valley is not convex: its momentum begins anew again and again',
    },
    logistic: { method: fista({ penalty: wide, rate: 0.3 }) },
  },
  'adam with a projection': rates((rate) => chain(adam({ rate }), proximal(wide)), {
    quadratic: 0.1,
    rosenbrock: 0.02,
    logistic: 0.02,
  }),
  lbfgsb: rates(() => lbfgsb(), { quadratic: 1, rosenbrock: 1, logistic: 1 }),
  bfgs: rates(() => bfgs(), { quadratic: 1, rosenbrock: 1, logistic: 1 }),
  newton: rates(() => newton(), { quadratic: 1, rosenbrock: 1, logistic: 1 }),
  newtonCg: rates(() => newtonCg(), { quadratic: 1, rosenbrock: 1, logistic: 1 }),
  barzilaiBorwein: rates(() => barzilaiBorwein(), { quadratic: 1, rosenbrock: 1, logistic: 1 }),
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
      const { method, excess = 1e-8, because, steps } = problems[name];
      test(`${optimizer} on ${name}${because === undefined ? '' : `, although ${because}`}`, async () => {
        const options = { method, tolerance, maxSteps: steps ?? maxSteps[name] };
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
