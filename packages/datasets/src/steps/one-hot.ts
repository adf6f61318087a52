import { boolean, got, oneOf, type Spec, settle, wholeNumber } from '@steepest/ground';
import { columnNames } from '../column-names.ts';
import { CsvError, listed, quoted } from '../error.ts';
import { record, texts, wrong } from '../schema/json.ts';
import type { Facts } from './facts.ts';
import {
  columnsByName,
  type FittedStep,
  type Frame,
  type FrameColumn,
  type LabelColumn,
  type NumericColumn,
  ownScale,
  replaced,
  rowName,
} from './frame.ts';
import { asking } from './frame-facts.ts';
import { IndicatorColumn } from './indicator.ts';
import type { Step } from './step.ts';

/** `unknown`: a label that training did not see is an error, or becomes a row of zeros. */
export interface OneHotOptions {
  readonly unknown?: 'error' | 'ignore' | undefined;
  /** Leaves out the first level's column, so that the others are independent of an intercept. */
  readonly dropFirst?: boolean | undefined;
  /** The most levels a column may have; 1000, and half of the rows from 20 rows on, unless said. */
  readonly limit?: number | undefined;
  readonly columns?: readonly string[] | undefined;
}

const oneHotSpec = {
  unknown: oneOf(['error', 'ignore'], 'error'),
  dropFirst: boolean(false),
  limit: wholeNumber(),
  columns: columnNames,
} satisfies Spec<OneHotOptions>;

interface State {
  readonly unknown: 'error' | 'ignore';
  readonly dropFirst: boolean;
  readonly columns: readonly { readonly name: string; readonly levels: readonly string[] }[];
}

/**
 * Turns each label column into one column of 0 and 1 per level, named `column=level`. The levels are
 * those the schema declares, otherwise those that occur in the training rows; months, weekdays and hours
 * that dates() made are taken, with all their levels, if `columns` names them. Throws a CsvError:
 * 'high-cardinality' while fitting, 'unknown-category' and 'missing' while applying.
 *
 * @example
 * prepare([oneHot()])
 * prepare([oneHot({ unknown: 'ignore', dropFirst: true }), intercept()])
 */
export function oneHot(options: OneHotOptions = {}): Step {
  const settled = settle('oneHot', options, oneHotSpec);
  const { unknown, dropFirst, limit } = settled;
  return asking('one-hot', function* (facts) {
    const labels = facts.columns.filter(({ kind }) => kind === 'label');
    const chosen = (settled.columns ?? labels.map(({ name }) => name)).map((name) => {
      const column = facts.columns.find((other) => other.name === name);
      if (column?.kind === 'label' || column?.cycle !== undefined) return column;
      throw noLabelColumn(name);
    });
    const open = chosen.filter(({ kind, declared }) => kind === 'label' && !declared);
    const counts = yield* got(facts.counts(open.map(({ name }) => name)));
    const columns = chosen.map((column) => {
      const { name, levels = [], cycle } = column;
      if (cycle !== undefined) return { name, levels: cycleLevels(cycle) };
      const rows = counts[open.indexOf(column)];
      const occurring = rows === undefined ? levels : levels.filter((_, code) => rows[code] > 0);
      refuseMany(name, occurring, facts, limit);
      return { name, levels: occurring };
    });
    return oneHotStep({ unknown, dropFirst, columns });
  });
}

export function loadOneHot(state: unknown): FittedStep {
  const { unknown, dropFirst, columns } = record(state, 'one-hot');
  if (unknown !== 'error' && unknown !== 'ignore')
    throw wrong('one-hot.unknown', '"error" or "ignore"', unknown);
  if (typeof dropFirst !== 'boolean') throw wrong('one-hot.dropFirst', 'true or false', dropFirst);
  if (!Array.isArray(columns)) throw wrong('one-hot.columns', 'a list', columns);
  return oneHotStep({
    unknown,
    dropFirst,
    columns: columns.map((column, i) => {
      const { name, levels } = record(column, `one-hot.columns[${i}]`);
      if (typeof name !== 'string') throw wrong(`one-hot.columns[${i}].name`, 'text', name);
      return { name, levels: texts(levels, `one-hot.columns[${i}].levels`) };
    }),
  });
}

function oneHotStep(state: State): FittedStep {
  const levelsOf = new Map(state.columns.map(({ name, levels }) => [name, levels]));
  const kept = (levels: readonly string[]) => (state.dropFirst ? levels.slice(1) : levels);
  return {
    step: 'one-hot',
    state,
    ...(state.columns.length === 0 && { rescaled: new Map() }),
    apply(frame) {
      const byName = columnsByName(frame);
      const found = new Map(state.columns.map(({ name }) => [name, labelColumn(byName, name)]));
      return replaced(frame, (column) => {
        const levels = levelsOf.get(column.name);
        const labels = found.get(column.name);
        if (levels === undefined || labels === undefined) return column;
        return indicators(labels, levels, state.unknown, frame).slice(state.dropFirst ? 1 : 0);
      });
    },
    rescale: (scales) =>
      scales.flatMap((scale) => {
        const levels = levelsOf.get(scale.name);
        if (levels === undefined) return [scale];
        return kept(levels).map((level) => ownScale(`${scale.name}=${level}`));
      }),
  };
}

function indicators(
  column: LabelColumn,
  levels: readonly string[],
  unknown: 'error' | 'ignore',
  frame: Frame,
): FrameColumn[] {
  const position = new Map(levels.map((level, i) => [level, i]));
  const target = column.levels.map((level) => position.get(level) ?? -1);
  const at = new Int32Array(frame.rows);
  for (let i = 0; i < frame.rows; i++) {
    const code = column.codes[i];
    at[i] = target[code] ?? -1;
    if (at[i] < 0 && (code < 0 || unknown === 'error')) {
      throw refused(column, code, i, levels, frame);
    }
  }
  const group = { at };
  return levels.map((level, j) => new IndicatorColumn(`${column.name}=${level}`, group, j));
}

function refused(
  column: LabelColumn,
  code: number,
  row: number,
  levels: readonly string[],
  frame: Frame,
): CsvError {
  const fault = { operation: 'oneHot', file: frame.file, column: column.name };
  if (code < 0) {
    return new CsvError({
      ...fault,
      reason: 'missing',
      problem: `${rowName(frame, row)} of the table has no label`,
      advice: 'put impute() before oneHot()',
    });
  }
  return new CsvError({
    ...fault,
    reason: 'unknown-category',
    raw: column.levels[code],
    problem: `${rowName(frame, row)} of the table holds ${quoted(column.levels[code])}, which training did not see; the levels are ${listed(levels)}`,
    advice: "declare oneHot({ unknown: 'ignore' }) to read it as none of them",
  });
}

function refuseMany(
  name: string,
  levels: readonly string[],
  { rows, file }: Facts,
  limit: number | undefined,
): void {
  const most = limit ?? Math.min(1000, Math.max(10, Math.floor(rows / 2)));
  if (levels.length <= most) return;
  throw new CsvError({
    operation: 'oneHot',
    reason: 'high-cardinality',
    file,
    column: name,
    problem: `the column has ${levels.length} levels in ${rows} rows, more than the limit of ${most}`,
    advice: 'leave it out (is it an identifier?), or raise oneHot({ limit })',
  });
}

function labelColumn(columns: ReadonlyMap<string, FrameColumn>, name: string): LabelColumn {
  const column = columns.get(name);
  if (column?.kind === 'label') return column;
  if (column?.kind === 'number' && column.cycle !== undefined)
    return cycleLabels(column, column.cycle);
  throw noLabelColumn(name);
}

function noLabelColumn(name: string): TypeError {
  return new TypeError(
    `oneHot: there is no label column ${quoted(name)} among the features; give it as a feature, or declare it category()`,
  );
}

/** The whole numbers of a cycle as labels, all of them, whichever occur. */
function cycleLevels([first, last]: readonly [first: number, last: number]): string[] {
  return Array.from({ length: last - first + 1 }, (_, i) => String(first + i));
}

function cycleLabels(
  { name, values }: NumericColumn,
  [first, last]: readonly [first: number, last: number],
): LabelColumn {
  const levels = cycleLevels([first, last]);
  const codes = Int32Array.from(values, (value, i) => {
    if (Number.isNaN(value)) return -1;
    if (Number.isInteger(value) && value >= first && value <= last) return value - first;
    throw new TypeError(
      `oneHot: row ${i + 1} of ${quoted(name)} must be a whole number from ${first} to ${last}, got ${value}; fill its holes with impute('most-frequent'), or put oneHot() before`,
    );
  });
  return { kind: 'label', name, codes, levels, declared: true };
}
