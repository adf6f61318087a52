import { argument, either, finite, nested, type Option, oneOf, required } from '@steepest/ground';
import { CsvError } from '../error.ts';
import { finite as finiteNumber, record, wrong } from '../schema/json.ts';
import {
  type FittedStep,
  type FrameColumn,
  type LabelColumn,
  type NumericColumn,
  replaced,
  type Step,
} from './frame.ts';
import { moments } from './moments.ts';

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
  return {
    step: 'impute',
    fit(frame, note) {
      return imputeStep(
        frame.columns.filter(isFillable).map((column) => {
          const fill = { name: column.name, value: valueFor(column, filling, frame.file) };
          const holes = countHoles(column);
          if (holes > 0) {
            note({
              kind: 'imputed',
              column: column.name,
              count: holes,
              message: `${holes} of ${frame.rows} training rows have no "${column.name}"; filled with ${fill.value}`,
            });
          }
          return fill;
        }),
      );
    },
  };
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
    apply: (frame) =>
      replaced(frame, (column): FrameColumn => {
        const value = byName.get(column.name);
        if (value === undefined || !isFillable(column) || countHoles(column) === 0) return column;
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

/** Dates keep their holes: the numbers that dates() makes of them are filled after it. */
function isFillable(column: FrameColumn): column is NumericColumn | LabelColumn {
  return column.kind !== 'date';
}

function countHoles(column: NumericColumn | LabelColumn): number {
  let holes = 0;
  if (column.kind === 'number')
    for (const value of column.values) holes += Number.isNaN(value) ? 1 : 0;
  else for (const code of column.codes) holes += code < 0 ? 1 : 0;
  return holes;
}

function valueFor(
  column: NumericColumn | LabelColumn,
  filling: Filling,
  file: string | undefined,
): number | string {
  if (column.kind === 'label') {
    const code = mostFrequent(Float64Array.from(column.codes.filter((c) => c >= 0)));
    if (code !== undefined) return column.levels[code];
    throw allMissing(column.name, file);
  }
  if (typeof filling === 'object') return filling.constant;
  const present = column.values.filter((value) => !Number.isNaN(value));
  if (present.length === 0) throw allMissing(column.name, file);
  if (filling === 'mean') return moments(present).mean;
  if (filling === 'most-frequent') return mostFrequent(present)!;
  const sorted = present.sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2;
}

/** The value that occurs most often, the smallest of several. */
function mostFrequent(values: Float64Array): number | undefined {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const best = [...counts.entries()].sort(([a, m], [b, n]) => n - m || a - b)[0];
  return best?.[0];
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
