import { CsvError, type NamedColumn } from '@steepest/datasets';
import type { Dialect } from '../dialects/dialect.ts';
import type { Expression } from '../expression/expression.ts';
import type { Words } from '../expression/words.ts';

/** A column on its way to becoming features, as expressions over a row. */
export type SqlColumn = NumberColumn | LabelColumn | DateColumn;

export interface NumberColumn {
  readonly kind: 'number';
  readonly name: string;
  readonly value: Expression;
  /** Of whole numbers that go round, as months do. */
  readonly cycle?: readonly [first: number, last: number];
}

export interface LabelColumn {
  readonly kind: 'label';
  readonly name: string;
  readonly text: Expression;
  readonly levels: readonly string[];
  readonly declared: boolean;
}

/** Milliseconds since 1970 in UTC. */
export interface DateColumn {
  readonly kind: 'date';
  readonly name: string;
  readonly value: Expression;
}

/** What must hold of no row; it is counted before anything is summed. */
export interface Fault {
  readonly condition: Expression;
  readonly column: string;
  readonly reason: 'missing' | 'not-finite' | 'unknown-category' | 'not-a-number';
  readonly problem: string;
  readonly advice: string;
}

/** The columns between two steps, and what no row may hold for them to be right. */
export interface SqlFrame {
  readonly words: Words;
  readonly dialect: Dialect;
  readonly columns: readonly SqlColumn[];
  readonly faults: readonly Fault[];
}

/** The column of a schema, as the first step sees it; truth values are 0 and 1. */
export function rawColumn(
  column: NamedColumn,
  levels: readonly string[],
  words: Words,
  dialect: Dialect,
): { readonly column: SqlColumn; readonly faults: readonly Fault[] } {
  const { name } = column;
  const text = dialect.quote(name);
  const alias = aliasOf(name, dialect);
  switch (column.type) {
    case 'number': {
      const raw = words.all.column(text, alias, { tame: true });
      const value = words.all.column(dialect.double(text), alias, { tame: true });
      const bad = words.all.call([dialect.notFinite(text)], [], [0], { truth: true });
      const fault: Fault = {
        condition: words.both(words.not(words.isNull(raw)), bad),
        column: name,
        reason: 'not-finite',
        problem: 'are NaN, infinite or no number',
        advice: 'correct these cells, or leave such rows out by where',
      };
      return { column: { kind: 'number', name, value }, faults: [fault] };
    }
    case 'boolean': {
      const truth = words.all.column(text, alias, { truth: true, tame: true });
      const zero = words.number(0);
      const none = words.literal('NULL');
      const value = words.cases(
        [
          [words.isNull(truth), none],
          [truth, words.number(1)],
        ],
        zero,
        { tame: true },
      );
      return { column: { kind: 'number', name, value }, faults: [] };
    }
    case 'category': {
      const label = words.all.column(dialect.label(text), alias, { tame: true });
      const declared = column.levels !== undefined;
      const faults = declared ? [notAmong(label, column.levels, name, words, dialect)] : [];
      return { column: { kind: 'label', name, text: label, levels, declared }, faults };
    }
    case 'date': {
      const value = words.all.column(dialect.milliseconds(text), alias, { tame: true, cost: 5 });
      return { column: { kind: 'date', name, value }, faults: [] };
    }
    default:
      throw new TypeError(
        `prepare: the ${column.type} column "${name}" is no feature; declare it number(), category() or date()`,
      );
  }
}

/** What a column is called further out: not as what queries give names to, t1, s1, n. */
export function aliasOf(name: string, dialect: Dialect): string {
  return dialect.quote(/^[a-z]\d*$/i.test(name) ? `column ${name}` : name);
}

/** Whether a label is none of these. */
export function notAmong(
  label: Expression,
  levels: readonly string[],
  name: string,
  words: Words,
  dialect: Dialect,
): Fault {
  const list = levels.map((level) => dialect.text(level)).join(', ');
  const among = words.all.call(['', ` NOT IN (${list})`], [label], [3, 4], { truth: true });
  return {
    condition: words.both(words.not(words.isNull(label)), among),
    column: name,
    reason: 'unknown-category',
    problem: 'hold none of the levels',
    advice:
      "correct these cells, add the levels to the schema, or declare oneHot({ unknown: 'ignore' })",
  };
}

/** The error for rows that hold what they must not. */
export function refusedRows(
  operation: string,
  fault: Fault,
  count: number,
  file: string,
): CsvError {
  const { column, reason, problem, advice } = fault;
  const rows = count === 1 ? '1 row' : `${count} rows`;
  const said =
    count === 1
      ? problem
          .replace(/^have /, 'has ')
          .replace(/^are /, 'is ')
          .replace(/^hold /, 'holds ')
      : problem;
  return new CsvError({ operation, reason, file, column, problem: `${rows} ${said}`, advice });
}
