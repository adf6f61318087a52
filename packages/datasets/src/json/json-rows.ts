import { CsvError, type Reason } from '../error.ts';
import type { RowHandler } from '../typed/row-handler.ts';
import type { Warning } from '../warning.ts';
import { LineReader } from './line-reader.ts';
import { JsonFault, scanObject } from './scan-object.ts';

/** Bytes of JSON lines in, rows of typed cells out, ordered by the keys of the first line. */
export class JsonRows {
  readonly warnings: Warning[] = [];
  readonly #place: { readonly operation: string; readonly file: string | undefined };
  readonly #handler: RowHandler;
  readonly #lines: LineReader;
  #names: string[] | undefined;
  #index = new Map<string, number>();
  #cells: unknown[] = [];
  /** By column: the last line that had it. */
  #metOn: number[] = [];
  #blank: { line: number; count: number } = { line: 0, count: 0 };

  constructor(
    place: { readonly operation: string; readonly file: string | undefined },
    handler: RowHandler,
  ) {
    this.#place = place;
    this.#handler = handler;
    this.#lines = new LineReader(place, (text, line) => this.#take(text, line));
  }

  /** Takes the next bytes; false if no more are wanted. */
  push(chunk: Uint8Array): boolean {
    return this.#lines.push(chunk);
  }

  end(): void {
    this.#lines.end();
    const { line, count } = this.#blank;
    if (this.#names === undefined) {
      throw new CsvError({
        ...this.#place,
        reason: 'empty-file',
        problem: 'the file is empty',
        advice: 'give one JSON object on each line',
      });
    }
    if (count === 0) return;
    const message = `blank lines at the end, from line ${line}, were ignored`;
    this.warnings.push({ kind: 'trailing-blank-lines', line, count, message });
  }

  #take(text: string, line: number): boolean {
    if (/^[ \t\r]*$/.test(text)) {
      if (this.#blank.count++ === 0) this.#blank.line = line;
      return true;
    }
    if (this.#blank.count > 0) {
      throw this.#fault(this.#blank.line, 'blank-line', 'the line is blank', 'remove it');
    }
    if (this.#names === undefined) this.#begin(text, line);
    this.#cells.fill(undefined);
    let expected = 0;
    this.#scan(text, line, (key, value) => {
      const i = this.#names![expected] === key ? expected : this.#indexOf(key, line);
      expected = i + 1;
      if (i < 0) return;
      if (this.#metOn[i] === line) throw this.#twice(key, line);
      this.#metOn[i] = line;
      this.#cells[i] = value;
    });
    return this.#handler.row(this.#cells, line);
  }

  #begin(text: string, line: number): void {
    if (/^[ \t\r]*\[/.test(text)) {
      const problem = 'the file begins with a list: it is JSON, not JSON lines';
      const advice =
        'write one object on each line, without brackets around them and commas between them';
      throw this.#fault(line, 'malformed-json', problem, advice);
    }
    const found = new Set<string>();
    this.#scan(text, line, (key) => {
      if (found.size === found.add(key).size) throw this.#twice(key, line);
    });
    this.#names = [...this.#handler.names([...found], line)];
    this.#index = new Map(this.#names.map((name, i) => [name, i]));
    this.#cells = this.#names.map(() => undefined);
    this.#metOn = this.#names.map(() => 0);
  }

  /** The place of a key that is not where it was expected; −1 if it is not read. */
  #indexOf(key: string, line: number): number {
    const known = this.#index.get(key);
    if (known !== undefined) return known;
    if (!this.#handler.another(key, line)) return -1;
    this.#names!.push(key);
    this.#cells.push(undefined);
    this.#metOn.push(0);
    this.#index.set(key, this.#names!.length - 1);
    return this.#names!.length - 1;
  }

  #scan(text: string, line: number, take: (key: string, value: unknown) => void): void {
    try {
      scanObject(text, take);
    } catch (error) {
      if (!(error instanceof JsonFault)) throw error;
      throw this.#fault(line, 'malformed-json', error.problem, error.advice);
    }
  }

  #twice(key: string, line: number): CsvError {
    const advice = 'remove one of them';
    return this.#fault(line, 'malformed-json', 'the key stands twice in the line', advice, key);
  }

  #fault(line: number, reason: Reason, problem: string, advice: string, column?: string): CsvError {
    return new CsvError({ ...this.#place, line, reason, problem, advice, column });
  }
}
