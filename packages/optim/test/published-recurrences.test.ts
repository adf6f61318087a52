import { test } from 'vitest';
import {
  accumulateGradients,
  adagrad,
  adam,
  adamax,
  adamw,
  amsgrad,
  chain,
  clipByGlobalNorm,
  constant,
  cosine,
  decayWeights,
  descend,
  exponential,
  inverseSqrt,
  inverseTime,
  linear,
  lion,
  momentum,
  nadam,
  nesterov,
  polynomial,
  restart,
  rmsprop,
  type Stepper,
  sequence,
  sgd,
  smooth,
  warmUp,
} from '../src/index.ts';
import { trajectory } from './support/point.ts';
import { expectClose, flat, gradients, readCase, start } from './support/reference.ts';

interface Recurrences {
  readonly cases: readonly {
    readonly id: string;
    readonly after: Readonly<Record<number, readonly number[]>>;
  }[];
}

const { cases } = readCase<Recurrences>('more-optimizers.json');

/** Each in one expression: what a reader of a paper or another library would want to write. */
const steppers: Record<string, Stepper> = {
  'heavy ball': momentum({ rate: 0.1 }),
  'heavy ball, dampened': momentum({ rate: 0.1, dampening: 0.5 }),
  'heavy ball, L2 penalty': chain(decayWeights(0.1), momentum({ rate: 0.05, decay: 0.8 })),
  'nesterov, L2 penalty': chain(decayWeights(0.01), nesterov({ rate: 0.05 })),
  adagrad: adagrad({ rate: 0.1 }),
  'adagrad, falling rate': adagrad({ rate: inverseTime(0.1, { decay: 0.05 }) }),
  'adagrad, initial sum': adagrad({ rate: 0.1, initial: 0.1 }),
  'adagrad, epsilon inside the root': adagrad({
    rate: 0.1,
    initial: 0.1,
    epsilon: 1e-7,
    epsilonInsideRoot: true,
  }),
  'rmsprop, momentum': rmsprop({ rate: 0.01, momentum: 0.9 }),
  'rmsprop, centred': rmsprop({ rate: 0.01, decay: 0.9, centred: true, epsilon: 1e-6 }),
  'rmsprop, epsilon inside the root': rmsprop({
    rate: 0.01,
    decay: 0.9,
    initial: 1,
    epsilonInsideRoot: true,
  }),
  'rmsprop, centred, inside, momentum': rmsprop({
    rate: 0.01,
    decay: 0.9,
    centred: true,
    momentum: 0.5,
    epsilon: 1e-5,
    epsilonInsideRoot: true,
  }),
  adam: adam(),
  'adam, L2 penalty': chain(decayWeights(0.1), adam({ rate: 0.01 })),
  adamw: adamw({ rate: 0.01, decay: 0.1 }),
  'adamw, masked': adamw({ rate: 0.01, decay: 0.1, mask: (path) => path === 'w' }),
  'amsgrad of raw moments': amsgrad({ rate: 0.01, b2: 0.9 }),
  'amsgrad of corrected moments': amsgrad({ rate: 0.01, b2: 0.9, maximumOf: 'corrected' }),
  nadam: nadam({ rate: 0.01, momentumDecay: 0.01 }),
  'nadam, constant factor': nadam({ rate: 0.01, momentumDecay: Infinity }),
  adamax: adamax(),
  lion: lion({ rate: 0.001, b1: 0.95, b2: 0.98, decay: 0.01 }),
  'clipped by global norm, sgd': chain(clipByGlobalNorm(1), sgd({ rate: 0.1 })),
  'clipped by global norm, heavy ball': chain(clipByGlobalNorm(0.5), momentum({ rate: 0.1 })),
  'clipped by global norm, adam': chain(clipByGlobalNorm(0.5), adam({ rate: 0.05 })),
  'smoothed gradient': chain(smooth(0.8), descend(0.1)),
  'adam on means of 5 gradients': accumulateGradients(5, adam({ rate: 0.01 })),
  'sgd, exponential rate': sgd({ rate: exponential(0.1, { factor: 0.5, steps: 5 }) }),
  'sgd, exponential rate in stairs': sgd({
    rate: exponential(0.1, { factor: 0.5, steps: 5, begin: 3, stairs: true, limit: 0.03 }),
  }),
  'sgd, polynomial rate': sgd({ rate: polynomial({ from: 0.1, to: 0.01, power: 2, steps: 20 }) }),
  'sgd, inverse time': sgd({ rate: inverseTime(0.1, { decay: 0.5, steps: 2 }) }),
  'heavy ball, joined rates': momentum({
    rate: sequence(
      [linear({ from: 0, to: 0.1, steps: 5 }), 5],
      [constant(0.1), 5],
      inverseSqrt(0.1),
    ),
  }),
  'adam, warm-up and exponential decay': adam({
    rate: warmUp(exponential(0.05, { factor: 0.9 }), { steps: 4 }),
  }),
  'heavy ball, cosine restarts': momentum({
    rate: restart(cosine(0.1, { steps: 8 }), 8),
    decay: 0.5,
  }),
};

for (const { id, after } of cases) {
  test(`${id}: each step is the published one`, () => {
    const found = trajectory(steppers[id], start, gradients).after;
    for (const [k, params] of Object.entries(after)) {
      expectClose(flat(found[Number(k)]), params, 1e-10);
    }
  });
}
