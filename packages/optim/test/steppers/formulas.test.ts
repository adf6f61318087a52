import { FlatMatrix, type Tree } from '@steepest/autodiff';
import { describe, expect, test } from 'vitest';
import {
  accumulate,
  accumulateGradients,
  adagrad,
  adam,
  adamax,
  adamw,
  amsgrad,
  chain,
  clipByGlobalNorm,
  clipByValue,
  cosine,
  decayWeights,
  descend,
  exponentialAverage,
  freeze,
  groups,
  lion,
  masked,
  momentum,
  nadam,
  nesterov,
  polyakAverage,
  polyakStep,
  rmsprop,
  type Stepper,
  scale,
  sgd,
  smooth,
} from '../../src/index.ts';
import { entriesOf } from '../../src/leaves.ts';
import { takeStep } from '../../src/take-step.ts';
import { plus } from '../../src/vectors.ts';
import { pointAt } from '../support/point.ts';

const isWeight = (path: string) => path.endsWith('w');

/** Every first-order stepper, and what chains are made of. */
const entrywise: Record<string, Stepper> = {
  sgd: sgd({ rate: cosine(0.1, { steps: 20 }) }),
  momentum: momentum({ rate: 0.05 }),
  'momentum, dampened': momentum({ rate: 0.05, dampening: 0.5 }),
  nesterov: nesterov({ rate: 0.05 }),
  adam: adam({ rate: 0.01 }),
  adamw: adamw({ rate: 0.01, mask: isWeight }),
  amsgrad: amsgrad({ b2: 0.9 }),
  'amsgrad, corrected': amsgrad({ b2: 0.9, maximumOf: 'corrected' }),
  adamax: adamax(),
  nadam: nadam(),
  adagrad: adagrad({ epsilonInsideRoot: true, initial: 0.1 }),
  rmsprop: rmsprop(),
  'rmsprop, centred, with momentum': rmsprop({ centred: true, momentum: 0.9 }),
  lion: lion({ decay: 0.1 }),
  'clipped by value, smoothed': chain(clipByValue(0.5), smooth(0.9), descend(0.1)),
  'smoothed, not corrected': chain(smooth(0.9, { correct: false }), scale(-0.1)),
  'decayed weights': chain(decayWeights(0.1, isWeight), accumulate(0.5), descend(0.1)),
  'a masked link': chain(masked(accumulate(0.9), isWeight), descend(0.1)),
  'averaged from step 3': chain(sgd({ rate: 0.1 }), polyakAverage({ from: 3 })),
  'averaged exponentially': chain(adam(), exponentialAverage(0.9, { correct: true })),
  groups: groups({ slow: adam(), fast: momentum({ rate: 0.1 }), fixed: freeze() }, (path) =>
    path === 'b' ? 'fixed' : path === 'layers[0].w' ? 'slow' : 'fast',
  ),
  'accumulated gradients': accumulateGradients(3, chain(adam(), polyakAverage())),
};

const summing: Record<string, Stepper> = {
  'clipped by global norm': chain(clipByGlobalNorm(0.5), descend(0.1)),
  polyakStep: polyakStep({ minimum: -1, maxRate: 10 }),
};

const params = {
  layers: [{ w: new FlatMatrix(2, 3, [1, -2, 0.5, 3, 0, -0.25]) }, { w: 2 }],
  b: new FlatMatrix(1, 2, [0.5, -0.5]),
};

function gradientAt(k: number): typeof params {
  const entry = (i: number) => (i % 4 === 3 ? 0 : Math.sin(1 + 3 * i + k) * 2 ** (i % 3));
  const matrix = (rows: number, columns: number, from: number) =>
    new FlatMatrix(
      rows,
      columns,
      Array.from({ length: rows * columns }, (_, i) => entry(from + i)),
    );
  return { layers: [{ w: matrix(2, 3, 0) }, { w: entry(7) }], b: matrix(1, 2, 9) };
}

/** The parameters and the state after 12 steps. */
function after(stepper: Stepper): readonly [Tree, Tree] {
  let at: Tree = params;
  let state = stepper.init(params);
  for (let k = 0; k < 12; k++) {
    const gradient = gradientAt(k) as Tree;
    const [change, next] = takeStep(stepper, gradient, state, at, pointAt(k, gradient));
    at = plus(at, change);
    state = next;
  }
  return [at, state];
}

/** The same stepper, by its formula alone. */
function byFormula({ step: _, ...stepper }: Stepper): Stepper {
  expect(stepper.update).toBeDefined();
  return stepper;
}

describe('the formula in operations gives the bits of the plain loop:', () => {
  for (const [name, stepper] of Object.entries(entrywise)) {
    test(name, () => expect(after(byFormula(stepper))).toEqual(after(stepper)));
  }
});

describe('where a sum is taken, the formula is within 4 ulp of the plain loop:', () => {
  for (const [name, stepper] of Object.entries(summing)) {
    test(name, () => {
      const gradient = gradientAt(1);
      const at = pointAt(0, gradient);
      const [loop] = takeStep(stepper, gradient, stepper.init(params), params, at);
      const formula = byFormula(stepper);
      const [found] = takeStep(formula, gradient, formula.init(params), params, at);
      const [a, b] = [loop, found].map((tree) => entriesOf(tree).flatMap((x) => [...x]));
      a.forEach((x, i) => {
        expect(Math.abs(b[i] - x)).toBeLessThanOrEqual(4 * 2 ** -52 * Math.abs(x));
      });
    });
  }
});

describe('numbers are as many at every step, and a function of the step alone:', () => {
  for (const [name, stepper] of Object.entries({ ...entrywise, ...summing })) {
    test(name, () => {
      const at = (step: number) => stepper.numbers?.(step) ?? [];
      const first = [0, 1, 2, 7, 1000].map(at);
      expect(new Set(first.map((numbers) => numbers.length)).size).toBe(1);
      expect([1000, 7, 2, 1, 0].map(at).reverse()).toEqual(first);
    });
  }
});
