import { describe, expect, test } from 'vitest';
import {
  accumulateGradients,
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
  chain,
  descend,
  dog,
  encode,
  exponentialAverage,
  fista,
  groups,
  ista,
  l1,
  lbfgsb,
  lion,
  lookahead,
  memoryCheckpoint,
  minimize,
  momentum,
  nadam,
  nesterovMomentum,
  newton,
  newtonCg,
  oneCycle,
  polyakStep,
  prodigy,
  proximal,
  proximalNewton,
  type Result,
  radam,
  reduceOnPlateau,
  rmsprop,
  type Stepper,
  scheduleFree,
  scheduleFreeAdamw,
  sgd,
  skipNotFinite,
  svrg,
  train,
} from '../../src/index.ts';
import { shuffledBatches } from '../support/minibatches.ts';
import { breastCancer, logistic, logisticLoss, rosenbrock } from '../support/problems.ts';

const bitsOf = ({ params, state, steps, value }: Result<unknown>) =>
  JSON.stringify(encode([params, state, steps, value]));

const onMinibatches: readonly Stepper[] = [
  sgd({ rate: 0.1 }),
  adagrad({ rate: 0.1 }),
  adamax(),
  adamw(),
  nadam(),
  rmsprop({ centred: true, momentum: 0.9 }),
  lion(),
  polyakStep({ maxRate: 1 }),
  radam(),
  adabelief(),
  dog(),
  prodigy(),
  scheduleFree({ rate: 0.1 }),
  scheduleFreeAdamw({ rate: 0.01 }),
  chain(adam({ rate: 0.01 }), lookahead({ every: 4 })),
  chain(adam({ rate: 0.01 }), proximal(l1(0.01)), exponentialAverage(0.9)),
  chain(adaptiveClip(0.05), momentum({ rate: 0.1 })),
  chain(reduceOnPlateau({ patience: 1, window: 3 }), descend(0.1)),
  skipNotFinite(amsgrad(), { most: 2 }),
  chain(nesterovMomentum(0.9), descend(oneCycle(0.1, { steps: 18 }))),
  chain(svrg({ every: 5 }), descend(0.1)),
  accumulateGradients(3, adam()),
  groups({ slow: adam(), fast: momentum({ rate: 0.1 }) }, (path) =>
    path === 'w' ? 'slow' : 'fast',
  ),
];

describe('on minibatches, a run stopped within or between epochs resumes bit for bit:', () => {
  const options = {
    loss: logisticLoss,
    params: logistic.params,
    data: shuffledBatches(breastCancer, 100),
    seed: 7,
  };
  test.each(onMinibatches.map((optimizer) => [optimizer.name, optimizer] as const))(
    '%s',
    async (_name, optimizer) => {
      const whole = await train({ ...options, optimizer, epochs: 3 });
      for (const steps of [1, 6, 10]) {
        const checkpoint = memoryCheckpoint();
        await train({ ...options, optimizer, stop: { steps }, checkpoint });
        const resumed = await train({ ...options, optimizer, epochs: 3, checkpoint });
        expect(bitsOf(resumed)).toBe(bitsOf(whole));
      }
    },
  );
});

const onTheWhole: readonly Stepper[] = [
  adgd(),
  armijo(),
  barzilaiBorwein(),
  bfgs(),
  lbfgsb({ lower: -2, upper: 0.9 }),
  newton(),
  newtonCg(),
  proximalNewton({ penalty: l1(0.1) }),
  ista({ penalty: l1(0.1), rate: 1e-3 }),
  fista({ penalty: l1(0.1), rate: 1e-3 }),
];

describe('on a whole objective, a run stopped anywhere resumes bit for bit:', () => {
  test.each(onTheWhole.map((method) => [method.name, method] as const))(
    '%s',
    async (_name, method) => {
      const run = (maxSteps: number, checkpoint = memoryCheckpoint()) =>
        minimize(rosenbrock.loss, rosenbrock.params, { method, maxSteps, checkpoint });
      const whole = await run(15);
      for (const steps of [1, 4, 9]) {
        const checkpoint = memoryCheckpoint();
        await run(steps, checkpoint);
        expect(bitsOf(await run(15, checkpoint))).toBe(bitsOf(whole));
      }
    },
  );
});
