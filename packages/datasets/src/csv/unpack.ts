import { CsvError } from '../error.ts';

/** Where compressed bytes come from, for messages. */
export interface Place {
  readonly operation: string;
  readonly file: string | undefined;
}

/** What decompresses gzip: takes the whole stream, gives its content. */
export type Inflate = (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;

/** Whether bytes begin as gzip does (RFC 1952, section 2.3.1). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** The bytes as they are, or what they hold if they begin as gzip does. Throws a CsvError for damaged gzip. */
export async function* unpacked(
  chunks: AsyncIterable<Uint8Array>,
  place: Place,
  inflate: Inflate = inflateWeb,
): AsyncGenerator<Uint8Array> {
  const source = chunks[Symbol.asyncIterator]();
  let failure: { readonly error: unknown } | undefined;
  let ended = false;
  const rest = async function* (first: Uint8Array): AsyncGenerator<Uint8Array> {
    try {
      yield first;
      while (!ended) {
        const { value, done } = await source.next();
        ended = done === true;
        if (!ended && value.length > 0) yield value;
      }
    } catch (error) {
      failure = { error };
      throw error;
    }
  };
  try {
    let head: Uint8Array = new Uint8Array(0);
    while (head.length < 2 && !ended) {
      const { value, done } = await source.next();
      ended = done === true;
      if (ended) break;
      head = head.length === 0 && value.length > 1 ? value : Uint8Array.of(...head, ...value);
    }
    if (head.length === 0) return;
    if (!isGzip(head)) {
      yield* rest(head);
      return;
    }
    let consumer = false; // whoever takes the content threw, not the content
    try {
      for await (const chunk of inflate(copied(rest(head)))) {
        consumer = true;
        yield chunk;
        consumer = false;
      }
    } catch (error) {
      if (consumer) throw error;
      throw failure === undefined ? damaged(place, error, ended) : failure.error;
    }
  } finally {
    if (!ended && failure === undefined) await source.return?.();
  }
}

/** Chunks that are looked at later, when their memory may hold the next one. */
async function* copied(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield chunk.slice();
}

function damaged({ operation, file }: Place, cause: unknown, ended: boolean): CsvError {
  const { code } = cause as { readonly code?: unknown };
  const cutOff = code === undefined ? ended : code === 'Z_BUF_ERROR';
  return new CsvError({
    operation,
    file,
    reason: 'encoding',
    problem: `the file is compressed by gzip, and ${cutOff ? 'is cut off before its end' : 'its content is damaged'}`,
    advice: 'copy or download it again',
  });
}

/** Decompresses by what browsers and Node share. */
async function* inflateWeb(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new DecompressionStream('gzip');
  const writer = writable.getWriter();
  const feed = async (): Promise<void> => {
    try {
      for await (const chunk of chunks) await writer.write(chunk);
      await writer.close();
    } catch (error) {
      await writer.abort(error).catch(() => {}); // the reader is told
    }
  };
  const fed = feed();
  const reader = readable.getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      yield value as Uint8Array;
    }
  } finally {
    await reader.cancel().catch(() => {}); // its error was told already
    await fed;
  }
}
