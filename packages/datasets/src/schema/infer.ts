import { type Spec, settle, wholeNumber } from '@steepest/ground';
import { columnName } from '../column-names.ts';
import { losesDigits, parseDecimal, trimBlanks } from '../csv/decimal.ts';
import { sortedLevels } from '../csv/label-cells.ts';
import { missingTest } from '../csv/missing.ts';
import { type RecordOptions, RecordReader, recordSpec } from '../csv/record-reader.ts';
import { bytesOf, pieces, type Source } from '../csv/source.ts';
import { isoDates } from '../date-format.ts';
import { listed, quoted } from '../error.ts';
import { unknownColumn } from '../nearest.ts';
import { printing } from '../printing.ts';
import { decimalOption } from '../reading/check-options.ts';
import { nameOf } from '../reading/options.ts';
import type { Warning } from '../warning.ts';
import { formatSchema } from './format.ts';
import type { NamedColumn, Schema } from './schema.ts';

/** How a schema is proposed. */
export interface InferOptions extends RecordOptions {
  readonly target?: string;
  readonly decimal?: '.' | ',';
  /** The most levels a category may have to be proposed as one; 20 unless said. */
  readonly maxLevels?: number;
}

const inferSpec = {
  ...recordSpec,
  target: columnName,
  decimal: decimalOption,
  maxLevels: wholeNumber(1, 20),
} satisfies Spec<InferOptions>;

/** A schema to read, correct and keep, with the reason for each column; prints as both. */
export interface Proposal {
  readonly schema: Schema;
  /** One line per column: what was seen and what is proposed. */
  readonly explanation: string;
  /** The schema as TypeScript source. */
  readonly source: string;
}

/**
 * Reads a whole CSV file, streaming, and proposes a schema: nothing is decided until you use it.
 * Throws as `readCsv` does for files that cannot be cut into records.
 *
 * @example
 * const proposal = await inferSchema(file.stream(), { target: 'species' });
 * console.log(proposal.explanation, proposal.source);
 */
export async function inferSchema(source: Source, options: InferOptions = {}): Promise<Proposal> {
  const survey = new Survey(options, 'inferSchema');
  const bytes = bytesOf(source, nameOf(options, 'inferSchema'), options);
  for await (const chunk of bytes) survey.push(chunk);
  return survey.end();
}

/**
 * The same at once, for text or bytes at hand.
 *
 * @example
 * inferSchemaOf('x,ok\n1,true\n').source // "defineSchema({ x: number(), ok: boolean() })", in lines
 */
export function inferSchemaOf(source: string | Uint8Array, options: InferOptions = {}): Proposal {
  const survey = new Survey(options, 'inferSchemaOf');
  for (const chunk of pieces(source, nameOf(options, 'inferSchemaOf'), options.encoding))
    survey.push(chunk);
  return survey.end();
}

/** What was seen in one column. */
export interface Seen {
  readonly name: string;
  readonly missing: Map<string, number>;
  readonly levels: Set<string>;
  present: number;
  numbers: number;
  booleans: number;
  dates: number;
  low: number;
  high: number;
  /** The first cell that is no number, and its line. */
  oddCell?: { readonly raw: string; readonly line: number };
  /** The first row that held a list or an object. */
  nested?: number;
  /** The first number that a double would not keep as it is written, and its line. */
  code?: { readonly raw: string; readonly line: number };
}

export function nothingSeen(name: string): Seen {
  return {
    name,
    missing: new Map(),
    levels: new Set(),
    present: 0,
    numbers: 0,
    booleans: 0,
    dates: 0,
    low: Number.POSITIVE_INFINITY,
    high: Number.NEGATIVE_INFINITY,
  };
}

const isMissing = missingTest(undefined);

/** Notes a cell that counts as missing; false for any other. */
export function seeMissing(seen: Seen, raw: string): boolean {
  if (!isMissing(raw)) return false;
  const token = trimBlanks(raw);
  seen.missing.set(token, (seen.missing.get(token) ?? 0) + 1);
  return true;
}

/** How cells are looked at. */
interface Looking {
  readonly comma: boolean;
  readonly maxLevels: number;
  readonly line: () => number;
}

/** Looks at one cell. */
export function see(seen: Seen, raw: string, how: Looking): void {
  if (seeMissing(seen, raw)) return;
  const value = parseDecimal(raw, how.comma);
  if (!Number.isFinite(value) && !/^[ \t]*(true|false)[ \t]*$/i.test(raw)) {
    seeText(seen, raw, how);
    return;
  }
  seen.present++;
  if (Number.isFinite(value)) {
    seen.numbers++;
    if (seen.code === undefined && (/^[ \t]*[+-]?0\d/.test(raw) || losesDigits(raw, value))) {
      seen.code = { raw, line: how.line() };
    }
    if (value < seen.low) seen.low = value;
    if (value > seen.high) seen.high = value;
  } else {
    seen.oddCell ??= { raw: raw.slice(0, 100), line: how.line() };
    seen.booleans++;
  }
  if (seen.levels.size <= how.maxLevels) seen.levels.add(trimBlanks(raw));
}

/** Looks at one cell that is text, whatever it spells. */
export function seeText(seen: Seen, raw: string, how: Looking): void {
  if (seeMissing(seen, raw)) return;
  seen.present++;
  seen.oddCell ??= { raw: raw.slice(0, 100), line: how.line() };
  if (!Number.isNaN(isoDates.parse(trimBlanks(raw)))) seen.dates++;
  if (seen.levels.size <= how.maxLevels) seen.levels.add(trimBlanks(raw));
}

class Survey {
  readonly #options: InferOptions;
  readonly #records: RecordReader;
  readonly #maxLevels: number;
  #columns: Seen[] = [];
  #rows = 0;

  constructor(given: InferOptions, name: string) {
    const { maxLevels } = settle(nameOf(given, name), given, inferSpec);
    const options = { operation: name, ...given };
    this.#options = options;
    this.#maxLevels = maxLevels;
    const comma = options.decimal === ',';
    this.#records = new RecordReader(options, {
      expects: () => false,
      header: (names) => {
        const { target, file, operation = 'inferSchema' } = options;
        if (target !== undefined && !names.includes(target)) {
          throw unknownColumn(operation, target, names, { file, line: 1 });
        }
        this.#columns = names.map(nothingSeen);
      },
      record: (fields, line) => {
        this.#rows++;
        const how = { comma, maxLevels, line };
        for (let i = 0; i < fields.length; i++) see(this.#columns[i], fields[i], how);
      },
    });
  }

  push(chunk: Uint8Array): void {
    this.#records.push(chunk);
  }

  end(): Proposal {
    this.#records.end();
    const rows = this.#rows;
    const maxLevels = this.#maxLevels;
    const { target } = this.#options;
    const notes = this.#records.warnings;
    return proposalOf(this.#columns, { rows, maxLevels, target, notes });
  }
}

/** What is proposed after all columns were seen. */
export function proposalOf(
  columns: readonly Seen[],
  file: {
    readonly rows: number;
    readonly maxLevels: number;
    readonly target: string | undefined;
    readonly notes: readonly Warning[];
    /** What the places of cells count. */
    readonly unit?: 'line' | 'row';
  },
): Proposal {
  const { rows, maxLevels, target, notes, unit = 'line' } = file;
  const proposals = columns.map((seen) => propose(seen, rows, maxLevels, unit));
  const schema: Schema = {
    columns: proposals.map(({ column }) => column),
    ...(target === undefined ? {} : { target }),
  };
  const lines = proposals.map(
    ({ column, why }) => `${quoted(column.name)}: ${column.type}, because ${why}`,
  );
  const proposal: Proposal = {
    schema,
    explanation: [
      `${counted(rows, 'row')}, ${counted(columns.length, 'column')}`,
      ...lines,
      ...notes.map(({ message }) => `note: ${message}`),
    ].join('\n'),
    source: formatSchema(schema),
  };
  const text = () => `${proposal.explanation}\n\n${proposal.source}`;
  return printing(proposal, { text });
}

function propose(
  seen: Seen,
  rows: number,
  maxLevels: number,
  unit: 'line' | 'row',
): { column: NamedColumn; why: string } {
  const { name, present, numbers, booleans, levels } = seen;
  const holes = rows - present;
  const tokens = [...seen.missing.keys()];
  // Holes are kept, so that a reader of the schema sees them and decides: impute, drop or refuse.
  const missing = holes === 0 ? {} : { missing: { tokens, policy: 'keep' as const } };
  const marks = tokens.length === 0 ? '' : ` (${listed(tokens)})`;
  const gaps = holes === 0 ? '' : `; ${holes} of ${rows} cells are missing${marks}`;
  if (seen.nested !== undefined) {
    const why = `${unit} ${seen.nested} holds a list or an object`;
    return { column: { name, type: 'ignored' }, why };
  }
  if (present === 0)
    return { column: { name, type: 'ignored' }, why: `all ${rows} cells are missing` };
  if (numbers === present && seen.code !== undefined) {
    const { raw, line } = seen.code;
    const why = `all ${numbers} cells are digits, but a number would not keep ${quoted(raw)} on ${unit} ${line} as it is written; if these are quantities, declare it number()${gaps}`;
    return { column: { name, type: 'text', ...missing }, why };
  }
  if (numbers === present) {
    const why = `all ${numbers} cells are decimal numbers, from ${seen.low} to ${seen.high}${gaps}`;
    return { column: { name, type: 'number', ...missing }, why };
  }
  if (booleans === present) {
    return {
      column: { name, type: 'boolean', ...missing },
      why: `all ${present} cells are true or false${gaps}`,
    };
  }
  if (seen.dates === present) {
    return {
      column: { name, type: 'date', ...missing },
      why: `all ${present} cells are dates in ISO 8601${gaps}`,
    };
  }
  const odd = seen.oddCell!;
  const mixed =
    numbers === 0
      ? ''
      : `; ${numbers} cells are numbers, the first that is not is ${quoted(odd.raw)} on ${unit} ${odd.line}`;
  if (levels.size <= maxLevels && (levels.size <= present / 2 || levels.size <= 2)) {
    const sorted = sortedLevels([...levels]);
    const why = `there are ${sorted.length} different labels in ${present} cells${mixed}${gaps}`;
    return { column: { name, type: 'category', levels: sorted, ...missing }, why };
  }
  const many = levels.size > maxLevels ? `more than ${maxLevels}` : `${levels.size}`;
  const why = `there are ${many} different texts in ${present} cells${mixed}${gaps}`;
  return { column: { name, type: 'text', ...missing }, why };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
