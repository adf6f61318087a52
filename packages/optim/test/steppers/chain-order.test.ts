import { FlatMatrix } from '@steepest/autodiff';
import { describe, expect, test } from 'vitest';
import {
  accumulate,
  accumulateGradients,
  adam,
  armijo,
  chain,
  clipByValue,
  decayWeights,
  descend,
  exponentialAverage,
  groups,
  lbfgs,
  masked,
  polyakAverage,
  type Stepper,
  scale,
  sgd,
  train,
} from '../../src/index.ts';

const any = (x: unknown) => x as never;

describe('a chain whose order means something else is refused when it is composed:', () => {
  const cases: [string, () => unknown, string][] = [
    [
      'two descents',
      () => chain(adam(), sgd({ rate: 0.1 })),
      'chain: adam and sgd both make a step',
    ],
    ['two descents, nested', () => chain(chain(adam()), descend(0.1)), 'both make a step'],
    [
      'decay after the descent',
      () => chain(adam(), decayWeights(0.01)),
      'chain: decayWeights acts on the gradient, but stands behind adam, which makes the change; put it before',
    ],
    [
      'clipping after the descent',
      () => chain(sgd({ rate: 1 }), clipByValue(1)),
      'clipByValue acts on the gradient',
    ],
    [
      'an average that is not last',
      () => chain(sgd({ rate: 1 }), polyakAverage(), { ...scale(1), kind: 'after' }),
      'chain: polyakAverage hands out an average and must be the last link, but scale comes after',
    ],
    [
      'two averages',
      () => chain(sgd({ rate: 1 }), polyakAverage(), exponentialAverage(0.9)),
      'must be the last link',
    ],
    [
      'an average within a chain that goes on',
      () => chain(chain(sgd({ rate: 1 }), polyakAverage()), exponentialAverage(0.9)),
      'must be the last link',
    ],
    [
      'an average before the descent',
      () => chain(polyakAverage(), sgd({ rate: 1 })),
      'chain: polyakAverage hands out an average and must be the last link, but sgd comes after it',
    ],
    [
      'an average of a direction',
      () => chain(accumulate(0.9), polyakAverage()),
      'chain: polyakAverage acts on the change, but no link before it makes one',
    ],
    [
      'a line search in a group',
      () => groups({ a: armijo(), b: armijo() }, () => 'a'),
      'groups: armijo searches, and would not see the other groups move',
    ],
    [
      'a line search on accumulated gradients',
      () => accumulateGradients(4, lbfgs()),
      'accumulateGradients: lbfgs searches, and would see the last minibatch only',
    ],
    [
      'accumulated gradients without a step',
      () => accumulateGradients(4, accumulate(0.9)),
      'accumulateGradients: accumulate makes no step, only a direction; end it with a descent: chain(accumulate, descend(0.01))',
    ],
    [
      'a group without a step',
      () => groups({ a: accumulate(0.9) }, () => 'a'),
      'groups: accumulate makes no step',
    ],
    [
      'a mask around a whole optimizer',
      () => masked(adam(), () => true),
      'masked: adam makes a step, and the leaves outside of the mask would move by their bare gradients',
    ],
  ];
  for (const [name, call, message] of cases) {
    test(name, () => {
      expect(call).toThrow(TypeError);
      expect(call).toThrow(message);
    });
  }

  test('and one without a descent is refused as an optimizer', () => {
    const run = (optimizer: Stepper) =>
      train({ loss: (x) => x as never, params: 1, optimizer, epochs: 1 });
    expect(() => run(chain(clipByValue(1), accumulate(0.9)))).toThrow(
      'train: chain(clipByValue, accumulate) makes no step, only a direction',
    );
    expect(() => run(polyakAverage())).toThrow('train: polyakAverage only acts on a change');
  });
});

describe('what is no stepper is refused where it is given:', () => {
  const cases: [string, () => unknown, string][] = [
    [
      'a list of links',
      () => chain(any([adam()])),
      'chain: link 1 must be a stepper, got an array of 1; pass steppers one by one, not in an array',
    ],
    [
      'a function that makes one',
      () => chain(clipByValue(1), any(adam)),
      'chain: link 2 must be a stepper, got the function adam; call it: adam({ … })',
    ],
    ['a name', () => chain(any('adam')), 'link 1 must be a stepper, got "adam"'],
    [
      'a list of groups',
      () => groups(any([adam()]), () => 0),
      'groups: the groups must be an object of steppers by name, got an array of 1',
    ],
    ['a function among groups', () => groups(any({ a: adam }), () => 'a'), 'the group a must be'],
    ['no choice', () => groups({ a: adam() }, any('a')), 'groups: choose must be a function'],
    ['no stepper to accumulate for', () => accumulateGradients(4, any(4)), 'must be a stepper'],
    ['no count', () => accumulateGradients(any(adam()), adam()), 'every must be a whole number'],
    ['no mask', () => masked(clipByValue(1), any('w')), 'masked: mask must be a function'],
    [
      'no rate',
      () => descend(any('fast')),
      'descend: rate must be a positive number or a function',
    ],
  ];
  for (const [name, call, message] of cases) {
    test(name, () => expect(call).toThrow(message));
  }
});

test('a change of another shape is refused, not added in memory order', async () => {
  const transposed: Stepper<null> = {
    name: 'transposed',
    init: () => null,
    step: <P>(gradient: P) => {
      const { rows, columns, data } = gradient as unknown as FlatMatrix;
      return [new FlatMatrix(columns, rows, data) as unknown as P, null] as const;
    },
  };
  const run = train({
    loss: () => 1,
    params: new FlatMatrix(2, 3),
    optimizer: transposed,
    valueAndGradient: (w: FlatMatrix) => ({ value: 1, gradient: w }),
    epochs: 1,
  });
  await expect(run).rejects.toThrow('should be a 2×3 matrix and is a 3×2 matrix');
});
