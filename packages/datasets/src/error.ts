/** Why data was refused: one word per kind of fault, the same for every door into the package. */
export type Reason =
  | 'empty-file'
  | 'no-data-rows'
  | 'too-few-rows'
  | 'ragged-row'
  | 'blank-line'
  | 'missing'
  | 'not-a-number'
  | 'not-finite'
  | 'precision'
  | 'malformed-quote'
  | 'unterminated-quote'
  | 'encoding'
  | 'control-character'
  | 'line-ends'
  | 'delimiter'
  | 'header-looks-numeric'
  | 'empty-header-name'
  | 'duplicate-header'
  | 'unknown-column'
  | 'target-in-features'
  | 'high-cardinality'
  | 'one-class'
  | 'too-many-classes'
  | 'labels-not-0-1'
  | 'constant-column'
  | 'constant-target'
  | 'rank-deficient'
  | 'field-too-large'
  | 'all-missing-column'
  | 'not-a-boolean'
  | 'not-a-date'
  | 'nested-value'
  | 'malformed-json'
  | 'damaged-file'
  | 'unknown-category';

/** What is known about a fault; `problem` says what was found, `advice` what to do next. */
export interface Fault {
  readonly operation: string;
  readonly reason: Reason;
  readonly problem: string;
  readonly advice: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  /** The row, counted from 1, in a file that has no lines. */
  readonly row?: number | undefined;
  readonly column?: string | undefined;
  readonly raw?: string | undefined;
}

/**
 * Data that was refused: `reason` is for programs, `message` for people.
 * `line` is the physical line, 1-based, on which the record starts; in Parquet and databases `row` stands
 * in its place. `raw` is clipped to 60 characters.
 *
 * @example
 * try { parseCsv('a,b\n1,x\n') } catch (error) { error.reason } // 'not-a-number'
 * // parseCsv: line 2, column "b": got "x", which is not a decimal number; …
 */
export class CsvError extends Error {
  readonly reason: Reason;
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly row: number | undefined;
  readonly column: string | undefined;
  readonly raw: string | undefined;
  /** What was found, and what to do next: the message without operation and place. */
  readonly problem: string;
  readonly advice: string;

  constructor(fault: Fault) {
    const place = [
      fault.file === undefined ? '' : clip(fault.file, 200),
      fault.line === undefined ? '' : `line ${fault.line}`,
      fault.row === undefined ? '' : `row ${fault.row}`,
      fault.column === undefined ? '' : `column ${quoted(fault.column)}`,
    ].filter((part) => part !== '');
    const where = place.length === 0 ? '' : `${place.join(', ')}: `;
    super(`${fault.operation}: ${where}${fault.problem}; ${fault.advice}`);
    this.name = 'CsvError';
    this.reason = fault.reason;
    this.problem = fault.problem;
    this.advice = fault.advice;
    this.file = fault.file;
    this.line = fault.line;
    this.row = fault.row;
    this.column = fault.column;
    this.raw = fault.raw === undefined ? undefined : clip(fault.raw);
  }
}

/** The text in double quotes, clipped, with invisible characters spelled out as \u escapes. */
export function quoted(text: string): string {
  const shown = JSON.stringify(clip(text)).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu,
    (char) => `\\u${char.codePointAt(0)?.toString(16).padStart(4, '0')}`,
  );
  return text.length > CLIP ? `${shown} (${text.length} characters in all)` : shown;
}

/** A list of names for a message, at most eight of them. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 8).map(quoted).join(', ');
  return names.length > 8 ? `${shown} and ${names.length - 8} more` : shown;
}

const CLIP = 60;

function clip(text: string, length: number = CLIP): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
