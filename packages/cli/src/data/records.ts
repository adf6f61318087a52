/** Whole records of a CSV file, as bytes, with the number of the line that the first is on. */
export interface Block {
  readonly bytes: Uint8Array;
  readonly line: number;
}

const [newline, quote] = [10, 34];
const aimedAt = 1 << 20;

/**
 * Cuts a stream of CSV into blocks of some 1 MB that end where records do: at a line's end with an even
 * number of quotes before it. The first block begins with the header.
 */
export async function* blocksOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Block> {
  let parts: Uint8Array[] = [];
  let [held, line, quoted] = [0, 1, false];
  for await (const chunk of stream) {
    let [end, lines, newlines] = [0, 0, 0];
    for (let i = 0; i < chunk.length; i++) {
      if (chunk[i] === quote) quoted = !quoted;
      if (chunk[i] !== newline) continue;
      newlines++;
      if (!quoted) [end, lines] = [i + 1, newlines];
    }
    if (held + end >= aimedAt && end > 0) {
      yield { bytes: joined([...parts, chunk.subarray(0, end)]), line: line };
      line += lines + linesIn(parts);
      parts = [chunk.subarray(end)];
      held = chunk.length - end;
    } else {
      parts.push(chunk);
      held += chunk.length;
    }
  }
  if (held > 0) yield { bytes: joined(parts), line };
}

function linesIn(parts: readonly Uint8Array[]): number {
  let lines = 0;
  for (const part of parts) for (const byte of part) if (byte === newline) lines++;
  return lines;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return parts.length === 1 ? parts[0] : Buffer.concat(parts);
}

/** The length of the first record, its line's end included. */
export function headerLength(bytes: Uint8Array): number {
  let quoted = false;
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] === quote) quoted = !quoted;
    else if (bytes[i] === newline && !quoted) return i + 1;
  }
  return bytes.length;
}

/** The records of CSV text, without their line ends; blank lines at the end are none. */
export function recordsOf(text: string): string[] {
  const records: string[] = [];
  let [start, quoted] = [0, false];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === quote) quoted = !quoted;
    else if (code === newline && !quoted) {
      records.push(text.slice(start, i).replace(/\r$/, ''));
      start = i + 1;
    }
  }
  if (start < text.length) records.push(text.slice(start));
  while (records.length > 0 && records[records.length - 1].trim() === '') records.pop();
  return records;
}
