import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** Decompresses gzip by Node's zlib, in larger pieces than the web's stream gives. */
export function gunzip(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const content = createGunzip({ chunkSize: 256 * 1024 });
  pipeline(Readable.from(chunks), content, () => {}); // whoever reads the content is told
  return content;
}
