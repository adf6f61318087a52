import { got, option, type Spec, settle } from '@steepest/ground';
import { columnNames } from '../column-names.ts';
import { isoDates } from '../date-format.ts';
import { civilTime, dayLength } from '../dates.ts';
import { CsvError, listed, quoted } from '../error.ts';
import { finite, record, wrong } from '../schema/json.ts';
import {
  columnsByName,
  type DateColumn,
  type FittedStep,
  type Frame,
  type NumericColumn,
  ownScale,
  replaced,
} from './frame.ts';
import { asking } from './frame-facts.ts';
import type { Step } from './step.ts';

const partNames = ['elapsed', 'year', 'month', 'weekday', 'hour'] as const;

/** `elapsed`: days since the origin; `month` 1 to 12; `weekday` 1 (Monday) to 7; `hour` 0 to 23; all in UTC. */
export type DatePart = (typeof partNames)[number];

/** Which numbers dates become. */
export interface DatesOptions {
  /** The date columns; all unless said. */
  readonly columns?: readonly string[] | undefined;
  /** `['elapsed']` unless said. */
  readonly parts?: readonly DatePart[] | undefined;
  /** Where `elapsed` is 0: a Date or ISO 8601; the earliest training date of each column unless said. */
  readonly origin?: Date | string | undefined;
}

const datesSpec = {
  columns: columnNames,
  parts: option<readonly DatePart[], readonly DatePart[]>(
    {
      expected: `a list of ${partNames.join(', ')}, each once at most`,
      accepts: (x) =>
        Array.isArray(x) &&
        x.length > 0 &&
        x.every((part) => isPart(part)) &&
        new Set(x).size === x.length,
      sample: "['elapsed', 'month']",
    },
    ['elapsed'],
  ),
  origin: option<Date | string>({
    expected: 'a date',
    accepts: (x) => !Number.isNaN(timeOf(x)),
    sample: "'2024-01-01'",
  }),
} satisfies Spec<DatesOptions>;

function isPart(x: unknown): x is DatePart {
  return (partNames as readonly unknown[]).includes(x);
}

function timeOf(origin: unknown): number {
  if (origin instanceof Date) return origin.getTime();
  return typeof origin === 'string' ? isoDates.parse(origin) : Number.NaN;
}

interface State {
  readonly parts: readonly DatePart[];
  /** Where each column's elapsed days are 0, in milliseconds since 1970. */
  readonly columns: readonly { readonly name: string; readonly origin: number }[];
}

/**
 * Turns each date column into one column of numbers per part, named `column.part`; holes stay holes, for
 * impute() after it. `oneHot({ columns: ['when.month'] })` may follow month, weekday and hour. Throws a
 * CsvError ('all-missing-column') where the origin has to be learned and no training row has a date.
 *
 * @example
 * prepare([dates(), standardize()]) // when → when.elapsed, in days since the earliest training row
 * prepare([dates({ parts: ['elapsed', 'weekday'], origin: '2020-01-01' }), oneHot({ columns: ['when.weekday'] })])
 */
export function dates(options: DatesOptions = {}): Step {
  const settled = settle('dates', options, datesSpec);
  const { parts, origin } = settled;
  return asking('dates', function* (facts) {
    const all = facts.columns.filter(({ kind }) => kind === 'date').map(({ name }) => name);
    const chosen = settled.columns ?? all;
    for (const name of chosen) if (!all.includes(name)) throw noDateColumn(name, all);
    const known = origin === undefined ? undefined : { low: timeOf(origin) };
    const found = known === undefined ? yield* got(facts.extremes(chosen)) : [];
    const columns = chosen.map((name, k) => {
      const { low: first } = known ?? found[k];
      if (first < Infinity) return { name, origin: first };
      if (!parts.includes('elapsed')) return { name, origin: 0 };
      throw new CsvError({
        operation: 'dates',
        reason: 'all-missing-column',
        file: facts.file,
        column: name,
        problem: 'no training row has a date, so there is none to count days from',
        advice: "leave the column out, or state the origin: dates({ origin: '2024-01-01' })",
      });
    });
    return datesStep({ parts, columns });
  });
}

export function loadDates(state: unknown): FittedStep {
  const { parts, columns } = record(state, 'dates');
  if (!Array.isArray(parts) || !parts.every(isPart))
    throw wrong('dates.parts', `a list of ${partNames.join(', ')}`, parts);
  if (!Array.isArray(columns)) throw wrong('dates.columns', 'a list', columns);
  return datesStep({
    parts,
    columns: columns.map((column, i) => {
      const { name, origin } = record(column, `dates.columns[${i}]`);
      if (typeof name !== 'string') throw wrong(`dates.columns[${i}].name`, 'text', name);
      return { name, origin: finite(origin, `dates.columns[${i}].origin`) };
    }),
  });
}

function datesStep(state: State): FittedStep {
  const origins = new Map(state.columns.map(({ name, origin }) => [name, origin]));
  return {
    step: 'dates',
    state,
    apply(frame) {
      const byName = columnsByName(frame);
      for (const { name } of state.columns) {
        if (byName.get(name)?.kind !== 'date') throw noDateColumn(name, datesIn(frame));
      }
      return replaced(frame, (column) => {
        const origin = origins.get(column.name);
        if (origin === undefined || column.kind !== 'date') return column;
        return state.parts.map((part) => partOf(column, part, origin));
      });
    },
    rescale: (scales) =>
      scales.flatMap((scale) => {
        if (!origins.has(scale.name)) return [scale];
        return state.parts.map((part) => ownScale(`${scale.name}.${part}`));
      }),
  };
}

const cycles: Partial<Record<DatePart, readonly [first: number, last: number]>> = {
  month: [1, 12],
  weekday: [1, 7],
  hour: [0, 23],
};

function partOf({ name, values }: DateColumn, part: DatePart, origin: number): NumericColumn {
  const numbers =
    part === 'elapsed'
      ? values.map((time) => (time - origin) / dayLength)
      : values.map((time) => (Number.isNaN(time) ? time : civilTime(time)[part]));
  const cycle = cycles[part];
  const column = { kind: 'number', name: `${name}.${part}`, values: numbers } as const;
  return cycle === undefined ? column : { ...column, cycle };
}

function datesIn(frame: Frame): string[] {
  return frame.columns.filter(({ kind }) => kind === 'date').map(({ name }) => name);
}

function noDateColumn(name: string, there: readonly string[]): TypeError {
  return new TypeError(
    `dates: there is no date column ${quoted(name)} among the features; ${there.length === 0 ? 'declare it date()' : `the date columns here are ${listed(there)}`}`,
  );
}
