import { FlatMatrix } from '@steepest/autodiff';
import fc from 'fast-check';
import { Matrix } from 'ml-matrix';
import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  accumulate,
  adam,
  byMoments,
  chain,
  clipByGlobalNorm,
  clipByValue,
  decayWeights,
  descend,
  entrywise,
  freeze,
  groups,
  type MomentsState,
  masked,
  momentum,
  type Stepper,
  scale,
  sgd,
  type VelocityState,
} from '../../src/index.ts';
import { takeStep } from '../../src/take-step.ts';
import { norm } from '../../src/vectors.ts';
import { pointAt, trajectory } from '../support/point.ts';
import { expectClose, flat, gradients, start } from '../support/reference.ts';

const entries = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
  minLength: 1,
  maxLength: 8,
});
const links: (() => Stepper)[] = [
  () => scale(0.5),
  () => accumulate(0.5),
  () => byMoments(),
  () => clipByGlobalNorm(1),
  () => clipByValue(0.3),
  () => decayWeights(0.1),
];
const link = fc.nat(links.length - 1).map((i) => links[i]());
const column = (x: number[]) => new FlatMatrix(x.length, 1, x);

describe('chain', () => {
  test('is associative', () => {
    fc.assert(
      fc.property(link, link, link, entries, (a, b, c, x) => {
        const steps = [column(x), column(x.map((g) => -g / 3)), column(x)];
        const left = trajectory(chain(chain(a, b), c), column(x), steps);
        const right = trajectory(chain(a, chain(b, c)), column(x), steps);
        const flatly = trajectory(chain(a, b, c), column(x), steps);
        expect(left.after).toEqual(right.after);
        expect(left.after).toEqual(flatly.after);
      }),
    );
  });

  test('has the tuple of its parts states as state', () => {
    expectTypeOf(chain(accumulate(0.9), descend(1))).toEqualTypeOf<
      Stepper<[VelocityState, null]>
    >();
    const stepper = chain(accumulate(0.9), descend(1));
    expectTypeOf(stepper.init(0)[0].velocity).toBeUnknown();
    expectTypeOf(adam().init(0)[0]).toEqualTypeOf<MomentsState>();
    expect(stepper.init(2)).toEqual([{ velocity: 0 }, null]);
  });

  test('is named after its parts and reports the last learning rate', () => {
    const stepper = chain(clipByValue(1), momentum({ rate: 0.25 }));
    expect(stepper.name).toBe('chain(clipByValue, momentum)');
    expect(chain(accumulate(0.9), descend(1)).name).toBe('chain(accumulate, descend)');
    expect(stepper.rate?.(7)).toBe(0.25);
    expect(chain(clipByValue(1)).rate).toBeUndefined();
    expect(() => chain()).toThrow('chain: expected at least one stepper');
  });
});

describe('clipping', () => {
  test('by the global norm never exceeds it and keeps the direction', () => {
    fc.assert(
      fc.property(entries, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (x, limit) => {
        const g = { w: column(x), b: x[0] };
        const [clipped] = takeStep(clipByGlobalNorm(limit), g, null, g, pointAt(0, g));
        expect(norm(clipped)).toBeLessThanOrEqual(limit * (1 + 1e-12));
        if (norm(g) <= limit) expect(clipped).toEqual(g);
        else expectClose([clipped.b * norm(g)], [g.b * limit], 1e-9);
      }),
    );
  });

  test('by value leaves each entry within the limit', () => {
    fc.assert(
      fc.property(entries, (x) => {
        const [clipped] = takeStep(
          clipByValue(0.5),
          column(x),
          null,
          column(x),
          pointAt(0, column(x)),
        );
        clipped.data.forEach((c, i) => {
          expect(c).toBe(Math.abs(x[i]) > 0.5 ? Math.sign(x[i]) * 0.5 : x[i]);
        });
      }),
    );
  });

  test('leaves NaN to be found by the loop', () => {
    const g = column([NaN, 1]);
    expect(takeStep(clipByGlobalNorm(1), g, null, g, pointAt(0, g))[0].data[0]).toBeNaN();
    expect(takeStep(clipByValue(1), g, null, g, pointAt(0, g))[0].data[0]).toBeNaN();
  });
});

describe('masks and groups', () => {
  const nested = { layers: [{ w: column([1, 2]), b: 3 }], 'a b': 4 };
  const ones = { layers: [{ w: column([1, 1]), b: 1 }], 'a b': 1 };

  test('a mask passes the other leaves on unchanged', () => {
    const [change] = takeStep(
      masked(scale(10), (path) => path === 'layers[0].b'),
      ones,
      null,
      nested,
      pointAt(0, ones),
    );
    expect(change).toEqual({ layers: [{ w: column([1, 1]), b: 10 }], 'a b': 1 });
  });

  test('decay can leave the intercept alone', () => {
    const { after } = trajectory(
      chain(
        decayWeights(0.5, (path) => path === 'w'),
        descend(0.1),
      ),
      start,
      gradients,
    );
    const plain = trajectory(sgd({ rate: 0.1 }), start, gradients).after;
    expect(after[24].b).toEqual(plain[24].b);
    expect(after[24].w).not.toEqual(plain[24].w);
  });

  test('groups step each leaf as its own stepper would alone', () => {
    const stepper = groups({ slow: momentum({ rate: 0.01 }), fast: adam({ rate: 0.1 }) }, (path) =>
      path === 'w' ? 'slow' : 'fast',
    );
    const { after, state } = trajectory(stepper, start, gradients);
    const slow = trajectory(momentum({ rate: 0.01 }), start, gradients).after;
    const fast = trajectory(adam({ rate: 0.1 }), start, gradients).after;
    expect(after[24]).toEqual({ w: slow[24].w, b: fast[24].b });
    expect(stepper.rate?.(24)).toBe(0.01);
    expectTypeOf(state.fast[0]).toEqualTypeOf<MomentsState>();
  });

  test('frozen parameters stand still', () => {
    const stepper = groups({ on: sgd({ rate: 1 }), off: freeze() }, (path) =>
      path === 'b' ? 'off' : 'on',
    );
    expect(trajectory(stepper, start, gradients).after[24].b).toEqual(start.b);
  });

  test('a leaf in a group that does not exist is named', () => {
    const stepper = groups(
      { on: sgd({ rate: 1 }) },
      (path) => (path === 'b' ? 'of' : 'on') as 'on',
    );
    expect(() => stepper.init(start)).toThrow(
      'groups: b was put into "of", but the groups are "on"',
    );
  });
});

test('parameters may be numbers, any matrices and nested structures of them', () => {
  const params = { w: new Matrix([[1, 2]]), list: [3], name: 'kept' };
  const gradient = { w: new FlatMatrix(1, 2, [1, 1]), list: [1], name: 'kept' };
  const [change, state] = takeStep(
    adam({ rate: 1 }),
    gradient,
    adam().init(params),
    params as unknown as typeof gradient,
    pointAt(0, gradient),
  );
  expectClose([...change.w.data, ...change.list], [-1, -1, -1], 1e-7);
  expect(change.name).toBe('kept');
  expect(state[0].first).toMatchObject({ list: [0.09999999999999998] });
});

test('structures that differ are refused, naming the leaf', () => {
  const fill = (out: Float64Array, a: Float64Array) => out.set(a);
  const a = { w: column([1, 2]), b: 1 };
  expect(() => entrywise(fill, a, { w: column([1, 2, 3]), b: 1 })).toThrow(
    'stepper: the structures differ at w: beside 2×1 there is 3×1',
  );
  expect(() => entrywise(fill, a, { w: column([1, 2]) })).toThrow(
    'differ at b: beside 1×1 there is nothing',
  );
  expect(() => takeStep(sgd({ rate: 1 }), a, null, a, pointAt(0, a))).not.toThrow();
});

test('settings out of range are refused, naming the stepper and the setting', () => {
  expect(() => sgd({ rate: 0 })).toThrow(
    'sgd: rate must be a positive number or a function (step) => rate, got 0; try 0.01',
  );
  expect(() => adam({ rate: NaN })).toThrow(
    'adam: rate must be a positive number or a function (step) => rate, got NaN',
  );
  expect(() => momentum({ rate: 1, decay: 1 })).toThrow(
    'momentum: decay must be a number in [0, 1), got 1; try 0.9',
  );
  expect(() => adam({ b2: 1.1 })).toThrow('adam: b2 must be a number in [0, 1), got 1.1');
  expect(() => scale(Infinity)).toThrow('scale: factor must be a finite number');
  expect(() => clipByGlobalNorm(-1)).toThrow('clipByGlobalNorm: limit must be a positive number');
  const wrong = sgd({ rate: () => NaN });
  expect(() => takeStep(wrong, 1, null, 1, pointAt(3, 1))).toThrow(
    "sgd: the rate schedule must give a number of at least 0, got NaN; check the schedule's arguments (at step 3)",
  );
});

test('steps are pure: the same input gives the same output, and flat parameters keep their bytes', () => {
  const before = flat(start);
  const stepper = adam();
  const state = stepper.init(start);
  const a = takeStep(stepper, gradients[0], state, start, pointAt(0, gradients[0]));
  const b = takeStep(stepper, gradients[0], state, start, pointAt(0, gradients[0]));
  expect(a).toEqual(b);
  expect(flat(start)).toEqual(before);
});
