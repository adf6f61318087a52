import { FlatMatrix, mapTree, mul, square, sum, type Value } from '@steepest/autodiff';
import { show } from '@steepest/ground';
import { describe, expect, test } from 'vitest';
import { chain, descend, minimize, type Stepper } from '../../src/index.ts';

const own: Stepper<null> = {
  name: 'own',
  init: () => null,
  numbers: () => [-0.1],
  update: (g, state, _p, [factor]) => [mapTree((x: Value) => mul(factor, x), g), state],
};
const f = (x: Value) => sum(square(x));
const run = (method: Stepper) => minimize(f, new FlatMatrix(2, 1, [1, 2]), { method, maxSteps: 3 });
const refusalOf = async (method: Stepper): Promise<string> => {
  try {
    await run(method);
  } catch (error) {
    return (error as Error).message;
  }
  return 'none';
};

/** What a method may wrongly return, whatever it is for. */
const wrong: readonly unknown[] = [Symbol('x'), () => 1, new Map(), 'text', [Symbol('y')]];

describe("an optimizer's methods that return what no run can use are refused by both names:", () => {
  const methods: [keyof Stepper, readonly unknown[]][] = [
    ['init', [Symbol('x'), () => 1, new Map(), { velocity: () => 1 }]],
    ['settings', [Symbol('x'), () => 1, new Map()]],
    ['numbers', [...wrong, 3, [1, 'two'], undefined]],
    ['rate', [...wrong, [1]]],
    ['learningRate', [...wrong, new FlatMatrix(1, 1)]],
    ['penalty', [...wrong, new FlatMatrix(2, 1), [1]]],
    ['answer', [...wrong, 3, new FlatMatrix(3, 1), { w: new FlatMatrix(2, 1) }, undefined]],
    ['stationarity', [...wrong, 3, new FlatMatrix(3, 1), undefined]],
  ];
  test.each(methods)('%s', async (method, results) => {
    for (const result of results) {
      const message = await refusalOf({ ...own, [method]: () => result } as Stepper);
      expect(message, show(result)).toMatch(
        new RegExp(`^minimize: own: ${method} must be .*, got `),
      );
    }
  });

  test('update and step', async () => {
    const { update: _, ...rest } = own;
    for (const change of [...wrong, 3, new FlatMatrix(3, 1), undefined]) {
      for (const method of ['update', 'step']) {
        const message = await refusalOf({ ...rest, [method]: () => [change, null] } as Stepper);
        expect(message).toMatch(
          new RegExp(`own: the change that ${method} returns must be the param.*, got `),
        );
      }
    }
    const message = await refusalOf({ ...rest, step: (g: never) => [g, new Map()] } as Stepper);
    expect(message).toContain('minimize: own: the state that step returns must be plain data');
    expect(await refusalOf({ ...rest, step: () => 3 } as never)).toContain(
      'own: step must return [change, state]',
    );
  });

  test('search', async () => {
    const { update: _, ...rest } = own;
    const searching = (search: unknown) => refusalOf({ ...rest, search } as never);
    expect(await searching(() => 3)).toContain('search must be a generator, got 3');
    for (const asked of [...wrong, [new FlatMatrix(2, 1)], [new FlatMatrix(2, 1), { over: 'x' }]]) {
      const message = await searching(function* () {
        yield asked;
      });
      expect(message).toContain('search must yield parameters and what it wants to know there');
    }
  });

  test('in a chain', async () => {
    const link = { ...own, kind: 'direction' } as const;
    const inChain = (change: object) =>
      refusalOf(chain({ ...link, ...change } as Stepper, descend(0.1)) as Stepper);
    expect(await inChain({ numbers: () => 3 })).toContain(
      'chain: numbers of own must return a list',
    );
    expect(await inChain({ init: () => new Map() })).toContain('init must be plain data');
    expect(await inChain({ update: () => [Symbol('x'), null] })).toMatch(/own|chain/);
  });
});
