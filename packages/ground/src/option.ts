import { isPlain, isThenable, show } from './show.ts';

/** Whether a setting must be given, may be left out, or is filled in where it is left out. */
export type Mode = 'required' | 'optional' | 'filled';

/** What one setting may be: `positive(0.01)` is a positive number, and 0.01 where none is given. */
export interface Option<T, M extends Mode = Mode> {
  readonly mode: M;
  /** What is expected, after 'must be': `a positive number`. */
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
  /** A value that would do, as it is written. */
  readonly sample?: string | undefined;
  /** What to do instead; made of the sample unless given, or where it returns undefined. */
  readonly advice?: string | ((value: unknown) => string | undefined) | undefined;
  readonly fallback?: T | undefined;
  /** Checks what is inside of an accepted value; gives what the caller gets. */
  readonly inside?: ((value: unknown, at: At) => unknown) | undefined;
  /** Never present: an option takes exactly T. */
  readonly takes?: (value: T) => T;
}

// biome-ignore lint/suspicious/noExplicitAny: an option of whatever type
export type AnyOption = Option<any>;

/** Where a value was given. */
export interface At {
  readonly operation: string;
  /** `rate`, `stop.steps`, `features[2]` */
  readonly name: string;
}

/** What an option of one's own says about itself. */
export type Wording = Pick<Option<unknown>, 'expected' | 'accepts' | 'sample' | 'advice'> & {
  readonly inside?: Option<unknown>['inside'];
};

/** The optional or filled option, by whether a fallback is passed. */
type Made<T, F> = Option<T, [F] extends [undefined] ? 'optional' : 'filled'>;

/**
 * An option of one's own.
 *
 * ```ts
 * option<Stepper>({ expected: 'a stepper', accepts: isStepper, sample: 'adam()' });
 * ```
 */
export function option<T, F extends T | undefined = undefined>(
  wording: Wording,
  fallback?: F,
): Made<T, F> {
  const mode = fallback === undefined ? 'optional' : 'filled';
  return { ...wording, mode, fallback } as unknown as Made<T, F>;
}

/** The same option, which must be given. */
export function required<T>(one: Option<T>): Option<T, 'required'> {
  return { ...one, mode: 'required', fallback: undefined };
}

/** The same option with other words for what to do. */
export function advised<T, M extends Mode>(
  one: Option<T, M>,
  advice: NonNullable<Option<T>['advice']>,
): Option<T, M> {
  return { ...one, advice };
}

/**
 * What either of two options takes; the first one's fallback, unless another is given.
 *
 * ```ts
 * either(oneOf(['auto']), positive(), 'auto');
 * ```
 */
export function either<A, B, F extends A | B | undefined = undefined>(
  a: Option<A>,
  b: Option<B>,
  fallback?: F,
): Made<A | B, F> {
  const { advice } = b;
  return option<A | B, F>(
    {
      expected: `${a.expected} or ${b.expected}`,
      accepts: (x) => a.accepts(x) || b.accepts(x),
      sample: a.sample ?? b.sample,
      advice: a.advice ?? advice,
      inside: (x, at) => (a.accepts(x) ? inner(a, x, at) : inner(b, x, at)),
    },
    fallback,
  );
}

/** The value, or an error that says what was expected. */
export function read(one: AnyOption, value: unknown, at: At): unknown {
  if (value === undefined && one.mode !== 'required') return one.fallback;
  if (!one.accepts(value)) throw wrongValue(one, value, at);
  return inner(one, value, at);
}

function inner(one: AnyOption, value: unknown, at: At): unknown {
  return one.inside === undefined ? value : one.inside(value, at);
}

function wrongValue(one: AnyOption, value: unknown, at: At): Error {
  const own = typeof one.advice === 'function' ? one.advice(value) : one.advice;
  const out = one.mode === 'required' ? '' : 'leave it out';
  const sample = one.sample === undefined ? '' : `try ${one.sample}`;
  const both = [sample, out].filter((part) => part !== '').join(', or ');
  const next = own ?? (both === '' ? 'see the documentation of its type' : both);
  const advice = isThenable(value) ? 'await it first' : next;
  return refusal(at.operation, `${at.name} must be ${one.expected}`, value, advice);
}

/**
 * The error for a wrong value: a RangeError for a number, a TypeError for anything else.
 *
 * ```ts
 * throw refusal('chain', 'link 2 must be a stepper', link, 'call it: adam()');
 * ```
 */
export function refusal(
  operation: string,
  expectation: string,
  got: unknown,
  advice: string,
): TypeError | RangeError {
  const message = `${operation}: ${expectation}, got ${show(got)}; ${advice}`;
  return typeof got === 'number' ? new RangeError(message) : new TypeError(message);
}

/**
 * An argument in its place, checked; what it is where it was left out, if the option has a fallback.
 *
 * ```ts
 * argument('accumulate', 'decay', decay, required(fraction()));
 * ```
 */
export function argument<T, M extends Mode>(
  operation: string,
  name: string,
  value: unknown,
  one: Option<T, M>,
): M extends 'optional' ? T | undefined : T {
  return read(one, value, { operation, name }) as T;
}

/** Whether a value can hold settings: an object that is neither a list nor a promise. */
export function holdsSettings(x: unknown): x is Readonly<Record<string, unknown>> {
  if (isPlain(x)) return !isThenable(x);
  return typeof x === 'object' && x !== null && !(Symbol.iterator in x) && !isThenable(x);
}
