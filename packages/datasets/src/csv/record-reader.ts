import { boolean, listOf, oneOf, option, type Spec, text, wholeNumber } from '@steepest/ground';
import { CsvError } from '../error.ts';
import type { Warning } from '../warning.ts';
import {
  decoded,
  encodingError,
  firstBadByte,
  foreignEncoding,
  wholeRecords,
  withoutMark,
} from './encoding.ts';
import { longField } from './field-size.ts';
import {
  headerNames,
  headerWarnings,
  likelyDelimiter,
  lineEnds,
  quotedDelimiter,
} from './header.ts';
import {
  badQuote,
  blankLine,
  emptyFile,
  excelNote,
  isBlank,
  noRows,
  ragged,
  type Saying,
  tooLarge,
  wrongCount,
  wrongDelimiter,
} from './record-faults.ts';
import { bareReturn, parseRecords, type Records, startLines } from './records.ts';
import { type Encoding, encodings, Transcoder } from './transcode.ts';
import { type Block, blockBytes, plainMemory, TextWindow } from './window.ts';

/** How the bytes of a file are cut into records. */
export interface RecordOptions {
  readonly delimiter?: string;
  /** true: the first line holds names, even if they look like numbers; false: it is data. */
  readonly header?: boolean;
  /** Names for a file without a header line. */
  readonly names?: readonly string[];
  /**
   * How the bytes spell text. What a byte order mark says, otherwise UTF-8, unless given; Latin-1 is read
   * as its superset Windows-1252.
   */
  readonly encoding?: Encoding;
  /** What messages call the file. */
  readonly file?: string;
  /** The longest field that is accepted, in bytes; 16 MiB unless said. */
  readonly maxFieldSize?: number;
  /** What messages call the operation. */
  readonly operation?: string;
}

export const recordSpec: Spec<RecordOptions> = {
  delimiter: option({
    expected: 'text without quotes and line ends',
    accepts: (x) => typeof x === 'string' && x !== '' && !/["\r\n]/.test(x),
    sample: "';'",
  }),
  header: boolean(),
  names: listOf(text()),
  encoding: oneOf(encodings),
  file: text(),
  maxFieldSize: wholeNumber(1),
  operation: text(),
};

/** Takes the records in order; either method may throw. `line()` is the current record's first line. */
export interface RecordHandler {
  /** Says whether these names were expected, so that doubts about them are laid aside. */
  expects(names: readonly string[]): boolean;
  header(names: readonly string[]): void;
  record(fields: readonly string[], line: () => number): void;
  /** Whether no more records are wanted. */
  isFull?(): boolean;
  /** A faster way for plain lines, as soon as there is one; undefined if there will be none. */
  readonly lane?: LaneDoor | undefined;
}

/** The byte lane as the reader sees it. */
export interface LaneDoor {
  /** Whether it can take lines by now. */
  ready(window: TextWindow): boolean;
  /** How many bytes it likes to be given at once. */
  readonly pieceBytes: number;
  /** Takes lines off the window; `stopped` if it met one that it cannot take. */
  take(window: TextWindow): { readonly lines: number; readonly stopped: boolean };
}

/** Where a record of many fields becomes too large for memory, whatever a field may be. */
const mostUnfinished = 64 * 1024 * 1024;

/** Bytes in, checked records out: encoding, quotes, line ends, header and record lengths. */
export class RecordReader {
  readonly warnings: Warning[] = [];
  readonly delimiter: string;
  readonly #options: RecordOptions;
  readonly #handler: RecordHandler;
  readonly #transcoder: Transcoder;
  readonly #window = new TextWindow(plainMemory());
  /** How many records the reference takes before the lane is tried again, and whether it must now. */
  #patience = 2;
  #owed = false;
  #checked = false;
  /** The size from which the record that has begun is looked at again. */
  #nextLook = 0;
  readonly #maxFieldSize: number;
  #names: readonly string[] | undefined;
  #begun = false;
  #count = 0;
  /** Blank lines that may turn out to end the file. */
  #blanks: { line: number; count: number; raw: string[] } = { line: 0, count: 0, raw: [] };
  #block!: Block;
  #text = '';
  /** The block's lines, split when the first of them is asked for. */
  #physical: string[] | undefined;
  #current!: Records;
  /** Made when the first of the block's lines is asked for. */
  #lines: Int32Array | undefined;
  #index = 0;

  constructor(options: RecordOptions, handler: RecordHandler) {
    this.#options = options;
    this.#handler = handler;
    this.delimiter = options.delimiter ?? ',';
    const { file, encoding } = options;
    this.#transcoder = new Transcoder({ operation: this.#operation, file, encoding });
    this.#maxFieldSize = options.maxFieldSize ?? 16 * 1024 * 1024;
    if (options.names !== undefined && options.header !== false) {
      throw new TypeError(
        `${this.#operation}: names are for a file without a header line; pass header: false too, or leave them out`,
      );
    }
  }

  /** Takes the next bytes, of any length; the caller may reuse them. */
  push(chunk: Uint8Array): void {
    for (let from = 0; from < chunk.length; ) {
      const piece = chunk.subarray(from, from + (this.#handler.lane?.pieceBytes ?? blockBytes));
      from += piece.length;
      this.#window.append(this.#transcoder.push(piece));
      this.#drain(false);
    }
  }

  /** How many bytes were pushed and not taken yet: the file's next record begins with them. */
  get waiting(): number {
    return this.#window.length;
  }

  /** The line on which the next record begins. */
  get nextLine(): number {
    return this.#window.line;
  }

  /** Whether the next byte begins a plain record, as far as can be seen. */
  get isPlain(): boolean {
    const { lane } = this.#handler;
    return (
      lane !== undefined &&
      !this.#transcoder.changes &&
      !this.#owed &&
      this.#patience <= 2 &&
      this.#isBetweenRecords() &&
      lane.ready(this.#window)
    );
  }

  /** Goes on behind lines that were read elsewhere; what waits here is theirs. */
  skip(lines: number): void {
    const window = this.#window;
    window.skipTo(window.start + window.length, lines);
    this.#count += lines;
  }

  end(): void {
    if (!this.#isFull()) this.#window.append(this.#transcoder.end());
    this.#drain(true);
    if (this.#names === undefined) {
      throw this.#faultAt(undefined, emptyFile);
    }
    if (!this.#begun) this.#begin(this.#names);
    const { line, count } = this.#blanks;
    if (count > 0) {
      this.warnings.push({
        kind: 'trailing-blank-lines',
        line,
        count,
        message: `blank lines at the end, from line ${line}, were ignored`,
      });
    }
    if (this.#count === 0) {
      throw this.#faultAt(undefined, noRows);
    }
  }

  /** Takes what the window has, by the lane where that is possible, otherwise by the reference. */
  #drain(atEnd: boolean): void {
    const window = this.#window;
    if (!this.#checked && (atEnd || window.length >= 4)) this.#checkStart();
    const { lane } = this.#handler;
    while (this.#checked && window.length > 0 && !this.#isFull()) {
      if (lane !== undefined && !this.#owed && this.#isBetweenRecords() && lane.ready(window)) {
        const { lines, stopped } = lane.take(window);
        this.#count += lines;
        if (!stopped && !atEnd) return;
        // A line like this every now and then costs little; many in a row are cheaper together.
        this.#patience = lines >= 64 ? 1 : Math.min(2 * this.#patience, 4096);
        this.#owed = true;
        if (window.length === 0) return;
      }
      const most = lane === undefined ? Number.POSITIVE_INFINITY : this.#patience;
      let block = window.records(most, atEnd);
      if (block === undefined) {
        if (!this.#isTooLarge(window)) return;
        block = window.overflow();
      }
      this.#owed = false;
      this.#nextLook = 0;
      this.#takeBlock(block);
    }
  }

  /** Whether the record that has begun is refused already, before memory is filled with it. */
  #isTooLarge(window: TextWindow): boolean {
    const { unfinished } = window;
    if (unfinished <= this.#maxFieldSize || unfinished < this.#nextLook) return false;
    this.#nextLook = 2 * unfinished;
    if (unfinished > Math.max(4 * this.#maxFieldSize, mostUnfinished)) return true;
    const rest = window.peek(window.length).subarray(-unfinished);
    return longField(rest, this.delimiter, this.#maxFieldSize) !== undefined;
  }

  #isFull(): boolean {
    return this.#handler.isFull?.() === true;
  }

  #isBetweenRecords(): boolean {
    return this.#begun && this.#blanks.count === 0;
  }

  /** Refuses a file whose first bytes say that it is something else; skips a byte order mark. */
  #checkStart(): void {
    this.#checked = true;
    const bytes = this.#window.peek(4);
    const foreign = foreignEncoding(bytes);
    if (foreign !== undefined) throw this.#faultAt(1, { ...foreign, reason: 'encoding' });
    this.#window.skipTo(this.#window.start + bytes.length - withoutMark(bytes).length, 0);
  }

  readonly #line = (): number => {
    if (!this.#block.quoted) return this.#block.line + this.#index;
    this.#lines ??= startLines(this.#block, this.#current);
    return this.#lines[this.#index];
  };

  #takeBlock(block: Block): void {
    this.#block = block;
    const bare = this.#checkText();
    this.#current = parseRecords(this.#block, this.delimiter);
    this.#lines = undefined;
    this.#physical = undefined;
    const { records, failure } = this.#current;
    const complete = block.overflow && failure === undefined ? records.length - 1 : records.length;
    for (this.#index = 0; this.#index < complete; this.#index++) {
      if (bare !== undefined && bare < this.#lineAfter(this.#index)) throw this.#lineEnds(bare);
      this.#takeRecord(records[this.#index]);
      if (this.#isFull()) return;
    }
    if (bare !== undefined && bare === this.#line()) throw this.#lineEnds(bare);
    if (!block.overflow && failure === undefined) return;
    if (this.#blanks.count > 0) this.#takeBlanks();
    const long = longField(this.#recordBytes(), this.delimiter, this.#maxFieldSize);
    const isLong = long !== undefined || (block.overflow && failure !== 'malformed-quote');
    if (isLong) throw this.#tooLarge(this.#names?.[long ?? -1]);
    if (failure !== undefined) throw this.#badQuote(failure);
  }

  /** The block's bytes from the current record on. */
  #recordBytes(): Uint8Array {
    const { bytes, line } = this.#block;
    let start = 0;
    for (let at = line; at < this.#line(); at++) start = bytes.indexOf(10, start) + 1;
    return bytes.subarray(start);
  }

  /** Refuses bytes that are no text; returns the line of a carriage return alone, if there is one. */
  #checkText(): number | undefined {
    const { bytes, line, quoted, overflow } = this.#block;
    const text = decoded(bytes, overflow);
    if (text === undefined) {
      // Faults of the records before come first, wherever the bytes were cut into blocks.
      const { whole, lines } = wholeRecords(bytes, firstBadByte(bytes));
      const before = bytes.subarray(0, whole);
      if (whole > 0) this.#takeBlock({ ...this.#block, bytes: before, overflow: false });
      const place = { operation: this.#operation, file: this.#options.file };
      throw encodingError(bytes.subarray(whole), line + lines, this.#names, this.delimiter, place);
    }
    this.#text = quoted ? text : '';
    return bytes.indexOf(13) < 0 ? undefined : bareReturn(text, line);
  }

  #lineAfter(index: number): number {
    if (!this.#block.quoted) return this.#block.line + index + 1;
    this.#lines ??= startLines(this.#block, this.#current);
    return this.#lines[index + 1];
  }

  #lineEnds(line: number): CsvError {
    return lineEnds({ operation: this.#operation, file: this.#options.file, line });
  }

  /** A line without content. In a file of one column `""` is content: an empty cell. */
  #isBlank(fields: readonly string[]): boolean {
    if (fields.length !== 1 || !isBlank(fields[0])) return false;
    return this.#names?.length !== 1 || !this.#block.quoted || !this.#startsWithQuote();
  }

  #startsWithQuote(): boolean {
    this.#physical ??= this.#text.split('\n');
    return this.#physical[this.#line() - this.#block.line].startsWith('"');
  }

  #takeRecord(fields: readonly string[]): void {
    if (this.#isBlank(fields)) {
      if (this.#blanks.count++ === 0) this.#blanks.line = this.#line();
      if (this.#names?.length === 1) this.#blanks.raw.push(fields[0]);
      return;
    }
    if (this.#blanks.count > 0) this.#takeBlanks();
    for (let i = 0; i < fields.length; i++) {
      if (fields[i].length > this.#maxFieldSize) throw this.#tooLarge(this.#names?.[i]);
    }
    if (this.#names === undefined) {
      this.#takeHeader(fields);
      if (this.#options.header !== false) return;
    }
    const names = this.#names!;
    if (!this.#begun) {
      this.#checkDelimiter(names, fields); // before the handler can miss the columns it wants
      this.#begin(names);
    }
    if (fields.length !== names.length) throw this.#fault(ragged(names, fields));
    this.#count++;
    this.#handler.record(fields, this.#line);
  }

  #begin(names: readonly string[]): void {
    this.#begun = true;
    this.#handler.header(names);
  }

  /** Blank lines before a record: missing cells if there is one column, otherwise an error. */
  #takeBlanks(): void {
    const { line, count, raw } = this.#blanks;
    this.#blanks = { line: 0, count: 0, raw: [] };
    if (this.#names?.length !== 1) {
      throw this.#faultAt(line, blankLine);
    }
    if (!this.#begun) this.#begin(this.#names);
    for (let i = 0; i < count; i++) {
      this.#count++;
      this.#handler.record([raw[i]], () => line + i);
    }
  }

  #takeHeader(fields: readonly string[]): void {
    const { header, names } = this.#options;
    const place = { operation: this.#operation, file: this.#options.file, line: this.#line() };
    if (header === false) {
      if (names !== undefined && names.length !== fields.length)
        throw this.#fault(wrongCount(names, fields));
      this.#names =
        names === undefined
          ? fields.map((_, i) => `column_${i + 1}`)
          : headerNames(names, true, { ...place, line: undefined });
    } else {
      const note = excelNote(fields.join(this.delimiter));
      if (note !== undefined) throw this.#fault(note);
      const expected = header === true || this.#handler.expects(fields.map((name) => name.trim()));
      this.#names = headerNames(fields, expected, place);
      this.warnings.push(...headerWarnings(this.#names, fields, expected, place.line));
    }
  }

  #checkDelimiter(names: readonly string[], fields: readonly string[]): void {
    const { header, delimiter } = this.#options;
    if (names.length !== 1 || header === false || delimiter !== undefined) return;
    if (this.#handler.expects(names)) return;
    const other = likelyDelimiter(names[0], fields.join(this.delimiter), this.delimiter);
    if (other !== undefined) throw this.#faultAt(1, wrongDelimiter(other, this.delimiter));
  }

  #badQuote(failure: 'malformed-quote' | 'unterminated-quote'): CsvError {
    const other =
      this.#names === undefined ? quotedDelimiter(this.#text, this.delimiter) : undefined;
    if (other !== undefined) return this.#fault(wrongDelimiter(other, this.delimiter));
    return this.#fault(badQuote(failure), this.#names?.[this.#current.field ?? -1]);
  }

  #tooLarge(column: string | undefined): CsvError {
    return this.#fault(tooLarge(this.#maxFieldSize), column);
  }

  get #operation(): string {
    return this.#options.operation ?? 'readCsv';
  }

  /** The error for a fault of the record at hand. */
  #fault(saying: Saying, column?: string): CsvError {
    return this.#faultAt(this.#line(), saying, column);
  }

  #faultAt(line: number | undefined, saying: Saying, column?: string): CsvError {
    return new CsvError({
      operation: this.#operation,
      file: this.#options.file,
      line,
      column,
      ...saying,
    });
  }
}
