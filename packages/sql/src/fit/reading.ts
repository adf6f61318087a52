import type { NamedColumn } from '@steepest/datasets';
import type { Problem } from '@steepest/models';
import type { Reading } from '@steepest/models/rows';
import type { Dialect } from '../dialects/dialect.ts';
import type { Expression } from '../expression/expression.ts';
import type { Words } from '../expression/words.ts';
import { aliasOf, type Fault, rawColumn, type SqlFrame } from '../prepared/frame.ts';
import { stepped } from '../prepared/steps.ts';
import type { RowParts } from './examples-columns.ts';

/** What is known of columns. */
export interface Known {
  readonly dialect: Dialect;
  columnNamed(name: string): NamedColumn;
  /** The levels of a category column, which were asked for where the schema leaves them open. */
  levelsOf(name: string): readonly string[];
}

/** The raw columns of these names, before the first step. */
export function frameOf(known: Known, features: readonly string[], words: Words): SqlFrame {
  const { dialect } = known;
  const made = features.map((name) =>
    rawColumn(known.columnNamed(name), known.levelsOf(name), words, dialect),
  );
  return {
    words,
    dialect,
    columns: made.map(({ column }) => column),
    faults: made.flatMap(({ faults }) => faults),
  };
}

/** The prepared columns of a model. */
export function preparedFrame(known: Known, reading: Reading, words: Words): SqlFrame {
  const { preparation } = reading;
  if (preparation === undefined) {
    throw new TypeError(
      'fit: this model was fitted to ready features and knows no raw columns of a database',
    );
  }
  const { steps } = preparation.toJSON();
  return steps.reduce(
    (frame, { step, state }) => stepped(frame, step, state),
    frameOf(known, preparation.features, words),
  );
}

/** The numbers of the prepared columns. */
export function features({ columns }: SqlFrame): readonly Expression[] {
  return columns.map((column) => {
    if (column.kind === 'number') return column.value;
    throw new TypeError(
      `fit: the column "${column.name}" holds ${column.kind === 'label' ? 'labels' : 'dates'} after the preparation, not numbers; ` +
        `put ${column.kind === 'label' ? 'oneHot()' : 'dates()'} into it`,
    );
  });
}

/** A column of numbers or truth values, as it is. */
export function numberColumn(known: Known, name: string, words: Words): Expression {
  const { column } = rawColumn(known.columnNamed(name), known.levelsOf(name), words, known.dialect);
  if (column.kind === 'number') return column.value;
  throw new TypeError(
    `fit: the column "${name}" holds ${column.kind === 'label' ? 'labels' : 'dates'}, not numbers; ` +
      'for a target of labels use logisticRegression or softmaxRegression',
  );
}

/** The target as the problem wants it: a number, or the place of the label among the classes. */
export function targetOf(
  known: Known,
  { family }: Problem,
  { target, classes }: Reading,
  words: Words,
): { readonly y: Expression; readonly fault: Fault } {
  const { dialect } = known;
  const column = known.columnNamed(target);
  const missing = (given: Expression): Fault => ({
    condition: words.isNull(given),
    column: target,
    reason: 'missing',
    problem: 'have no value (NULL)',
    advice: 'a target must not be made up: leave such rows out by where',
  });
  if (family.target.classes === undefined || classes === undefined) {
    const y = numberColumn(known, target, words);
    return { y, fault: missing(y) };
  }
  const text = dialect.quote(target);
  const alias = aliasOf(target, dialect);
  const isLabel = (label: string): Expression => {
    if (column.type === 'number') {
      const value = words.all.column(dialect.double(text), alias, { tame: true });
      return words.equal(value, words.number(Number(label)));
    }
    if (column.type === 'boolean') {
      const truth = words.all.column(text, alias, { truth: true, tame: true });
      return label === 'true' ? truth : words.not(truth);
    }
    const value = words.all.column(dialect.label(text), alias, { tame: true });
    return words.equal(value, words.literal(dialect.text(label)));
  };
  const options = classes.map((label, code) => [isLabel(label), words.number(code)] as const);
  const none = words.literal('NULL');
  const y = words.cases(options, none, { tame: true, sign: 'notNegative' });
  const unknown: Fault = {
    condition: words.isNull(y),
    column: target,
    reason: 'unknown-category',
    problem: `have a label that is none of ${classes
      .slice(0, 8)
      .map((label) => JSON.stringify(label))
      .join(', ')}`,
    advice: 'the model knows the classes of its training rows only',
  };
  return { y, fault: unknown };
}

/** The parts of a row, and what no row may hold for them to be right; weights as they are. */
export function partsOf(
  known: Known,
  problem: Problem,
  reading: Reading,
  words: Words,
): RowParts & { readonly faults: readonly Fault[] } {
  const frame = preparedFrame(known, reading, words);
  const x = features(frame);
  const { y, fault } = targetOf(known, problem, reading, words);
  const faults = [...frame.faults, fault];
  frame.columns.forEach(({ name }, j) => {
    faults.push({
      condition: words.isNull(x[j]),
      column: name,
      reason: 'missing',
      problem: 'have no value (NULL)',
      advice: "say what fills them: preparation: prepare([impute('median'), …])",
    });
  });
  const need = (name: string): Expression => {
    const value = numberColumn(known, name, words);
    faults.push({
      condition: words.isNull(value),
      column: name,
      reason: 'missing',
      problem: 'have no value (NULL)',
      advice: 'leave such rows out by where',
    });
    return value;
  };
  const { exposure: times, offset: shift } = reading;
  const counted = reading.weights ?? reading.analyticWeights;
  const weights = counted === undefined ? undefined : need(counted);
  const offsets: Expression[] = shift === undefined ? [] : [need(shift)];
  if (times !== undefined) {
    const exposure = need(times);
    faults.push({
      condition: words.not(words.less(words.number(0), exposure)),
      column: times,
      reason: 'not-a-number',
      problem: 'have an exposure that is not above 0',
      advice: 'leave such rows out by where',
    });
    offsets.push(words.ln(exposure));
  }
  const offset = offsets.length === 0 ? undefined : words.sum(offsets);
  return { x, y, weights, offset, faults };
}
