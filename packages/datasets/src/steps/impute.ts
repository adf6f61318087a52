import {
  type Asking,
  argument,
  either,
  finite,
  got,
  nested,
  type Option,
  oneOf,
  required,
} from '@steepest/ground';
import { CsvError } from '../error.ts';
import { finite as finiteNumber, record, wrong } from '../schema/json.ts';
import type { Facts } from './facts.ts';
import {
  type FittedStep,
  type FrameColumn,
  type LabelColumn,
  type NumericColumn,
  replaced,
} from './frame.ts';
import { asking, holesIn } from './frame-facts.ts';
import type { Step } from './step.ts';

/** What fills a number column's holes. */
export type Filling = 'mean' | 'median' | 'most-frequent' | { readonly constant: number };

const fillingOption = either(
  oneOf(['mean', 'median', 'most-frequent']),
  nested<{ readonly constant: number }, { constant: Option<number, 'required'> }>({
    constant: required(finite()),
  }),
);

interface Fill {
  readonly name: string;
  readonly value: number | string;
}

/**
 * Fills holes: in number columns by the training rows' mean, median, most frequent value or a constant;
 * in label columns always by the most frequent label; the holes of dates are filled after dates(). Throws a CsvError ('all-missing-column').
 *
 * @example
 * prepare([impute('median'), standardize()])
 * prepare([impute({ constant: 0 })])
 */
export function impute(filling: Filling = 'mean'): Step {
  argument('impute', 'the filling', filling, fillingOption);
  return asking('impute', function* (facts, note) {
    // Dates keep their holes: the numbers that dates() makes of them are filled after it.
    const columns = facts.columns.filter(({ kind }) => kind !== 'date');
    const values = new Map([
      ...(yield* fillingsOfLabels(facts)),
      ...(yield* fillingsOfNumbers(facts, filling)),
    ]);
    const holes = yield* got(facts.holes(columns.map(({ name }) => name)));
    const fills = columns.map(({ name }, k) => {
      const value = values.get(name);
      if (value === undefined) throw allMissing(name, facts.file);
      if (holes[k] > 0) {
        note({
          kind: 'imputed',
          column: name,
          count: holes[k],
          message: `${holes[k]} of ${facts.rows} training rows have no "${name}"; filled with ${value}`,
        });
      }
      return { name, value };
    });
    return imputeStep(fills);
  });
}

export function loadImpute(state: unknown): FittedStep {
  const { fills } = record(state, 'impute');
  if (!Array.isArray(fills)) throw wrong('impute.fills', 'a list', fills);
  return imputeStep(
    fills.map((fill, i) => {
      const path = `impute.fills[${i}]`;
      const { name, value } = record(fill, path);
      if (typeof name !== 'string') throw wrong(`${path}.name`, 'text', name);
      return {
        name,
        value: typeof value === 'string' ? value : finiteNumber(value, `${path}.value`),
      };
    }),
  );
}

function imputeStep(fills: readonly Fill[]): FittedStep {
  const byName = new Map(fills.map((fill) => [fill.name, fill.value]));
  return {
    step: 'impute',
    state: { fills },
    rescaled: new Map(),
    apply: (frame) =>
      replaced(frame, (column): FrameColumn => {
        const value = byName.get(column.name);
        if (value === undefined || !isFillable(column) || holesIn(column) === 0) return column;
        if (column.kind === 'number') {
          return {
            ...column,
            values: column.values.map((v) => (Number.isNaN(v) ? Number(value) : v)),
          };
        }
        const known = column.levels.indexOf(String(value));
        const levels = known < 0 ? [...column.levels, String(value)] : column.levels;
        const code = known < 0 ? column.levels.length : known;
        return { ...column, levels, codes: column.codes.map((c) => (c < 0 ? code : c)) };
      }),
    rescale: (scales) => scales,
  };
}

function isFillable(column: FrameColumn): column is NumericColumn | LabelColumn {
  return column.kind !== 'date';
}

type Fillings = readonly (readonly [name: string, value: number | string | undefined])[];

/** The label that occurs most often, the first of several. */
function* fillingsOfLabels(facts: Facts): Asking<Fillings> {
  const labels = facts.columns.filter(({ kind }) => kind === 'label');
  const counts = yield* got(facts.counts(labels.map(({ name }) => name)));
  return labels.map(({ name, levels = [] }, k) => {
    const most = counts[k].reduce((best, count) => Math.max(best, count), 0);
    return [name, most === 0 ? undefined : levels[counts[k].indexOf(most)]];
  });
}

function* fillingsOfNumbers(facts: Facts, filling: Filling): Asking<Fillings> {
  const names = facts.columns.flatMap(({ kind, name }) => (kind === 'number' ? [name] : []));
  if (typeof filling === 'object') return names.map((name) => [name, filling.constant]);
  if (filling === 'mean') {
    const moments = yield* got(facts.moments(names));
    return names.map((name, k) => [name, moments[k].count === 0 ? undefined : moments[k].mean]);
  }
  const found = yield* got(filling === 'median' ? facts.medians(names) : facts.mostFrequent(names));
  return names.map((name, k) => [name, found[k]]);
}

function allMissing(column: string, file: string | undefined): CsvError {
  return new CsvError({
    operation: 'impute',
    reason: 'all-missing-column',
    file,
    column,
    problem: 'no training row has a value, so there is nothing to fill the holes with',
    advice: 'leave the column out, or impute a constant',
  });
}
