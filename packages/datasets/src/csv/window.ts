/** Bytes of whole records, and the physical line on which they start. */
export interface Block {
  readonly bytes: Uint8Array;
  readonly line: number;
  readonly quoted: boolean;
  /** The last record was cut off because it outgrew the limit. */
  readonly overflow: boolean;
}

/** Memory that text is collected in: `bytes` from `start` on; `reserve` makes it longer. */
export interface TextMemory {
  readonly bytes: Uint8Array;
  readonly textStart: number;
  reserve(textBytes: number): void;
}

const QUOTE = 34;
const NEWLINE = 10;
/** What the reference is given at once where it reads everything: its records die young then. */
export const blockBytes: number = 64 * 1024;

/**
 * The text that has come and was not taken yet. Whole records are cut from its start: a newline ends a
 * record if the number of quotes before it is even (RFC 4180, section 2). Where quotes are malformed
 * that count is off, and the parser then meets the malformed quote first.
 */
export class TextWindow {
  /** The physical line at `start`. */
  line = 1;
  #memory: TextMemory;
  #start: number;
  #end: number;
  /** How far quotes were counted, the end of the last whole record there, and how many they are. */
  #scanned: number;
  #safe: number;
  #records = 0;
  #inQuote = false;

  constructor(memory: TextMemory) {
    this.#memory = memory;
    this.#start = this.#end = this.#scanned = this.#safe = memory.textStart;
  }

  /** Where the next bytes are, in the memory. */
  get start(): number {
    return this.#start;
  }

  /** The first bytes, at most so many. */
  peek(count: number): Uint8Array {
    return this.#memory.bytes.subarray(this.#start, Math.min(this.#end, this.#start + count));
  }

  get length(): number {
    return this.#end - this.#start;
  }

  /** How many bytes follow the last whole record that was found. */
  get unfinished(): number {
    return this.#end - this.#safe;
  }

  /** Moves what is there into another memory, from which it goes on. */
  moveTo(memory: TextMemory): void {
    const rest = this.#memory.bytes.slice(this.#start, this.#end);
    this.#memory = memory;
    this.#start = this.#end = memory.textStart;
    this.append(rest);
    this.#forget();
  }

  append(chunk: Uint8Array): void {
    const { textStart } = this.#memory;
    if (this.#end + chunk.length > this.#memory.bytes.length) {
      const shift = this.#start - textStart;
      this.#memory.bytes.copyWithin(textStart, this.#start, this.#end);
      this.#start -= shift;
      this.#end -= shift;
      this.#scanned -= shift;
      this.#safe -= shift;
      const needed = this.#end + chunk.length;
      if (needed > this.#memory.bytes.length) this.#memory.reserve(2 * (needed - textStart));
    }
    this.#memory.bytes.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** The end of the last line that is complete, whatever its quotes; `start` if there is none. */
  lastLineEnd(): number {
    const newline = this.#memory.bytes.lastIndexOf(NEWLINE, this.#end - 1);
    return newline < this.#start ? this.#start : newline + 1;
  }

  /** Takes `lines` lines up to an address. */
  skipTo(address: number, lines: number): void {
    this.#start = address;
    this.line += lines;
    this.#forget();
  }

  /**
   * Cuts off whole records: at most `most`, or (if that is infinite) all of them, once they are worth a
   * block. Undefined where the window has none.
   */
  records(most: number, atEnd: boolean): Block | undefined {
    const all = most === Number.POSITIVE_INFINITY;
    if (all) this.#scanAll();
    else this.#scan(most);
    const found = this.#safe - this.#start;
    if (found > 0 && (!all || found >= blockBytes)) return this.#cut(this.#safe, false);
    return atEnd && this.length > 0 ? this.#cut(this.#end, false) : undefined;
  }

  /** Cuts off everything: a record that is not complete and will not be. */
  overflow(): Block {
    return this.#cut(this.#end, true);
  }

  #scan(most: number): void {
    const bytes = this.#memory.bytes;
    let i = this.#scanned;
    for (; i < this.#end && this.#records < most; i++) {
      if (bytes[i] === QUOTE) this.#inQuote = !this.#inQuote;
      else if (bytes[i] === NEWLINE && !this.#inQuote) {
        this.#safe = i + 1;
        this.#records++;
        if (this.#safe - this.#start >= blockBytes) {
          i++;
          break;
        }
      }
    }
    this.#scanned = i;
  }

  #scanAll(): void {
    const fresh = this.#memory.bytes.subarray(this.#scanned, this.#end);
    if (fresh.indexOf(QUOTE) >= 0) {
      this.#scan(Number.POSITIVE_INFINITY);
      return;
    }
    const newline = this.#inQuote ? -1 : fresh.lastIndexOf(NEWLINE);
    if (newline >= 0) this.#safe = this.#scanned + newline + 1;
    this.#scanned = this.#end;
  }

  #cut(end: number, overflow: boolean): Block {
    const bytes = this.#memory.bytes.subarray(this.#start, end);
    const block = { bytes, line: this.line, quoted: bytes.indexOf(QUOTE) >= 0, overflow };
    let lines = 0;
    for (let i = bytes.indexOf(NEWLINE); i >= 0; i = bytes.indexOf(NEWLINE, i + 1)) lines++;
    this.skipTo(end, lines);
    return block;
  }

  #forget(): void {
    this.#scanned = this.#safe = this.#start;
    this.#records = 0;
    this.#inQuote = false;
  }
}

/** Memory of its own, without a lane. */
export function plainMemory(): TextMemory {
  let bytes = new Uint8Array(2 * blockBytes);
  return {
    get bytes() {
      return bytes;
    },
    textStart: 0,
    reserve(length) {
      const larger = new Uint8Array(length);
      larger.set(bytes);
      bytes = larger;
    },
  };
}
