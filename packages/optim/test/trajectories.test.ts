import { describe, expect, test } from 'vitest';
import {
  accumulate,
  adam,
  chain,
  clipByValue,
  cosine,
  descend,
  linear,
  lion,
  momentum,
  nadam,
  nesterov,
  piecewise,
  rmsprop,
  type Schedule,
  type Stepper,
  sequence,
  sgd,
  warmUp,
} from '../src/index.ts';
import { trajectory } from './support/point.ts';
import { expectClose, flat, gradients, paramsOf, reference, start } from './support/reference.ts';

const rise = sequence([linear({ from: 0, to: 0.1, steps: 5 }), 5], cosine(0.1, { steps: 20 }));

// This trajectory was computed with learning rates in single precision; so are they here.
const { fround } = Math;
const riseInSinglePrecision: Schedule = (step) =>
  step < 5
    ? fround(fround(fround(-0.1) * fround(1 - fround(step / 5))) + fround(0.1))
    : fround(rise(step));

const steppers: Record<string, Stepper> = {
  'sgd-0.1': sgd({ rate: 0.1 }),
  'nesterov-0.05-0.9': nesterov({ rate: 0.05, decay: 0.9 }),
  'rmsprop-0.01-0.99': rmsprop({ rate: 0.01, decay: 0.99, epsilon: 1e-8 }),
  'adam-0.1-0.8-0.95': adam({ rate: 0.1, b1: 0.8, b2: 0.95, epsilon: 1e-6 }),
  'nadam-0.002': nadam({ rate: 0.002 }),
  'lion-0.003-0.1': lion({ rate: 0.003, b1: 0.9, b2: 0.99, decay: 0.1 }),
  'clip-value-0.5-momentum': chain(clipByValue(0.5), accumulate(0.9), descend(0.1)),
  'momentum-warmup-cosine': momentum({ rate: riseInSinglePrecision, decay: 0.9 }),
};

describe('trajectories that PyTorch and Optax computed are met step by step', () => {
  for (const { id, after } of reference.cases) {
    test(id, () => {
      const found = trajectory(steppers[id], start, gradients);
      expect(after).toHaveLength(found.after.length);
      found.after.forEach((params, k) => {
        expectClose(flat(params), flat(paramsOf(after[k])), 1e-12);
      });
    });
  }
});

test('rates in double precision differ from single precision by its rounding only', () => {
  const double = trajectory(momentum({ rate: rise, decay: 0.9 }), start, gradients).after;
  const single = reference.cases.find(({ id }) => id === 'momentum-warmup-cosine')?.after ?? [];
  double.forEach((params, k) => {
    expectClose(flat(params), flat(paramsOf(single[k])), 1e-5);
  });
});

const schedules: Record<string, Schedule> = {
  'cosine(0.1, 20, alpha 0.1)': cosine(0.1, { steps: 20, alpha: 0.1 }),
  'piecewise(1; x0.1 at 5, x0.5 at 12)': piecewise(1, { 5: 0.1, 12: 0.5 }),
  'warmup_cosine(0 -> 1 in 4, to 0.01 at 20)': warmUp(cosine(1, { steps: 16, alpha: 0.01 }), {
    steps: 4,
  }),
};

describe('schedules that Optax computed are met step by step', () => {
  for (const { id, values } of reference.schedules) {
    test(id, () => {
      expectClose(
        values.map((_, step) => schedules[id](step)),
        values,
        1e-14,
      );
    });
  }
});
