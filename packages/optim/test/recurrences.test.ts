import { expect, test } from 'vitest';
import {
  accumulateGradients,
  adagrad,
  adam,
  adamw,
  amsgrad,
  chain,
  clipByGlobalNorm,
  decayWeights,
  descend,
  exponentialAverage,
  lion,
  momentum,
  polyakAverage,
  rmsprop,
  type Stepper,
  scale,
  sgd,
  smooth,
} from '../src/index.ts';
import { trajectory } from './support/point.ts';
import { expectClose, flat, gradients, start } from './support/reference.ts';

/** One coordinate's recurrence: from its weight and gradient at step t (from 1) to its new weight. */
type Recurrence = () => (w: number, g: number, t: number, all: readonly number[]) => number;

/** The papers' recurrences, written for one number at a time. */
const recurrences: [name: string, stepper: Stepper, recurrence: Recurrence][] = [
  [
    'momentum keeps a decaying sum of gradients',
    momentum({ rate: 0.05, decay: 0.8 }),
    () => {
      let v = 0;
      return (w, g) => {
        v = 0.8 * v + g;
        return w - 0.05 * v;
      };
    },
  ],
  [
    'adagrad divides by the root of the sum of squares',
    adagrad({ rate: 0.1 }),
    () => {
      let s = 0;
      return (w, g) => {
        s += g * g;
        return w - (0.1 * g) / (Math.sqrt(s) + 1e-10);
      };
    },
  ],
  [
    'adagrad can start from an accumulated sum',
    adagrad({ rate: 0.1, initial: 0.1, epsilon: 1e-7 }),
    () => {
      let s = 0.1;
      return (w, g) => {
        s += g * g;
        return w - (0.1 * g) / (Math.sqrt(s) + 1e-7);
      };
    },
  ],
  [
    'rmsprop, centred and with momentum, divides by the standard deviation',
    rmsprop({ rate: 0.01, decay: 0.9, centred: true, momentum: 0.5, epsilon: 1e-4 }),
    () => {
      let [s, m, v] = [0, 0, 0];
      return (w, g) => {
        s = 0.9 * s + 0.1 * g * g;
        m = 0.9 * m + 0.1 * g;
        v = 0.5 * v + g / (Math.sqrt(s - m * m) + 1e-4);
        return w - 0.01 * v;
      };
    },
  ],
  [
    'rmsprop can have its epsilon inside the root, as in Optax',
    rmsprop({ rate: 0.01, decay: 0.9, epsilon: 1e-5, epsilonInsideRoot: true }),
    () => {
      let s = 0;
      return (w, g) => {
        s = 0.9 * s + 0.1 * g * g;
        return w - (0.01 * g) / Math.sqrt(s + 1e-5);
      };
    },
  ],
  ['adam has the defaults of its paper', adam(), () => adamOf(0.001, 0.9, 0.999, 1e-8, 0)],
  [
    'adamw decays the weights beside the scaled gradient',
    adamw({ rate: 0.01, decay: 0.1 }),
    () => adamOf(0.01, 0.9, 0.999, 1e-8, 0.1),
  ],
  [
    'amsgrad takes the maximum of the raw second moments, as PyTorch does',
    amsgrad({ rate: 0.02, b2: 0.9 }),
    () => {
      let [m, s, z] = [0, 0, 0];
      return (w, g, t) => {
        m = 0.9 * m + 0.1 * g;
        s = 0.9 * s + 0.1 * g * g;
        z = Math.max(z, s);
        return w - (0.02 * (m / (1 - 0.9 ** t))) / (Math.sqrt(z / (1 - 0.9 ** t)) + 1e-8);
      };
    },
  ],
  [
    'amsgrad can take the maximum of the corrected second moments, as Optax does',
    amsgrad({ rate: 0.02, b2: 0.9, maximumOf: 'corrected' }),
    () => {
      let [m, s, z] = [0, 0, 0];
      return (w, g, t) => {
        m = 0.9 * m + 0.1 * g;
        s = 0.9 * s + 0.1 * g * g;
        z = Math.max(z, s / (1 - 0.9 ** t));
        return w - (0.02 * (m / (1 - 0.9 ** t))) / (Math.sqrt(z) + 1e-8);
      };
    },
  ],
  [
    'lion moves every weight by the rate',
    lion({ rate: 0.01 }),
    () => {
      let m = 0;
      return (w, g) => {
        const u = 0.9 * m + 0.1 * g;
        m = 0.99 * m + 0.01 * g;
        return w - 0.01 * (u > 0 ? 1 : u < 0 ? -1 : 0);
      };
    },
  ],
  [
    'clipping by the global norm shortens the whole gradient',
    chain(clipByGlobalNorm(1), descend(0.1)),
    () => (w, g, _, all) => {
      const length = Math.sqrt(all.reduce((total, x) => total + x * x, 0));
      return w - 0.1 * g * Math.min(1, 1 / length);
    },
  ],
  [
    'weight decay before the descent is an L2 penalty',
    chain(decayWeights(0.3), scale(-0.1)),
    () => (w, g) => w - 0.1 * (g + 0.3 * w),
  ],
  [
    'smoothed gradients are corrected for their start at 0',
    chain(smooth(0.9), descend(0.1)),
    () => {
      let m = 0;
      return (w, g, t) => {
        m = 0.9 * m + 0.1 * g;
        return w - (0.1 * m) / (1 - 0.9 ** t);
      };
    },
  ],
  [
    'accumulated gradients step along their mean',
    accumulateGradients(4, sgd({ rate: (step) => 0.1 / (1 + step) })),
    () => {
      let sum = 0;
      return (w, g, t) => {
        sum += g;
        if (t % 4 !== 0) return w;
        const mean = sum / 4;
        sum = 0;
        return w - (0.1 / (t / 4)) * mean;
      };
    },
  ],
];

function adamOf(rate: number, b1: number, b2: number, epsilon: number, decay: number) {
  let [m, s] = [0, 0];
  return (w: number, g: number, t: number) => {
    m = b1 * m + (1 - b1) * g;
    s = b2 * s + (1 - b2) * g * g;
    const direction = m / (1 - b1 ** t) / (Math.sqrt(s / (1 - b2 ** t)) + epsilon);
    return w - rate * (direction + decay * w);
  };
}

/** Every coordinate by its own recurrence. */
function coordinates(recurrence: Recurrence): number[][] {
  const rules = flat(start).map(() => recurrence());
  let w = flat(start);
  return gradients.map((gradient, k) => {
    const g = flat(gradient);
    w = w.map((x, i) => rules[i](x, g[i], k + 1, g));
    return w;
  });
}

for (const [name, stepper, recurrence] of recurrences) {
  test(name, () => {
    const { after } = trajectory(stepper, start, gradients);
    const expected = coordinates(recurrence);
    after.forEach((params, k) => {
      expectClose(flat(params), expected[k], 1e-11);
    });
  });
}

test('Polyak–Ruppert averaging answers with the mean of the parameters after each step', () => {
  const stepper = chain(sgd({ rate: 0.1 }), polyakAverage({ from: 5 }));
  const { after, state } = trajectory(stepper, start, gradients);
  const tail = after.slice(5).map(flat);
  const mean = tail[0].map((_, i) => tail.reduce((total, w) => total + w[i], 0) / tail.length);
  expectClose(flat(stepper.answer?.(state, start) ?? start), mean, 1e-12);
  expectClose(
    flat(after[24]),
    flat(trajectory(sgd({ rate: 0.1 }), start, gradients).after[24]),
    1e-15,
  );
});

test('the exponential average forgets its start, or is corrected for it', () => {
  for (const correct of [false, true]) {
    const stepper = chain(sgd({ rate: 0.1 }), exponentialAverage(0.9, { correct }));
    const { after, state } = trajectory(stepper, start, gradients);
    let average = flat(start).map((x) => (correct ? 0 : x));
    for (const params of after) {
      const w = flat(params);
      average = average.map((a, i) => 0.9 * a + 0.1 * w[i]);
    }
    if (correct) average = average.map((a) => a / (1 - 0.9 ** 25));
    expectClose(flat(stepper.answer?.(state, start) ?? start), average, 1e-12);
  }
});

test('steppers change neither the parameters, nor the gradient, nor the state that they are given', () => {
  for (const [, stepper] of recurrences) {
    const before = JSON.stringify([flat(start), gradients.map(flat)]);
    const state = stepper.init(start);
    const first = trajectory(stepper, start, gradients).after.map(flat);
    expect(stepper.init(start)).toEqual(state);
    expect(trajectory(stepper, start, gradients).after.map(flat)).toEqual(first);
    expect(JSON.stringify([flat(start), gradients.map(flat)])).toBe(before);
  }
});
