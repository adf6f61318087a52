import { foreignName, spelled } from './foreign.ts';
import { nearest } from './nearest.ts';
import { type AnyOption, type At, holdsSettings, type Mode, type Option, read } from './option.ts';
import { isThenable, show } from './show.ts';

/**
 * One option for each setting of S: a key that is missing, or that S does not have, does not compile.
 * `Full` names the keys that are filled in, for a spec that is exported with its type written out.
 *
 * ```ts
 * const spec = { rate: positive(0.01), b1: fraction(0.9) } satisfies Spec<Settings>;
 * ```
 */
export type Spec<S, Full extends keyof S = never> = {
  readonly [K in keyof S]-?: Option<
    Exclude<S[K], undefined>,
    K extends Full ? 'filled' : ModeOf<S, K>
  >;
};

/** A key with a question mark may be left out; one that may hold undefined is for its spec to say. */
type ModeOf<S, K extends keyof S> =
  Partial<Pick<S, K>> extends Pick<S, K>
    ? 'optional' | 'filled'
    : undefined extends S[K]
      ? Mode
      : 'required';

type AnySpec<S> = { readonly [K in keyof S]-?: AnyOption };

/** The settings with everything filled in that the spec P has a fallback for. */
export type Settled<S, P extends AnySpec<S>> = {
  readonly [K in keyof S]-?: P[K] extends { readonly spec: infer Q; readonly mode: infer M }
    ? Q extends AnySpec<Exclude<S[K], undefined>>
      ? Settled<Exclude<S[K], undefined>, Q> | (M extends 'optional' ? undefined : never)
      : S[K]
    : P[K] extends { readonly mode: 'filled' }
      ? Exclude<S[K], undefined>
      : S[K];
};

/** What a door says beside its spec. */
export interface Door {
  /** How to write the call; made of the spec unless given. */
  readonly example?: string;
  /** What to do instead, by names that belong elsewhere: `{ weightDecay: 'use adamw' }`. */
  readonly foreign?: Readonly<Record<string, string>>;
}

/**
 * The settings of a call, checked and filled in. Throws an error that names the operation and the
 * setting: a TypeError for a name that there is not or a value of another kind, a RangeError for a
 * number out of bounds. Once for each call of a public function, never for each step.
 *
 * ```ts
 * const { rate, decay } = settle('momentum', settings, momentumSpec);
 * ```
 */
export function settle<S extends object, P extends AnySpec<NoInfer<S>>>(
  operation: string,
  given: S,
  spec: P,
  door: Door = {},
): Settled<S, P> {
  return settled({ operation, name: '' }, given, spec, door) as Settled<S, P>;
}

/**
 * Settings within settings: `stop: nested(stopSpec)`; always there, with what the inner spec fills in,
 * by `nested(stopSpec, {})`.
 */
export function nested<T extends object, P extends AnySpec<T>, F extends T | undefined = undefined>(
  spec: P,
  fallback?: F,
  door: Door = {},
): Option<T, [F] extends [undefined] ? 'optional' : 'filled'> & { readonly spec: P } {
  const names = Object.keys(spec);
  const inside = (value: unknown, at: At) => settled(at, value, spec, door);
  const one: AnyOption & { spec: P } = {
    mode: fallback === undefined ? 'optional' : 'filled',
    expected: `an object with ${names.slice(0, 4).join(', ')}${names.length > 4 ? ', …' : ''}`,
    accepts: holdsSettings,
    sample: door.example ?? sampleOf(spec),
    fallback: fallback && settled({ operation: '', name: '' }, fallback, spec, door),
    inside,
    spec,
  };
  return one as never;
}

function settled(at: At, given: unknown, spec: object, door: Door): Record<string, unknown> {
  const options = spec as Readonly<Record<string, AnyOption>>;
  const { operation, name: place } = at;
  if (!holdsSettings(given)) {
    const next = isThenable(given) ? 'await it first' : `write ${exampleOf(operation, spec, door)}`;
    throw new TypeError(`${operation}: the options must be an object, got ${show(given)}; ${next}`);
  }
  const prefix = place === '' ? '' : `${place}.`;
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(options, name)) continue;
    throw unknownOption(operation, prefix, name, Object.keys(options), door);
  }
  const result: Record<string, unknown> = {};
  for (const name of Object.keys(options)) {
    result[name] = read(options[name], given[name], { operation, name: prefix + name });
  }
  return result;
}

/** The error for a name that is not among the known ones, with what was probably meant. */
function unknownOption(
  operation: string,
  prefix: string,
  name: string,
  known: readonly string[],
  { foreign = {} }: Door,
): TypeError {
  const twin = known.find((own) => spelled(own) === spelled(name));
  const { ours, elsewhere } = foreignName(name, known);
  const near = twin ?? ours ?? (elsewhere === undefined ? nearest(name, known, 1)[0] : undefined);
  const own = Object.hasOwn(foreign, name) ? foreign[name] : undefined;
  const guess =
    near === undefined ? (elsewhere ?? 'leave it out') : `did you mean ${prefix}${near}?`;
  const list = known.length === 0 ? 'there are none' : `known: ${known.join(', ')}`;
  return new TypeError(
    `${operation}: unknown option ${prefix}${printable(name)}; ${own ?? guess} (${list})`,
  );
}

function printable(name: string): string {
  return /^[\w$]{1,60}$/.test(name) ? name : show(name);
}

function exampleOf(operation: string, spec: object, { example }: Door): string {
  return example ?? `${operation}(${sampleOf(spec)})`;
}

/** An object that would do: what is required, or else the first setting that has a sample. */
function sampleOf(spec: object): string {
  const entries = Object.entries(spec as Readonly<Record<string, AnyOption>>);
  const needed = entries.filter(([, { mode }]) => mode === 'required');
  const first = entries.filter(([, { sample }]) => sample !== undefined).slice(0, 1);
  const parts = (needed.length > 0 ? needed : first).map(([name, { sample }]) =>
    sample === undefined ? name : `${name}: ${sample}`,
  );
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
}
