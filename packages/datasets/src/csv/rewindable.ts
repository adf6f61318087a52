import { bytesOf, type Source, type TextOptions } from './source.ts';

/** Opens a source as often as is asked for; a stream that is read once only is refused. */
export function rewindable(
  source: Source,
  options: TextOptions & { readonly operation: string },
): () => AsyncIterable<Uint8Array> {
  const { operation } = options;
  const again =
    typeof source === 'string' ||
    Array.isArray(source) ||
    ArrayBuffer.isView(source) ||
    source instanceof ArrayBuffer ||
    (typeof source === 'object' && source !== null && 'stream' in source);
  if (!again) {
    throw new TypeError(
      `${operation}: schema 'infer' reads columns that surprise a second time, got a stream that can be read once only; give a schema (inferSchema proposes one), or pass text, bytes, a Blob or a path`,
    );
  }
  return () => bytesOf(source, operation, options);
}
