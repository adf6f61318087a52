import { isCallable, refusal } from '@steepest/ground';

/** Bytes that are read in any order, as hyparquet takes them: a file, or a resource on a server. */
export interface RandomAccess {
  readonly byteLength: number;
  slice(start: number, end?: number): ArrayBuffer | Promise<ArrayBuffer>;
}

/** A Parquet file at hand: its bytes, a Blob or File, or what reads its parts. */
export type ParquetSource = ArrayBuffer | Uint8Array | Blob | RandomAccess;

/** What reads the parts of a source. Throws a TypeError for streams and everything else. */
export function randomAccess(operation: string, source: unknown): RandomAccess {
  if (source instanceof Uint8Array) {
    const { buffer, byteOffset, byteLength } = source;
    return {
      byteLength,
      slice: (start, end = byteLength) =>
        buffer.slice(byteOffset + start, byteOffset + end) as ArrayBuffer,
    };
  }
  if (source instanceof ArrayBuffer) return source;
  if (typeof Blob !== 'undefined' && source instanceof Blob) {
    const blob = source;
    return {
      byteLength: blob.size,
      slice: (start, end = blob.size) => blob.slice(start, end).arrayBuffer(),
    };
  }
  const given = source as Partial<RandomAccess> | null | undefined;
  if (typeof given?.byteLength === 'number' && isCallable(given.slice))
    return given as RandomAccess;
  throw refusal(
    operation,
    'expected the bytes of a Parquet file',
    source,
    'it is read from its end: pass a Uint8Array, a Blob, or in Node a path',
  );
}
