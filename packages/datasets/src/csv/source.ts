import { isCallable, isThenable, show } from '@steepest/ground';
import { CsvError, quoted } from '../error.ts';
import type { Encoding } from './transcode.ts';
import { unpacked } from './unpack.ts';

/** A web stream, as browsers' files and Node's fetch give it. */
export interface WebStream<T> {
  getReader(): {
    read(): Promise<{ done: boolean; value?: T | undefined }>;
    cancel(): Promise<void>;
  };
}

type Chunk = string | Uint8Array | ArrayBuffer;

/** Text, bytes, a stream of either, or something that opens a stream: a File, a Blob. */
export type Source =
  | Chunk
  | Iterable<Chunk>
  | AsyncIterable<Chunk>
  | WebStream<Chunk>
  | { stream(): WebStream<Chunk> };

/** What is said about the bytes of a source. */
export interface TextOptions {
  readonly file?: string;
  readonly encoding?: Encoding;
}

/** The bytes of a source, chunk by chunk; what gzip holds if it is compressed. */
export function bytesOf(
  source: Source,
  operation: string,
  options: TextOptions = {},
): AsyncGenerator<Uint8Array> {
  return unpacked(chunksOf(source, operation, options?.encoding), {
    operation,
    file: options?.file,
  });
}

async function* chunksOf(
  source: Source,
  operation: string,
  encoding: Encoding | undefined,
): AsyncGenerator<Uint8Array> {
  if (typeof source === 'string' || bytesIn(source) !== undefined) {
    yield* pieces(source as Chunk, operation, encoding);
    return;
  }
  const given = source as Readonly<Record<PropertyKey, unknown>> | null | undefined;
  if (isCallable(given?.stream)) {
    yield* chunksOf((source as { stream(): WebStream<Chunk> }).stream(), operation, encoding);
    return;
  }
  const encoder = new ChunkEncoder(operation, encoding);
  const isView = ArrayBuffer.isView(source); // of numbers larger than bytes
  if (
    !isView &&
    (isCallable(given?.[Symbol.asyncIterator]) || isCallable(given?.[Symbol.iterator]))
  ) {
    for await (const chunk of source as AsyncIterable<Chunk>) yield encoder.encode(chunk);
  } else if (isCallable(given?.getReader)) {
    for await (const chunk of readAll(source as WebStream<Chunk>)) yield encoder.encode(chunk);
  } else {
    throw wrongSource(operation, source, ', or a stream of either');
  }
  encoder.end();
}

async function* readAll(stream: WebStream<Chunk>): AsyncGenerator<Chunk> {
  const reader = stream.getReader();
  let finished = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value as Chunk;
    }
    finished = true;
  } finally {
    if (!finished) await reader.cancel();
  }
}

/** The bytes of a text or of bytes at hand, cut so that no copy of a whole text is made. */
export function* pieces(
  source: Chunk,
  operation: string,
  encoding?: Encoding,
): Generator<Uint8Array> {
  const bytes = bytesIn(source);
  if (bytes !== undefined) {
    yield bytes;
    return;
  }
  if (typeof source !== 'string') throw wrongSource(operation, source, '');
  const encoder = new ChunkEncoder(operation, encoding);
  const size = 1 << 20;
  for (let from = 0; from < source.length; from += size)
    yield encoder.encode(source.slice(from, from + size));
  encoder.end();
}

function wrongSource(operation: string, found: unknown, also: string): TypeError {
  const next = isThenable(found) ? 'await it first' : 'pass the text of the file, or its bytes';
  return new TypeError(
    `${operation}: the source must be text or bytes (a Uint8Array)${also}, got ${show(found)}; ${next}`,
  );
}

/** The bytes of a buffer or a view of bytes; undefined for text and for lists of larger numbers. */
function bytesIn(chunk: unknown): Uint8Array | undefined {
  if (chunk instanceof Uint8Array) return chunk;
  if (chunk instanceof ArrayBuffer) return new Uint8Array(chunk);
  const isBytes =
    chunk instanceof DataView || chunk instanceof Uint8ClampedArray || chunk instanceof Int8Array;
  return isBytes ? new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength) : undefined;
}

/** Half of a pair of UTF-16 units without the other half. */
const loneHalf = /\p{Surrogate}/u;

/** Encodes chunks of text as UTF-8, keeping a character together that was cut between two chunks. */
class ChunkEncoder {
  readonly #operation: string;
  readonly #encoding: Encoding | undefined;
  readonly #encoder = new TextEncoder();
  #held = '';

  constructor(operation: string, encoding: Encoding | undefined) {
    this.#operation = operation;
    this.#encoding = encoding;
  }

  encode(chunk: unknown): Uint8Array {
    if (typeof chunk !== 'string') {
      this.end();
      const bytes = bytesIn(chunk);
      if (bytes !== undefined) return bytes;
      throw new TypeError(
        `${this.#operation}: a chunk of the source must be text or bytes (a Uint8Array), got ${show(chunk)}; let the stream give its bytes as they are`,
      );
    }
    if (this.#encoding !== undefined && this.#encoding !== 'utf-8') {
      throw new TypeError(
        `${this.#operation}: the source is text, and encoding says how bytes spell it, got ${show(this.#encoding)}; pass the bytes of the file, or leave encoding out`,
      );
    }
    let text = this.#held + chunk;
    this.#held = '';
    const last = text.charCodeAt(text.length - 1);
    if (last >= 0xd800 && last < 0xdc00) {
      this.#held = text.slice(-1);
      text = text.slice(0, -1);
    }
    const lone = loneHalf.exec(text);
    if (lone !== null) throw this.#broken(text.slice(Math.max(0, lone.index - 20), lone.index + 1));
    return this.#encoder.encode(text);
  }

  /** Refuses what waits for its other half in vain. */
  end(): void {
    if (this.#held !== '') throw this.#broken(this.#held);
  }

  #broken(raw: string): CsvError {
    return new CsvError({
      operation: this.#operation,
      reason: 'encoding',
      raw,
      problem: `the text holds half of a surrogate pair, at the end of ${quoted(raw)}`,
      advice: 'read the file again: its text was cut inside of a character',
    });
  }
}
