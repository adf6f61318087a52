import { decoded, firstBadByte, foreignEncoding, withoutMark } from '../csv/encoding.ts';
import { Transcoder } from '../csv/transcode.ts';
import { CsvError, type Fault } from '../error.ts';

/** Where a line becomes too long for memory, in bytes. */
const longestLine = 64 * 1024 * 1024;

/** Bytes in, lines of text out, without their ends. */
export class LineReader {
  readonly #place: { readonly operation: string; readonly file: string | undefined };
  readonly #take: (text: string, line: number) => boolean;
  readonly #transcoder: Transcoder;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #line = 1;
  #begun = false;
  #wanted = true;

  /** `take` is given each line and its number; it returns false if no more are wanted. */
  constructor(
    place: { readonly operation: string; readonly file: string | undefined },
    take: (text: string, line: number) => boolean,
  ) {
    this.#place = place;
    this.#take = take;
    this.#transcoder = new Transcoder({ ...place, encoding: undefined });
  }

  /** Takes the next bytes; the caller may reuse them. False if no more are wanted. */
  push(chunk: Uint8Array): boolean {
    this.#append(this.#transcoder.push(chunk));
    return this.#wanted;
  }

  end(): void {
    if (!this.#wanted) return;
    this.#append(this.#transcoder.end());
    if (this.#wanted && this.#heldBytes > 0) this.#takeBlock(this.#whole(new Uint8Array(0)));
  }

  #append(bytes: Uint8Array): void {
    const end = bytes.lastIndexOf(10) + 1;
    if (end > 0) this.#takeBlock(this.#whole(bytes.subarray(0, end)));
    if (end === bytes.length) return;
    this.#held.push(bytes.slice(end));
    this.#heldBytes += bytes.length - end;
    if (this.#heldBytes <= longestLine) return;
    throw this.#fault(this.#line, {
      reason: 'field-too-large',
      problem: `the line is longer than ${longestLine} bytes`,
      advice: 'write one object on each line',
    });
  }

  /** What is held, and these bytes behind it. */
  #whole(bytes: Uint8Array): Uint8Array {
    if (this.#heldBytes === 0) return bytes;
    const all = new Uint8Array(this.#heldBytes + bytes.length);
    let at = 0;
    for (const part of [...this.#held, bytes]) {
      all.set(part, at);
      at += part.length;
    }
    this.#held = [];
    this.#heldBytes = 0;
    return all;
  }

  #takeBlock(given: Uint8Array): void {
    let bytes = given;
    if (!this.#begun) {
      this.#begun = true;
      const foreign = foreignEncoding(bytes);
      if (foreign !== undefined) throw this.#fault(1, { ...foreign, reason: 'encoding' });
      bytes = withoutMark(bytes);
    }
    const text = decoded(bytes);
    if (text !== undefined) {
      this.#takeLines(text);
      return;
    }
    const bad = firstBadByte(bytes);
    const start = bytes.lastIndexOf(10, bad) + 1;
    this.#takeLines(decoded(bytes.subarray(0, start)) ?? ''); // faults of the lines before come first
    if (!this.#wanted) return;
    throw this.#fault(this.#line, {
      reason: 'encoding',
      problem: `the byte 0x${bytes[bad].toString(16).toUpperCase()} at position ${bad - start + 1} of the line is not UTF-8`,
      advice: 'save the file as UTF-8',
    });
  }

  #takeLines(text: string): void {
    for (let at = 0; at < text.length && this.#wanted; ) {
      const newline = text.indexOf('\n', at);
      const end = newline < 0 ? text.length : newline;
      this.#wanted = this.#take(text.slice(at, end), this.#line++);
      at = end + 1;
    }
  }

  #fault(line: number, saying: Pick<Fault, 'reason' | 'problem' | 'advice'>): CsvError {
    return new CsvError({ ...this.#place, line, ...saying });
  }
}
