import {
  advised,
  argument,
  listOf,
  nested,
  type Option,
  oneOf,
  type Spec,
  settle,
  text as textOption,
} from '@steepest/ground';
import { dateFormat } from '../date-format.ts';

/**
 * What to do with a missing cell: refuse the file, drop the row, keep the hole (NaN in a number column,
 * null elsewhere) for `impute` to fill later, or fill a number column's holes with its mean at once.
 */
export type MissingPolicy = (typeof missingPolicies)[number];
export const missingPolicies = ['error', 'drop', 'keep', 'mean'] as const;

/** Which cells count as missing, compared exactly after trimming, and what to do with them. */
export interface Missing<P extends MissingPolicy = MissingPolicy> {
  readonly tokens?: readonly string[];
  readonly policy?: P;
}

/** Cells with no policy of their own that are empty, NA, N/A, NaN, null, none, ? and so on. */
export interface NumberColumn {
  readonly type: 'number';
  readonly missing?: Missing;
}

/** One of a few labels. `levels` fixes them and their order; without it they are collected and sorted. */
export interface CategoryColumn<L extends string = string, P extends Holes = Holes> {
  readonly type: 'category';
  readonly levels?: readonly L[];
  readonly missing?: Missing<P>;
}

/** True or false, in any case, or the words declared instead. */
export interface BooleanColumn<P extends Holes = Holes> {
  readonly type: 'boolean';
  readonly true?: readonly string[];
  readonly false?: readonly string[];
  readonly missing?: Missing<P>;
}

/** A date, or a date and a time: ISO 8601 unless a format is stated; kept as milliseconds since 1970 in UTC. */
export interface DateColumn<P extends Holes = Holes> {
  readonly type: 'date';
  readonly format?: string;
  readonly missing?: Missing<P>;
}

/** Free text, kept as it is. Nothing in it counts as missing unless tokens are declared. */
export interface TextColumn<P extends Holes = Holes> {
  readonly type: 'text';
  readonly missing?: Missing<P>;
}

/** A column that is not read; it may hold anything. */
export interface IgnoredColumn {
  readonly type: 'ignored';
}

export type Column =
  | NumberColumn
  | CategoryColumn
  | BooleanColumn
  | DateColumn
  | TextColumn
  | IgnoredColumn;

type Holes = Exclude<MissingPolicy, 'mean'>;
const holePolicies = ['error', 'drop', 'keep'] as const;

/** What number() takes. */
export interface NumberOptions {
  readonly missing?: Missing;
}

/** What category() and text() take. */
export interface HoleOptions<P extends Holes = Holes> {
  readonly missing?: Missing<P>;
}

/** What boolean() takes: words other than true and false, and what counts as missing. */
export interface BooleanOptions<P extends Holes = Holes> extends HoleOptions<P> {
  readonly true?: readonly string[];
  readonly false?: readonly string[];
}

/** What date() takes: a format other than ISO 8601, and what counts as missing. */
export interface DateOptions<P extends Holes = Holes> extends HoleOptions<P> {
  readonly format?: string;
}

const word = textOption();

function missingOption<P extends MissingPolicy>(
  policies: readonly P[],
): Option<Missing<P>, 'optional'> {
  return nested<Missing<P>, Spec<Missing<P>>>({
    tokens: listOf(word),
    policy: advised(
      oneOf(policies),
      "to fill holes in other ways, read with 'keep' and use impute()",
    ),
  });
}

/**
 * A column of finite decimal numbers.
 *
 * @example
 * number() // strict: a missing cell is an error
 * number({ missing: { tokens: ['-99'], policy: 'keep' } }) // holes are NaN until imputed
 */
export function number(options: NumberOptions = {}): NumberColumn {
  settle('number', options, { missing: missingOption(missingPolicies) });
  return { type: 'number', ...options };
}

/**
 * A column of labels. Without `levels` they are collected while reading: in numeric order if all are
 * numbers, otherwise in the order of their code units.
 *
 * @example
 * category(['setosa', 'versicolor', 'virginica']) // Row type: 'setosa' | 'versicolor' | 'virginica'
 * category() // Row type: string
 */
export function category<const L extends string = string, const P extends Holes = 'error'>(
  levels?: readonly L[],
  options: HoleOptions<P> = {},
): CategoryColumn<L, NoInfer<P>> {
  argument('category', 'levels', levels, listOf(word));
  settle('category', options, { missing: missingOption(holePolicies) });
  return levels === undefined
    ? { type: 'category', ...options }
    : { type: 'category', levels, ...options };
}

/**
 * A column of truth values: `true` and `false` in any case, unless other words are given.
 *
 * @example
 * boolean()
 * boolean({ true: ['yes'], false: ['no'] })
 */
export function boolean<const P extends Holes = 'error'>(
  options: BooleanOptions<P> = {},
): BooleanColumn<NoInfer<P>> {
  const words = listOf(word);
  settle('boolean', options, {
    true: words,
    false: words,
    missing: missingOption(holePolicies),
  } satisfies Spec<BooleanOptions>);
  return { type: 'boolean', ...options };
}

/**
 * A column of dates, or dates with times: ISO 8601, or a format of YYYY, MM or M, DD or D, HH or H, mm,
 * ss, SSS and signs between them. Cells are kept as milliseconds since 1970; a time without an offset
 * is in UTC. Days that the calendar does not have are refused, and so is what is finer than milliseconds.
 *
 * @example
 * date() // 2024-02-29, 2024-02-29T13:45Z, 2024-02-29 13:45:00.5+01:00; Row type: Date
 * date({ format: 'DD.MM.YYYY' }) // 29.02.2024
 */
export function date<const P extends Holes = 'error'>(
  options: DateOptions<P> = {},
): DateColumn<NoInfer<P>> {
  settle('date', options, { format: dateFormat, missing: missingOption(holePolicies) });
  return { type: 'date', ...options };
}

/**
 * A column of free text, which is never a feature.
 *
 * @example
 * text()
 * text({ missing: { tokens: [''], policy: 'keep' } }) // Row type: string | null
 */
export function text<const P extends Holes = 'error'>(
  options: HoleOptions<P> = {},
): TextColumn<NoInfer<P>> {
  settle('text', options, { missing: missingOption(holePolicies) });
  return { type: 'text', ...options };
}

/**
 * A column that is present in the file and not read.
 *
 * @example
 * ignored()
 * defineSchema({ id: ignored(), x: number() })
 */
export function ignored(): IgnoredColumn {
  return { type: 'ignored' };
}
