import { CsvError } from '../error.ts';
import type { Warning } from '../warning.ts';
import { type Block, RecordBlocks } from './blocks.ts';
import { decoded, encodingError, foreignEncoding, withoutMark } from './encoding.ts';
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

/** How the bytes of a file are cut into records. */
export interface RecordOptions {
  readonly delimiter?: string;
  /** true: the first line holds names, even if they look like numbers; false: it is data. */
  readonly header?: boolean;
  /** Names for a file without a header line. */
  readonly names?: readonly string[];
  /** What messages call the file. */
  readonly file?: string;
  /** The longest field that is accepted, in bytes; 16 MiB unless said. */
  readonly maxFieldSize?: number;
  /** What messages call the operation. */
  readonly operation?: string;
}

/** Takes the records in order; either method may throw. `line()` is the current record's first line. */
export interface RecordHandler {
  /** Says whether these names were expected, so that doubts about them are laid aside. */
  expects(names: readonly string[]): boolean;
  header(names: readonly string[]): void;
  record(fields: readonly string[], line: () => number): void;
}

/** Bytes in, checked records out: encoding, quotes, line ends, header and record lengths. */
export class RecordReader {
  readonly warnings: Warning[] = [];
  readonly delimiter: string;
  private readonly options: RecordOptions;
  private readonly handler: RecordHandler;
  private readonly blocks: RecordBlocks;
  private readonly maxFieldSize: number;
  private names: readonly string[] | undefined;
  private first = true;
  private begun = false;
  private count = 0;
  /** Blank lines that may turn out to end the file. */
  private blanks = { line: 0, count: 0 };
  private block!: Block;
  private text = '';
  /** The block's lines, split when the first of them is asked for. */
  private physical: string[] | undefined;
  private current!: Records;
  /** Made when the first of the block's lines is asked for. */
  private lines: Int32Array | undefined;
  private index = 0;

  constructor(options: RecordOptions, handler: RecordHandler) {
    this.options = options;
    this.handler = handler;
    this.delimiter = options.delimiter ?? ',';
    this.maxFieldSize = options.maxFieldSize ?? 16 * 1024 * 1024;
    this.blocks = new RecordBlocks(4 * this.maxFieldSize, (block) => this.takeBlock(block));
    if (options.names !== undefined && options.header !== false) {
      throw new TypeError(
        `${this.operation}: names are for a file without a header line; pass header: false too, or leave them out`,
      );
    }
    if (this.delimiter === '' || /["\r\n]/.test(this.delimiter)) {
      throw new TypeError(
        `${this.operation}: the delimiter must be text without quotes and line ends, such as ';', found ${JSON.stringify(this.delimiter)}`,
      );
    }
  }

  push(chunk: Uint8Array): void {
    this.blocks.push(chunk);
  }

  end(): void {
    this.blocks.end();
    if (this.names === undefined) {
      throw this.faultAt(undefined, emptyFile);
    }
    if (!this.begun) this.begin(this.names);
    const { line, count } = this.blanks;
    if (count > 0) {
      this.warnings.push({
        kind: 'trailing-blank-lines',
        line,
        count,
        message: `blank lines at the end, from line ${line}, were ignored`,
      });
    }
    if (this.count === 0) {
      throw this.faultAt(undefined, noRows);
    }
  }

  private readonly line = (): number => {
    if (!this.block.quoted) return this.block.line + this.index;
    this.lines ??= startLines(this.block, this.current);
    return this.lines[this.index];
  };

  private takeBlock(block: Block): void {
    this.block = block;
    if (this.first) {
      this.first = false;
      const foreign = foreignEncoding(block.bytes);
      if (foreign !== undefined) throw this.faultAt(1, { reason: 'encoding', ...foreign });
      this.block = { ...block, bytes: withoutMark(block.bytes) };
    }
    const bare = this.checkText();
    this.current = parseRecords(this.block, this.delimiter);
    this.lines = undefined;
    this.physical = undefined;
    const { records, failure } = this.current;
    const complete = block.overflow && failure === undefined ? records.length - 1 : records.length;
    for (this.index = 0; this.index < complete; this.index++) {
      if (bare !== undefined && bare < this.lineAfter(this.index)) throw this.lineEnds(bare);
      this.takeRecord(records[this.index]);
    }
    if (bare !== undefined && bare === this.line()) throw this.lineEnds(bare);
    if (block.overflow && failure !== 'malformed-quote') throw this.tooLarge(undefined);
    if (failure !== undefined) throw this.badQuote(failure);
  }

  /** Refuses bytes that are no text; returns the line of a carriage return alone, if there is one. */
  private checkText(): number | undefined {
    const { bytes, line, quoted } = this.block;
    const text = decoded(bytes);
    if (text === undefined) {
      const place = { operation: this.operation, file: this.options.file };
      throw encodingError(bytes, line, this.names, this.delimiter, place);
    }
    this.text = quoted ? text : '';
    return bytes.indexOf(13) < 0 ? undefined : bareReturn(text, line);
  }

  private lineAfter(index: number): number {
    if (!this.block.quoted) return this.block.line + index + 1;
    this.lines ??= startLines(this.block, this.current);
    return this.lines[index + 1];
  }

  private lineEnds(line: number): CsvError {
    return lineEnds({ operation: this.operation, file: this.options.file, line });
  }

  /** A line without content. In a file of one column `""` is content: an empty cell. */
  private isBlank(fields: readonly string[]): boolean {
    if (fields.length !== 1 || !isBlank(fields[0])) return false;
    return this.names?.length !== 1 || !this.block.quoted || !this.startsWithQuote();
  }

  private startsWithQuote(): boolean {
    this.physical ??= this.text.split('\n');
    return this.physical[this.line() - this.block.line].startsWith('"');
  }

  private takeRecord(fields: readonly string[]): void {
    if (this.isBlank(fields)) {
      if (this.blanks.count++ === 0) this.blanks.line = this.line();
      return;
    }
    if (this.blanks.count > 0) this.takeBlanks();
    for (let i = 0; i < fields.length; i++) {
      if (fields[i].length > this.maxFieldSize) throw this.tooLarge(this.names?.[i]);
    }
    if (this.names === undefined) {
      this.takeHeader(fields);
      if (this.options.header !== false) return;
    }
    const names = this.names!;
    if (!this.begun) {
      this.checkDelimiter(names, fields); // before the handler can miss the columns it wants
      this.begin(names);
    }
    if (fields.length !== names.length) throw this.fault(ragged(names, fields));
    this.count++;
    this.handler.record(fields, this.line);
  }

  private begin(names: readonly string[]): void {
    this.begun = true;
    this.handler.header(names);
  }

  /** Blank lines before a record: missing cells if there is one column, otherwise an error. */
  private takeBlanks(): void {
    const { line, count } = this.blanks;
    this.blanks = { line: 0, count: 0 };
    if (this.names?.length !== 1) {
      throw this.faultAt(line, blankLine);
    }
    if (!this.begun) this.begin(this.names);
    for (let i = 0; i < count; i++) {
      this.count++;
      this.handler.record([''], () => line + i);
    }
  }

  private takeHeader(fields: readonly string[]): void {
    const { header, names } = this.options;
    const place = { operation: this.operation, file: this.options.file, line: this.line() };
    if (header === false) {
      if (names !== undefined && names.length !== fields.length)
        throw this.fault(wrongCount(names, fields));
      this.names =
        names === undefined
          ? fields.map((_, i) => `column_${i + 1}`)
          : headerNames(names, true, { ...place, line: undefined });
    } else {
      const note = excelNote(fields.join(this.delimiter));
      if (note !== undefined) throw this.fault(note);
      const expected = header === true || this.handler.expects(fields.map((name) => name.trim()));
      this.names = headerNames(fields, expected, place);
      this.warnings.push(...headerWarnings(this.names, fields, expected, place.line));
    }
  }

  private checkDelimiter(names: readonly string[], fields: readonly string[]): void {
    if (names.length !== 1 || this.options.header === false || this.handler.expects(names)) return;
    const other = likelyDelimiter(names[0], fields.join(this.delimiter), this.delimiter);
    if (other !== undefined) throw this.faultAt(1, wrongDelimiter(other, this.delimiter));
  }

  private badQuote(failure: 'malformed-quote' | 'unterminated-quote'): CsvError {
    const other = this.names === undefined ? quotedDelimiter(this.text, this.delimiter) : undefined;
    if (other !== undefined) return this.fault(wrongDelimiter(other, this.delimiter));
    return this.fault(badQuote(failure), this.names?.[this.current.field ?? -1]);
  }

  private tooLarge(column: string | undefined): CsvError {
    return this.fault(tooLarge(this.maxFieldSize), column);
  }

  private get operation(): string {
    return this.options.operation ?? 'readCsv';
  }

  /** The error for a fault of the record at hand. */
  private fault(saying: Saying, column?: string): CsvError {
    return this.faultAt(this.line(), saying, column);
  }

  private faultAt(line: number | undefined, saying: Saying, column?: string): CsvError {
    return new CsvError({
      operation: this.operation,
      file: this.options.file,
      line,
      column,
      ...saying,
    });
  }
}
