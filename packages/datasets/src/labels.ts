import { type Spec, settle, text, wholeNumber } from '@steepest/ground';
import { parseDecimal } from './csv/decimal.ts';
import { sortedLevels } from './csv/label-cells.ts';
import { isoText } from './date-format.ts';
import { CsvError, listed, quoted } from './error.ts';
import { columnValues, type Table, type Values } from './table/table.ts';

/** Labels as numbers: y[i] is the index of row i's label in `classes`. */
export interface EncodedTarget {
  readonly y: Float64Array;
  readonly classes: readonly string[];
}

/** Two labels as 0 and 1: `classes` is [negative, positive]. */
export interface BinaryTarget extends EncodedTarget {
  readonly positive: string;
  /** The mapping in words, to be shown: `"-1" → 0, "1" → 1`. */
  readonly mapping: string;
}

/** How many classes there may be; 1000 unless said. */
export interface EncodeOptions {
  readonly limit?: number | undefined;
  /** What an error names as the operation. */
  readonly operation?: string | undefined;
}

const encodeSpec = {
  limit: wholeNumber(2, 1000),
  operation: text('encodeTarget'),
} satisfies Spec<EncodeOptions>;

/** Which label counts as 1; the second in the stored order unless named. */
export interface BinaryOptions {
  readonly positive?: string | undefined;
}

const binarySpec = {
  positive: text(undefined, { expected: 'the label that counts as 1' }),
} satisfies Spec<BinaryOptions>;

/**
 * The labels of a column as class indices. Classes are the labels that occur, in the stored order:
 * a category's levels, false before true, numbers ascending. Throws a CsvError for a hole
 * ('missing'), a single class ('one-class'), more than `limit` classes ('too-many-classes'), and labels
 * that spell one number in two ways, such as 1 and 1.0 (the same).
 *
 * @example
 * encodeTarget(iris, 'species').classes // ['setosa', 'versicolor', 'virginica']
 */
export function encodeTarget(
  table: Table,
  name: string,
  options: EncodeOptions = {},
): EncodedTarget {
  const { operation, limit } = settle('encodeTarget', options, encodeSpec);
  return encoded(operation, table, name, limit);
}

function encoded(operation: string, table: Table, name: string, limit: number): EncodedTarget {
  const { seen, codes } = labelsOf(table, name, operation);
  const present = new Set(seen);
  const column = columnValues(table, name, operation);
  const classes =
    column.type === 'category'
      ? column.levels.filter((level) => present.has(level))
      : sortedLevels([...present]);
  const fault = { operation, file: table.file, column: name };
  const twins = sameNumber(classes);
  if (twins !== undefined) {
    throw new CsvError({
      ...fault,
      reason: 'too-many-classes',
      problem: `the labels ${twins.map(quoted).join(' and ')} spell the same number`,
      advice: 'write it in one way, or declare the column number()',
    });
  }
  if (classes.length < 2) {
    throw new CsvError({
      ...fault,
      reason: 'one-class',
      problem: `every label is ${listed(classes)}`,
      advice: 'a classifier needs examples of two classes at least',
    });
  }
  if (classes.length > limit) {
    throw new CsvError({
      ...fault,
      reason: 'too-many-classes',
      problem: `got ${classes.length} labels, expected at most ${limit}: ${listed(classes)}`,
      advice:
        limit === 2
          ? 'use softmax regression, or correct the labels'
          : 'is it a number to predict?',
    });
  }
  const code = new Map(classes.map((label, i) => [label, i]));
  const byLabel = Float64Array.from(seen, (label) => code.get(label)!);
  const y = new Float64Array(codes.length);
  for (let i = 0; i < y.length; i++) y[i] = byLabel[codes[i]];
  return { y, classes };
}

/**
 * The two labels of a column as 0 and 1; the positive class is the second in the stored order ('1' of
 * '-1' and '1', 'true' of 'false' and 'true'), or the one that is named.
 *
 * @example
 * binaryTarget(table, 'y') // { y, classes: ['-1', '1'], positive: '1', mapping }
 * binaryTarget(iris, 'species', { positive: 'setosa' }) // throws 'too-many-classes': there are three
 */
export function binaryTarget(
  table: Table,
  name: string,
  options: BinaryOptions = {},
): BinaryTarget {
  const settled = settle('binaryTarget', options, binarySpec);
  const { y, classes } = encoded('binaryTarget', table, name, 2);
  const positive = settled.positive ?? classes[1];
  if (!classes.includes(positive)) {
    throw new TypeError(
      `binaryTarget: the positive label "${positive}" does not occur in "${name}"; found ${listed(classes)}`,
    );
  }
  const swap = positive === classes[0];
  const [negative] = classes.filter((label) => label !== positive);
  return {
    y: swap ? y.map((value) => 1 - value) : y,
    classes: [negative, positive],
    positive,
    mapping: `"${negative}" → 0, "${positive}" → 1`,
  };
}

/** Two labels that spell the same number, if all of them are numbers. */
function sameNumber(classes: readonly string[]): [string, string] | undefined {
  const spelling = new Map<number, string>();
  let twins: [string, string] | undefined;
  for (const label of classes) {
    const value = parseDecimal(label);
    if (!Number.isFinite(value)) return undefined;
    const other = spelling.get(value); // a Map takes −0 for 0
    if (other !== undefined) twins ??= [other, label];
    spelling.set(value, label);
  }
  return twins;
}

/** The labels that occur, and each row's among them: a cell becomes text once, not once for each row. */
function labelsOf(
  table: Table,
  name: string,
  operation: string,
): { readonly seen: readonly string[]; readonly codes: Int32Array } {
  const column = columnValues(table, name, operation);
  const cells = column.type === 'category' ? column.codes : column.values;
  const codes = new Int32Array(table.rows);
  const byLabel = new Map<string, number>();
  const byCell = new Map<number | string | null, number>();
  for (let i = 0; i < table.rows; i++) {
    const cell = cells[i];
    let code = byCell.get(cell);
    if (code === undefined) {
      const label = labelOf(column, i);
      if (label === undefined) {
        throw new CsvError({
          operation,
          reason: 'missing',
          file: table.file,
          column: name,
          problem: `row ${i + 1} of the table has no label`,
          advice: "drop such rows while reading: missing: { policy: 'drop' }",
        });
      }
      code = byLabel.get(label) ?? byLabel.size;
      byLabel.set(label, code);
      byCell.set(cell, code);
    }
    codes[i] = code;
  }
  return { seen: [...byLabel.keys()], codes };
}

function labelOf(column: Values, i: number): string | undefined {
  if (column.type === 'category') return column.levels[column.codes[i]];
  if (column.type === 'boolean') return ['false', 'true'][column.values[i]];
  if (column.type === 'text') return column.values[i] ?? undefined;
  if (Number.isNaN(column.values[i])) return undefined;
  return column.type === 'date' ? isoText(column.values[i]) : String(column.values[i]);
}
