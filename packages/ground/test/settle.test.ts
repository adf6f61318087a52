import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  anything,
  argument,
  boolean,
  callback,
  either,
  fraction,
  infinite,
  listOf,
  nested,
  oneOf,
  option,
  positive,
  required,
  type Spec,
  seed,
  settle,
  signal,
  text,
  wholeNumber,
} from '../src/index.ts';

type Schedule = (step: number) => number;

interface Settings {
  readonly rate: number | Schedule;
  readonly decay?: number | undefined;
  readonly last?: 'keep' | 'drop';
  readonly patience?: number | undefined;
  readonly stop?: Stop | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly names?: readonly string[] | undefined;
}

interface Stop {
  readonly steps?: number | undefined;
  readonly noProgress?: { readonly relative?: number | undefined } | undefined;
}

const noProgress = { relative: positive(1e-9) } satisfies Spec<NonNullable<Stop['noProgress']>>;
const stop = { steps: wholeNumber(0), noProgress: nested(noProgress) } satisfies Spec<Stop>;
const rate = either(positive(), callback<Schedule>('(step) => rate'));
const spec = {
  rate: required(rate),
  decay: fraction(0.9),
  last: oneOf(['keep', 'drop'], 'keep'),
  patience: either(wholeNumber(), infinite(), Infinity),
  stop: nested(stop, {}, { foreign: { epochs: 'give epochs beside stop' } }),
  signal: signal(),
  names: listOf(text()),
} satisfies Spec<Settings>;
const door = { foreign: { weightDecay: 'chain decayWeights(0.001) before it' } };

const read = (given: unknown) => settle('train', given as Settings, spec, door);

describe('settle', () => {
  it('fills in what was left out, also inside of a nested object, and changes nothing given', () => {
    const given = Object.freeze({ rate: 0.1, decay: undefined });
    expect(settle('train', given, spec, door)).toEqual({
      rate: 0.1,
      decay: 0.9,
      last: 'keep',
      patience: Infinity,
      stop: { steps: undefined, noProgress: undefined },
      signal: undefined,
      names: undefined,
    });
    expect(read({ rate: 1, stop: { noProgress: {} } }).stop.noProgress?.relative).toBe(1e-9);
  });

  it.each([
    [
      { rate: -1 },
      'train: rate must be a positive number or a function (step) => rate, got -1; try 0.01',
    ],
    [{}, /^train: rate must be .*, got undefined; try 0.01$/],
    [
      { rate: 1, decay: 1 },
      'train: decay must be a number in [0, 1), got 1; try 0.9, or leave it out',
    ],
    [{ rate: 1, decay: null }, /decay must be .*, got null; try 0.9, or leave it out/],
    [
      { rate: 1, decay: Promise.resolve(1) },
      /decay must be .* got a promise \(await it\); await it/,
    ],
    [
      { rate: 1, last: 'no' },
      'train: last must be one of "keep", "drop", got "no"; try "keep", or leave it out',
    ],
    [
      { rate: 1, stop: { steps: 1.5 } },
      /^train: stop.steps must be a whole number from 0, got 1.5/,
    ],
    [
      { rate: 1, stop: { noProgress: { relative: 'x' } } },
      /stop.noProgress.relative must be a positive/,
    ],
    [{ rate: 1, stop: 7 }, /stop must be an object with steps, noProgress, got 7/],
    [{ rate: 1, names: ['a', 2] }, /names\[1\] must be a text, got 2/],
    [{ rate: 1, names: [undefined] }, /names\[0\] must be a text, got undefined/],
    [
      { rate: 1, signal: new AbortController() },
      /signal must be an AbortSignal, .*; pass controller.signal/,
    ],
    [null, 'train: the options must be an object, got null; write train({ rate: 0.01 })'],
    [undefined, /must be an object, got undefined/],
    [[1, 2], /must be an object, got an array of 2/],
    [new Map(), /must be an object, got an object of Map/],
    [Promise.resolve({}), /must be an object, got a promise .*; await it first/],
    ['adam', /must be an object, got "adam"/],
  ])('refuses %o', (given, message) => {
    expect(() => read(given)).toThrow(message);
  });

  it('tells numbers that are out of bounds (RangeError) from other kinds of value (TypeError)', () => {
    expect(() => read({ rate: 0 })).toThrow(RangeError);
    expect(() => read({ rate: '0.1' })).toThrow(TypeError);
  });

  it.each([
    ['ratee', 'did you mean rate?'],
    ['lr', 'did you mean rate?'],
    ['learning_rate', 'did you mean rate?'],
    ['learningRate', 'did you mean rate?'],
    ['momentum', 'did you mean decay?'],
    ['n_iter_no_change', 'did you mean patience?'],
    ['Decay', 'did you mean decay?'],
    ['weightDecay', 'chain decayWeights(0.001) before it'],
    ['batch_size', 'the size of a batch is given to minibatches({ size: 32 })'],
    ['zzz', 'leave it out (known: rate, decay, last'],
    ['__proto__x', 'unknown option __proto__x'],
    ['two words', 'unknown option "two words"'],
  ])('an unknown name, %s, is refused with what to do', (name, advice) => {
    expect(() => read({ rate: 1, [name]: 1 })).toThrow(advice);
  });

  it('finds names of other libraries by their meaning, whatever their spelling', () => {
    const seeded = { seed: seed(0), maxSteps: wholeNumber() };
    const call = (given: object) => settle('minimize', given, seeded as never);
    expect(() => call({ random_state: 1 })).toThrow('did you mean seed?');
    expect(() => call({ max_iter: 1 })).toThrow('did you mean maxSteps?');
    expect(() => call({ lr: 1 })).toThrow('set in the optimizer: adam({ rate: 0.01 })');
  });

  it('a nested name is refused with its place, and its own advice', () => {
    expect(() => read({ rate: 1, stop: { step: 1 } })).toThrow('did you mean stop.steps?');
    expect(() => read({ rate: 1, stop: { epochs: 1 } })).toThrow('give epochs beside stop');
  });
});

describe('argument', () => {
  it('checks one value in its place', () => {
    expect(argument('accumulate', 'decay', undefined, fraction(0.5))).toBe(0.5);
    expect(() => argument('accumulate', 'decay', undefined, required(fraction()))).toThrow(
      'accumulate: decay must be a number in [0, 1), got undefined; try 0.9',
    );
  });

  it('takes an option of one’s own, whose advice may depend on the value', () => {
    const stepper = option<object>({
      expected: 'a stepper',
      accepts: (x) => typeof x === 'object' && x !== null,
      sample: 'adam()',
      advice: (x) => (typeof x === 'function' ? `call it: ${x.name}()` : undefined),
    });
    function adam(): void {}
    expect(() => argument('chain', 'link 1', adam as never, stepper)).toThrow(
      'chain: link 1 must be a stepper, got the function adam; call it: adam()',
    );
    expect(() => argument('chain', 'link 1', 3 as never, stepper)).toThrow('try adam(), or leave');
  });
});

describe('types', () => {
  it('what has a fallback is there; what has none may be undefined', () => {
    const settled = read({ rate: 1 });
    expectTypeOf(settled.rate).toEqualTypeOf<number | Schedule>();
    expectTypeOf(settled.decay).toEqualTypeOf<number>();
    expectTypeOf(settled.last).toEqualTypeOf<'keep' | 'drop'>();
    expectTypeOf(settled.stop.steps).toEqualTypeOf<number | undefined>();
    expectTypeOf(settled.stop.noProgress).toEqualTypeOf<
      { readonly relative: number } | undefined
    >();
    expectTypeOf(settled.signal).toEqualTypeOf<AbortSignal | undefined>();
  });

  it('a key too few, a key too many, and an option of another type do not compile', () => {
    interface Two {
      readonly a: number;
      readonly b?: 'x' | 'y' | undefined;
    }
    const a = required(positive());
    const b = oneOf(['x', 'y']);
    const right = { a, b } satisfies Spec<Two>;
    // @ts-expect-error b is missing
    const few = { a } satisfies Spec<Two>;
    // @ts-expect-error c is none of Two's
    const many = { a, b, c: positive() } satisfies Spec<Two>;
    // @ts-expect-error a is a number
    const other = { a: required(text()), b } satisfies Spec<Two>;
    // @ts-expect-error b takes 'y' as well
    const narrow = { a, b: oneOf(['x']) } satisfies Spec<Two>;
    // @ts-expect-error a must be given
    const lax = { a: positive(), b } satisfies Spec<Two>;
    // @ts-expect-error 'z' is none of the values
    oneOf(['x', 'y'], 'z');
    const full: Spec<Settings, 'decay'> = { ...spec };
    expectTypeOf(settle('x', { rate: 1 } as Settings, full).decay).toEqualTypeOf<number>();
    expect([right, few, many, other, narrow, lax, boolean()].length).toBe(7);
  });
});

it('keeps the type parameters of a generic interface', () => {
  interface Run<P> {
    readonly params: P;
    readonly check?: ((params: P) => boolean) | undefined;
    readonly every?: number | undefined;
  }
  const run = {
    params: required(anything()),
    check: callback(),
    every: wholeNumber(1, 1),
  } satisfies Spec<Run<unknown>>;
  const settled = <P>(given: Run<P>) => settle('run', given, run);
  const { params, check, every } = settled({ params: { w: 1 } });
  expectTypeOf(params).toEqualTypeOf<{ w: number }>();
  expectTypeOf(check).toEqualTypeOf<((params: { w: number }) => boolean) | undefined>();
  expectTypeOf(every).toEqualTypeOf<number>();
  expect(every).toBe(1);
});
