import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  constant,
  cosine,
  exponential,
  inverseSqrt,
  inverseTime,
  linear,
  oneCycle,
  piecewise,
  polynomial,
  product,
  restart,
  type Schedule,
  sequence,
  stairs,
  warmUp,
} from '../src/index.ts';

const rate = fc.double({ min: 1e-6, max: 10, noNaN: true });
const steps = fc.integer({ min: 1, max: 1000 });
const step = fc.integer({ min: 0, max: 3000 });

/** Schedules of every kind that start at `rate` and never rise above it. */
const falling: fc.Arbitrary<[Schedule, number]> = fc
  .tuple(rate, steps, fc.double({ min: 0.01, max: 1, noNaN: true }), fc.integer({ min: 0, max: 7 }))
  .map(([rate, steps, share, kind]) => {
    const kinds: Schedule[] = [
      constant(rate),
      linear({ from: rate, to: rate * share, steps }),
      polynomial({ from: rate, to: rate * share, steps, power: 2, begin: 3 }),
      exponential(rate, { factor: share, steps }),
      stairs(rate, { every: steps, factor: share }),
      inverseTime(rate, { decay: share, steps }),
      inverseSqrt(rate, { decay: share }),
      cosine(rate, { steps, alpha: share }),
    ];
    return [kinds[kind], rate];
  });

describe('every falling schedule', () => {
  test('starts at its rate, stays at least 0 and never rises', () => {
    fc.assert(
      fc.property(falling, step, ([schedule, rate], t) => {
        expect(schedule(0)).toBeCloseTo(rate, 12);
        const now = schedule(t);
        expect(now).toBeGreaterThanOrEqual(0);
        expect(schedule(t + 1)).toBeLessThanOrEqual(now * (1 + 1e-12));
      }),
    );
  });

  test('joins its warm-up without a jump', () => {
    fc.assert(
      fc.property(falling, steps, ([schedule, rate], rise) => {
        const warm = warmUp(schedule, { steps: rise });
        expect(warm(0)).toBe(0);
        expect(warm(rise)).toBeCloseTo(rate, 12);
        expect(rate - warm(rise - 1)).toBeLessThanOrEqual((rate / rise) * (1 + 1e-9));
        expect(warm(rise + 7)).toBe(schedule(7));
      }),
    );
  });
});

test('each schedule has the values that its formula says', () => {
  expect(constant(0.1)(1000)).toBe(0.1);
  expect(linear({ from: 0, to: 0.1, steps: 5 })(1)).toBeCloseTo(0.02, 15);
  expect(polynomial({ from: 1, to: 0, power: 2, steps: 10 })(5)).toBe(0.25);
  expect(exponential(1, { factor: 0.5, steps: 10 })(20)).toBe(0.25);
  expect(exponential(1, { factor: 0.5, begin: 4 })(4)).toBe(1);
  expect(exponential(1, { factor: 0.5, limit: 0.3 })(9)).toBe(0.3);
  expect(exponential(1, { factor: 2, limit: 3 })(9)).toBe(3);
  expect(stairs(1, { every: 10, factor: 0.1 })(25)).toBeCloseTo(0.01, 15);
  expect(inverseTime(1, { decay: 0.5 })(2)).toBe(0.5);
  expect(inverseSqrt(1)(3)).toBe(0.5);
  expect(cosine(0.1, { steps: 20 })(10)).toBeCloseTo(0.05, 15);
  expect(piecewise(1, { 12: 0.5, 5: 0.1 })(12)).toBe(0.05);
  expect(restart(cosine(1, { steps: 10 }), 10)(10)).toBe(1);
  expect(product(constant(0.1), inverseSqrt(1))(3)).toBe(0.05);
  const three = sequence([constant(1), 2], [constant(2), 3], inverseTime(3));
  expect([0, 1, 2, 4, 5, 6].map(three)).toEqual([1, 1, 2, 2, 3, 1.5]);
});

test('one cycle goes the way of OneCycleLR of PyTorch 1.13', () => {
  const along = (schedule: Schedule, published: readonly number[]) => {
    for (const [t, rate] of published.entries()) {
      expect(Math.abs(schedule(t) - rate)).toBeLessThan(1e-15);
    }
    expect(schedule(1000)).toBeCloseTo(published[published.length - 1], 15);
  };
  along(
    oneCycle(0.1, { steps: 10 }),
    [
      0.0040000000000000036, 0.052000000000000005, 0.1, 0.09504846320134738, 0.0811745653949763,
      0.06112620219362893, 0.03887419780637107, 0.0188258346050237, 0.004951936798652629, 4e-7,
    ],
  );
  along(
    oneCycle(0.1, { steps: 10, threePhases: true }),
    [
      0.0040000000000000036, 0.052000000000000005, 0.1, 0.052000000000000005, 0.004,
      0.0036180721853510196, 0.0026181721853510195, 0.0013822278146489802, 0.0003823278146489803,
      4e-7,
    ],
  );
  const slow = {
    steps: 10,
    shape: 'linear',
    rise: 0.4,
    startDivisor: 10,
    endDivisor: 100,
  } as const;
  along(
    oneCycle(0.1, slow),
    [
      0.01, 0.04, 0.07, 0.1, 0.08335000000000001, 0.06670000000000001, 0.050050000000000004,
      0.03340000000000001, 0.01675, 0.0001,
    ],
  );
  along(
    oneCycle(0.1, { steps: 7, shape: 'linear', rise: 0.33, threePhases: true }),
    [
      0.004, 0.0772824427480916, 0.049435114503816796, 0.003550340828402367, 0.0023670272189349117,
      0.0011837136094674555, 4e-7,
    ],
  );
});

test('bad arguments are refused with a message that says what to write', () => {
  expect(() => constant(-1)).toThrow('constant: rate must be a number of at least 0, got -1');
  expect(() => cosine(1, { steps: 0 })).toThrow(
    'cosine: steps must be a whole number from 1, got 0',
  );
  expect(() => stairs(1, { every: 2, factor: 0 })).toThrow('factor must be a positive number');
  expect(() => piecewise(1, { 1.5: 2 })).toThrow(
    'piecewise: boundary must be a whole number from 0',
  );
  expect(() => warmUp(0.1 as never, { steps: 2 })).toThrow('write constant(0.1) for a fixed rate');
  expect(() => oneCycle(0.1, { steps: 3 })).toThrow('rise must leave steps for every phase of 3');
  expect(() => oneCycle(0.1, { steps: 9, rise: 0.6, threePhases: true })).toThrow('got 0.6');
  expect(() => sequence(1 as never)).toThrow('sequence: the schedule must be a function');
});
