/** Bytes of whole records, and the physical line on which they start. */
export interface Block {
  readonly bytes: Uint8Array;
  readonly line: number;
  readonly quoted: boolean;
  /** The last record was cut off because it outgrew the limit. */
  readonly overflow: boolean;
}

const QUOTE = 34;
const NEWLINE = 10;
// As fast as larger blocks or faster: the records of one block then die young in the garbage collector.
const BLOCK_SIZE = 64 * 1024;

/**
 * Cuts a stream of bytes into blocks that end where a record ends, holding at most one block and one
 * record. A newline ends a record if the number of quotes before it is even (RFC 4180, section 2).
 * Where quotes are malformed that count is off, and the parser then meets the malformed quote first.
 */
export class RecordBlocks {
  private buffer: Uint8Array = new Uint8Array(2 * BLOCK_SIZE);
  private length = 0;
  private scanned = 0;
  private safe = 0;
  private inQuote = false;
  private line = 1;
  private readonly limit: number;
  private readonly emit: (block: Block) => void;

  constructor(limit: number, emit: (block: Block) => void) {
    this.limit = limit;
    this.emit = emit;
  }

  /** Takes the next bytes, of any length; the caller may reuse them. */
  push(chunk: Uint8Array): void {
    for (let from = 0; from < chunk.length; from += BLOCK_SIZE) {
      this.append(chunk.subarray(from, from + BLOCK_SIZE));
      this.scan();
      if (this.safe >= BLOCK_SIZE) this.flush(this.safe, false);
      if (this.length - this.safe > this.limit) this.flush(this.length, true);
    }
  }

  /** Hands over what is left; the last record needs no newline. */
  end(): void {
    if (this.length > 0) this.flush(this.length, false);
  }

  private append(chunk: Uint8Array): void {
    const needed = this.length + chunk.length;
    if (needed > this.buffer.length) {
      const larger = new Uint8Array(Math.max(needed, 2 * this.buffer.length));
      larger.set(this.buffer.subarray(0, this.length));
      this.buffer = larger;
    }
    this.buffer.set(chunk, this.length);
    this.length = needed;
  }

  private scan(): void {
    const fresh = this.buffer.subarray(this.scanned, this.length);
    if (fresh.indexOf(QUOTE) < 0) {
      const newline = this.inQuote ? -1 : fresh.lastIndexOf(NEWLINE);
      if (newline >= 0) this.safe = this.scanned + newline + 1;
    } else {
      for (let i = 0; i < fresh.length; i++) {
        if (fresh[i] === QUOTE) this.inQuote = !this.inQuote;
        else if (fresh[i] === NEWLINE && !this.inQuote) this.safe = this.scanned + i + 1;
      }
    }
    this.scanned = this.length;
  }

  private flush(end: number, overflow: boolean): void {
    const bytes = this.buffer.subarray(0, end);
    const quoted = bytes.indexOf(QUOTE) >= 0;
    this.emit({ bytes, line: this.line, quoted, overflow });
    for (let i = bytes.indexOf(NEWLINE); i >= 0; i = bytes.indexOf(NEWLINE, i + 1)) this.line++;
    this.buffer.copyWithin(0, end, this.length);
    this.length -= end;
    this.scanned -= end;
    this.safe = 0;
  }
}
