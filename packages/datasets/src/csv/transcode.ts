import { CsvError } from '../error.ts';
import { foreignEncoding } from './encoding.ts';

/** How the bytes of a file spell text. Latin-1 is read as its superset Windows-1252, as browsers do. */
export type Encoding = (typeof encodings)[number];
export const encodings = ['utf-8', 'latin1', 'windows-1252', 'utf-16le', 'utf-16be'] as const;

interface Settings {
  readonly operation: string;
  readonly file: string | undefined;
  /** undefined: what a byte order mark says, otherwise UTF-8. */
  readonly encoding: Encoding | undefined;
}

/** Bytes in some encoding to bytes in UTF-8, chunk by chunk; bytes in UTF-8 are passed on as they are. */
export class Transcoder {
  readonly #settings: Settings;
  #head: Uint8Array = new Uint8Array(0);
  #change: ((bytes: Uint8Array, isLast: boolean) => Uint8Array) | undefined;
  #begun = false;
  #lines = 1;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Whether the bytes that come out are other ones than those that went in. */
  get changes(): boolean {
    return this.#change !== undefined;
  }

  /** The next bytes as UTF-8; they may be the same memory. */
  push(chunk: Uint8Array): Uint8Array {
    if (this.#begun) return this.#changed(chunk, false);
    if (this.#head.length === 0 && chunk.length >= markBytes) return this.#begin(chunk, false);
    this.#head = Uint8Array.of(...this.#head, ...chunk);
    return this.#head.length < markBytes ? new Uint8Array(0) : this.#begin(this.#head, false);
  }

  /** What is left at the end. */
  end(): Uint8Array {
    return this.#begun ? this.#changed(new Uint8Array(0), true) : this.#begin(this.#head, true);
  }

  #begin(bytes: Uint8Array, isLast: boolean): Uint8Array {
    this.#begun = true;
    const { encoding: given } = this.#settings;
    const mark = markOf(bytes);
    if (given !== undefined && mark !== undefined && given !== mark) {
      throw this.#fault(
        1,
        `the file's byte order mark says ${mark}, and the option encoding '${given}'`,
        'leave the option out',
      );
    }
    const encoding = given ?? mark ?? 'utf-8';
    if (encoding !== 'utf-8') {
      const foreign = foreignEncoding(bytes);
      // Only text is changed: an archive is refused as what it is.
      if (foreign?.isText === false) throw this.#fault(1, foreign.problem, foreign.advice);
      this.#change = encoding.startsWith('utf-16') ? utf16(encoding) : windows1252;
    }
    return this.#changed(bytes, isLast);
  }

  #changed(bytes: Uint8Array, isLast: boolean): Uint8Array {
    if (this.#change === undefined) return bytes;
    try {
      const text = this.#change(bytes, isLast);
      for (let at = text.indexOf(10); at >= 0; at = text.indexOf(10, at + 1)) this.#lines++;
      return text;
    } catch {
      const problem = isLast
        ? 'the file ends inside of a character of UTF-16'
        : 'a unit of UTF-16 has lost its other half, on this line or below';
      throw this.#fault(this.#lines, problem, 'read or copy it again, or pass its true encoding');
    }
  }

  #fault(line: number, problem: string, advice: string): CsvError {
    const { operation, file } = this.#settings;
    return new CsvError({ operation, file, reason: 'encoding', line, problem, advice });
  }
}

const markBytes = 4;

/** What a byte order mark says; UTF-32, whose mark begins as that of UTF-16, is refused elsewhere. */
function markOf([a, b, c, d]: Uint8Array): Encoding | undefined {
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? undefined : 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  return a === 0xef && b === 0xbb && c === 0xbf ? 'utf-8' : undefined;
}

function utf16(encoding: string): (bytes: Uint8Array, isLast: boolean) => Uint8Array {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  const encoder = new TextEncoder();
  return (bytes, isLast) => encoder.encode(decoder.decode(bytes, { stream: !isLast }));
}

// The bytes 0x80 to 0x9F (WHATWG Encoding, index windows-1252); some decoders read them as Latin-1.
const above = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

function windows1252(bytes: Uint8Array): Uint8Array {
  const text = new Uint8Array(3 * bytes.length);
  let at = 0;
  for (const byte of bytes) {
    const code = byte >= 0x80 && byte < 0xa0 ? above.charCodeAt(byte - 0x80) : byte;
    if (code < 0x80) text[at++] = code;
    else if (code < 0x800) {
      text[at++] = 0xc0 | (code >> 6);
      text[at++] = 0x80 | (code & 63);
    } else {
      text[at++] = 0xe0 | (code >> 12);
      text[at++] = 0x80 | ((code >> 6) & 63);
      text[at++] = 0x80 | (code & 63);
    }
  }
  return text.subarray(0, at);
}
