/** A web stream, as browsers' files and Node's fetch give it. */
export interface WebStream<T> {
  getReader(): {
    read(): Promise<{ done: boolean; value?: T | undefined }>;
    cancel(): Promise<void>;
  };
}

type Chunk = string | Uint8Array;

/** Text, bytes, a stream of either, or something that opens a stream: a File, a Blob. */
export type Source =
  | Chunk
  | Iterable<Chunk>
  | AsyncIterable<Chunk>
  | WebStream<Chunk>
  | { stream(): WebStream<Chunk> };

/** The bytes of a source, chunk by chunk. */
export async function* bytesOf(source: Source): AsyncGenerator<Uint8Array> {
  const encode = chunkEncoder();
  if (typeof source === 'string' || source instanceof Uint8Array) {
    yield* pieces(source);
  } else if (typeof source !== 'object' || source === null) {
    throw wrongSource('readCsv', source);
  } else if ('stream' in source) {
    yield* bytesOf(source.stream());
  } else if (Symbol.asyncIterator in source || Symbol.iterator in source) {
    for await (const chunk of source) yield encode(chunk);
  } else if ('getReader' in source) {
    const reader = source.getReader();
    let finished = false;
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done || value === undefined) break;
        yield encode(value);
      }
      finished = true;
    } finally {
      if (!finished) await reader.cancel();
    }
  } else {
    throw wrongSource('readCsv', source);
  }
}

/** The bytes of a text or of bytes at hand, cut so that no copy of a whole text is made. */
export function* pieces(source: Chunk): Generator<Uint8Array> {
  if (source instanceof Uint8Array) {
    yield source;
    return;
  }
  if (typeof source !== 'string') throw wrongSource('parseCsv', source);
  const encode = chunkEncoder();
  const size = 1 << 20;
  for (let from = 0; from < source.length; from += size)
    yield encode(source.slice(from, from + size));
}

function wrongSource(operation: string, found: unknown): TypeError {
  const also = operation === 'readCsv' ? ', or a stream of either' : '';
  const bytes = found instanceof ArrayBuffer ? '; wrap the buffer: new Uint8Array(buffer)' : '';
  return new TypeError(
    `${operation}: the source must be text or bytes (a Uint8Array)${also}, found ${Object.prototype.toString.call(found).slice(8, -1)}${bytes}`,
  );
}

/** Encodes chunks of text as UTF-8, keeping a character together that was cut between two chunks. */
function chunkEncoder(): (chunk: Chunk) => Uint8Array {
  const encoder = new TextEncoder();
  let held = '';
  return (chunk) => {
    if (typeof chunk !== 'string') return chunk;
    let text = held + chunk;
    held = '';
    const last = text.charCodeAt(text.length - 1);
    if (last >= 0xd800 && last < 0xdc00) {
      held = text.slice(-1);
      text = text.slice(0, -1);
    }
    return encoder.encode(text);
  };
}
