/**
 * The index of the first field of a record that is longer than `most` UTF-16 units, as far as the bytes
 * go and its quotes are well-formed; a field that is not closed counts with what is there.
 */
export function longField(bytes: Uint8Array, delimiter: string, most: number): number | undefined {
  const mark = new TextEncoder().encode(delimiter);
  const isMark = (at: number): boolean => mark.every((byte, k) => bytes[at + k] === byte);
  let field = 0;
  let at = 0;
  while (at < bytes.length) {
    const quoted = bytes[at] === 34;
    let length = 0;
    if (quoted) at++;
    for (; at < bytes.length; at++) {
      if (quoted ? bytes[at] === 34 : bytes[at] === 34 || bytes[at] === 10 || isMark(at)) {
        if (!quoted || bytes[at + 1] !== 34) break;
        at++; // a doubled quote is one
      }
      const byte = bytes[at];
      length += byte >= 0xf0 ? 2 : (byte & 0xc0) === 0x80 ? 0 : 1;
      if (length > most) return field;
    }
    if (quoted) at++;
    if (!isMark(at)) return undefined; // the end of the record, or a quote that is wrong
    at += mark.length;
    field++;
  }
  return undefined;
}
