import { type At, type Option, option, read } from './option.ts';
import { isCallable, show } from './show.ts';

/** An option that is filled in where a fallback is given, and optional where none is. */
type Filled<T, F> = Option<T, [F] extends [undefined] ? 'optional' : 'filled'>;
type Maybe<T> = T | undefined;

const isNumber = (x: unknown): x is number => typeof x === 'number';

/** A number greater than 0 and finite. */
export function positive<F extends Maybe<number> = undefined>(fallback?: F): Filled<number, F> {
  const accepts = (x: unknown) => isNumber(x) && x > 0 && x < Infinity;
  return numeric('a positive number', accepts, fallback ?? 0.01, fallback);
}

/** A finite number of at least 0. */
export function nonNegative<F extends Maybe<number> = undefined>(fallback?: F): Filled<number, F> {
  const accepts = (x: unknown) => isNumber(x) && x >= 0 && x < Infinity;
  return numeric('a number of at least 0', accepts, fallback ?? 0, fallback);
}

/** A number in [0, 1): what a memory keeps per step. */
export function fraction<F extends Maybe<number> = undefined>(fallback?: F): Filled<number, F> {
  const accepts = (x: unknown) => isNumber(x) && x >= 0 && x < 1;
  return numeric('a number in [0, 1)', accepts, fallback ?? 0.9, fallback);
}

/** A number in (0, 1): a share that is neither nothing nor all. */
export function share<F extends Maybe<number> = undefined>(fallback?: F): Filled<number, F> {
  const accepts = (x: unknown) => isNumber(x) && x > 0 && x < 1;
  return numeric('a number between 0 and 1', accepts, fallback ?? 0.5, fallback);
}

/** Any number but NaN and the infinities. */
export function finite<F extends Maybe<number> = undefined>(fallback?: F): Filled<number, F> {
  return numeric('a finite number', Number.isFinite, fallback ?? 0, fallback);
}

/** A whole number from `least` to `most`. */
export function wholeNumber<F extends Maybe<number> = undefined>(
  least = 1,
  fallback?: F,
  most: number = Number.MAX_SAFE_INTEGER,
): Filled<number, F> {
  const accepts = (x: unknown) => Number.isSafeInteger(x) && isNumber(x) && x >= least && x <= most;
  const to = most === Number.MAX_SAFE_INTEGER ? '' : ` to ${most}`;
  return numeric(`a whole number from ${least}${to}`, accepts, fallback ?? least, fallback);
}

/** A whole number of at most 32 bits, of either sign: what decides what is random. */
export function seed<F extends Maybe<number> = undefined>(fallback?: F): Filled<number, F> {
  return option<number, F>(
    {
      expected: 'a whole number of at most 32 bits',
      accepts: (x) => isNumber(x) && Number.isInteger(x) && x >= -(2 ** 31) && x < 2 ** 32,
      sample: '1',
      advice: 'any fixed one will do, such as 1',
    },
    fallback,
  );
}

/** Infinity: `either(wholeNumber(), never(), Infinity)`, where there may be no limit. */
export function infinite(): Option<number, 'optional'> {
  return option({ expected: 'Infinity', accepts: (x) => x === Infinity, sample: 'Infinity' });
}

/** One of these values: texts, numbers, true, false, null. */
export function oneOf<
  const T extends string | number | boolean | null,
  F extends NoInfer<T> | undefined = undefined,
>(values: readonly T[], fallback?: F): Filled<T, F> {
  const words = values.map(show);
  const expected = words.length === 1 ? words[0] : `one of ${words.join(', ')}`;
  const accepts = (x: unknown) => values.includes(x as T);
  return option<T, F>({ expected, accepts, sample: show(fallback ?? values[0]) }, fallback);
}

/** true or false. */
export function boolean<F extends Maybe<boolean> = undefined>(fallback?: F): Filled<boolean, F> {
  const accepts = (x: unknown) => typeof x === 'boolean';
  return option<boolean, F>({ expected: 'true or false', accepts }, fallback);
}

/** A text; `expected` and `sample` say which. */
export function text<F extends Maybe<string> = undefined>(
  fallback?: F,
  { expected = 'a text', sample }: { expected?: string; sample?: string } = {},
): Filled<string, F> {
  return option<string, F>({ expected, accepts: (x) => typeof x === 'string', sample }, fallback);
}

/** A function; `form` says of what: `(params, batch) => loss`. */
export function callback<T extends (...args: never[]) => unknown>(
  form = '',
): Option<T, 'optional'> {
  return option<T>({
    expected: form === '' ? 'a function' : `a function ${form}`,
    accepts: isCallable,
    sample: form === '' ? undefined : form,
  });
}

/** An AbortSignal. */
export function signal(): Option<AbortSignal, 'optional'> {
  const given = (x: unknown) => x as Partial<AbortSignal> | null | undefined;
  return option<AbortSignal>({
    expected: 'an AbortSignal',
    accepts: (x) =>
      typeof given(x)?.aborted === 'boolean' && typeof given(x)?.addEventListener === 'function',
    sample: 'AbortSignal.timeout(10_000)',
    advice: (x) => ('signal' in Object(x) ? 'pass controller.signal' : undefined),
  });
}

/** A value that is looked at elsewhere. */
// biome-ignore lint/suspicious/noExplicitAny: it stands for the setting's own type
export function anything(): Option<any, 'optional'> {
  return option({ expected: 'anything', accepts: () => true });
}

/** A list, each item as `one` says. */
export function listOf<T>(
  one: Option<T>,
  { least = 0 }: { least?: number } = {},
): Option<readonly T[], 'optional'> {
  return option<readonly T[]>({
    expected: `a list, each ${one.expected}`,
    accepts: (x) => Array.isArray(x) && x.length >= least,
    sample: one.sample === undefined ? undefined : `[${one.sample}]`,
    inside: (x, at: At) =>
      Array.from(x as unknown[], (item, i) =>
        read({ ...one, mode: 'required' }, item, {
          ...at,
          name: `${at.name}[${i}]`,
        }),
      ),
  });
}

function numeric<F extends Maybe<number>>(
  expected: string,
  accepts: (x: unknown) => boolean,
  sample: number,
  fallback: F | undefined,
): Filled<number, F> {
  return option<number, F>({ expected, accepts, sample: String(sample) }, fallback);
}
