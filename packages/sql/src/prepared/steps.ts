import type { Expression } from '../expression/expression.ts';
import { datePart } from './date-parts.ts';
import { type NumberColumn, notAmong, type SqlColumn, type SqlFrame } from './frame.ts';

type Applied = (frame: SqlFrame, state: never) => SqlFrame;

interface Rescaled {
  readonly columns: readonly {
    readonly name: string;
    readonly shift: number;
    readonly scale: number;
  }[];
}

/** (v − shift) / scale, as in memory. */
const rescale: Applied = (frame, { columns }: Rescaled) => {
  const { words } = frame;
  const rules = new Map(columns.map((rule) => [rule.name, rule]));
  return replaced(frame, (column) => {
    const rule = rules.get(column.name);
    if (rule === undefined || column.kind !== 'number') return [column];
    const moved = words.sub(column.value, words.number(rule.shift));
    return [
      { kind: 'number', name: column.name, value: words.div(moved, words.number(rule.scale)) },
    ];
  });
};

interface Fills {
  readonly fills: readonly { readonly name: string; readonly value: number | string }[];
}

const impute: Applied = (frame, { fills }: Fills) => {
  const { words, dialect } = frame;
  const values = new Map(fills.map(({ name, value }) => [name, value]));
  return replaced(frame, (column) => {
    const value = values.get(column.name);
    if (column.kind === 'number' && typeof value === 'number') {
      return [{ ...column, value: words.orElse(column.value, words.number(value)) }];
    }
    if (column.kind !== 'label' || typeof value !== 'string') return [column];
    const text = words.orElse(column.text, words.literal(dialect.text(value)));
    const levels = column.levels.includes(value) ? column.levels : [...column.levels, value];
    return [{ ...column, text, levels }];
  });
};

interface OneHot {
  readonly unknown: 'error' | 'ignore';
  readonly dropFirst: boolean;
  readonly columns: readonly { readonly name: string; readonly levels: readonly string[] }[];
}

const oneHot: Applied = (frame, { unknown, dropFirst, columns }: OneHot) => {
  const { words, dialect } = frame;
  const levelsOf = new Map(columns.map(({ name, levels }) => [name, levels]));
  const faults = [...frame.faults];
  const made = replaced(frame, (column) => {
    const levels = levelsOf.get(column.name);
    if (levels === undefined || column.kind === 'date') return [column];
    const isLevel = (level: string): Expression =>
      column.kind === 'label'
        ? words.equal(column.text, words.literal(dialect.text(level)))
        : words.equal(column.value, words.number(Number(level)));
    const given = column.kind === 'label' ? column.text : column.value;
    faults.push({
      condition: words.isNull(given),
      column: column.name,
      reason: 'missing',
      problem: 'have no label (NULL)',
      advice: 'put impute() before oneHot()',
    });
    if (unknown === 'error' && column.kind === 'label') {
      faults.push(notAmong(column.text, levels, column.name, words, dialect));
    }
    return levels.slice(dropFirst ? 1 : 0).map(
      (level): NumberColumn => ({
        kind: 'number',
        name: `${column.name}=${level}`,
        value: words.indicator(isLevel(level)),
      }),
    );
  });
  return { ...made, faults };
};

interface Polynomial {
  readonly terms: readonly (readonly (readonly [name: string, power: number])[])[];
}

const polynomial: Applied = (frame, { terms }: Polynomial) => {
  const { words } = frame;
  const numberOf = (name: string): Expression => {
    const column = frame.columns.find((other) => other.name === name);
    if (column?.kind === 'number') return column.value;
    throw new TypeError(`polynomial: the column "${name}" is not among the features`);
  };
  const added = terms.map((term): NumberColumn => {
    const factors = term.flatMap(([name, power]) =>
      new Array<Expression>(power).fill(numberOf(name)),
    );
    const value = factors.reduce((a, b) => words.mul(a, b));
    const name = term.map(([base, power]) => (power === 1 ? base : `${base}^${power}`)).join('*');
    return { kind: 'number', name, value };
  });
  return { ...frame, columns: [...frame.columns, ...added] };
};

interface Dates {
  readonly parts: readonly ('elapsed' | 'year' | 'month' | 'weekday' | 'hour')[];
  readonly columns: readonly { readonly name: string; readonly origin: number }[];
}

const dates: Applied = (frame, { parts, columns }: Dates) => {
  const origins = new Map(columns.map(({ name, origin }) => [name, origin]));
  return replaced(frame, (column) => {
    const origin = origins.get(column.name);
    if (origin === undefined || column.kind !== 'date') return [column];
    return parts.map((part) => ({
      kind: 'number' as const,
      name: `${column.name}.${part}`,
      ...datePart(frame.words, column.value, part, origin),
    }));
  });
};

const intercept: Applied = (frame) => ({
  ...frame,
  columns: [
    { kind: 'number', name: '(intercept)', value: frame.words.number(1) },
    ...frame.columns,
  ],
});

/** How each fitted step is written in SQL, by its name. */
const steps: Readonly<Record<string, Applied>> = {
  dates,
  impute,
  intercept,
  'min-max': rescale,
  'one-hot': oneHot,
  polynomial,
  standardize: rescale,
};

/** The columns that a fitted step makes. Throws a TypeError for one that has no SQL. */
export function stepped(frame: SqlFrame, step: string, state: unknown): SqlFrame {
  const apply = Object.hasOwn(steps, step) ? steps[step] : undefined;
  if (apply !== undefined) return apply(frame, state as never);
  throw new TypeError(
    `prepare: the step ${step} has no SQL here, which has ${Object.keys(steps).sort().join(', ')}; leave it out, or ` +
      'fit the rows in memory',
  );
}

function replaced(frame: SqlFrame, change: (column: SqlColumn) => readonly SqlColumn[]): SqlFrame {
  return { ...frame, columns: frame.columns.flatMap(change) };
}
