import { CsvError } from '../error.ts';

/** A fault in how the bytes spell text, at an offset into them. */
interface Spelling {
  readonly problem: string;
  readonly advice: string;
  /** Whether it is text in another encoding, not an archive. */
  readonly isText: boolean;
}

const saveAs = 'save the file as UTF-8';

/** Names the encoding or format that the first bytes give away, if it is not UTF-8 text. */
export function foreignEncoding(bytes: Uint8Array): Spelling | undefined {
  const [a, b, c, d] = bytes;
  const found = (what: string, advice = saveAs): Spelling => ({
    problem: `the file is ${what}`,
    advice,
    isText: true,
  });
  if (a === 0xff && b === 0xfe && c === 0 && d === 0) return found('UTF-32 (little endian)');
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return found('UTF-32 (big endian)');
  if (bytes.length >= 4 && a !== 0 && b === 0 && c !== 0 && d === 0)
    return found('UTF-16 (little endian, without a mark)', "pass encoding: 'utf-16le'");
  if (bytes.length >= 4 && a === 0 && b !== 0 && c === 0 && d !== 0)
    return found('UTF-16 (big endian, without a mark)', "pass encoding: 'utf-16be'");
  if (a === 0x1f && b === 0x8b)
    return {
      problem: 'the file is compressed by gzip',
      advice: 'read it by readCsv, or decompress it first',
      isText: false,
    };
  if (a === 0x50 && b === 0x4b && c === 3 && d === 4) {
    return {
      problem: 'the file is a zip archive, perhaps a workbook',
      advice: 'export it as CSV in UTF-8',
      isText: false,
    };
  }
  return undefined;
}

/** The bytes without a UTF-8 byte order mark. */
export function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The text that bytes of UTF-8 spell, or undefined if some byte does not belong. A text that was `cutOff`
 * may end within a character.
 */
export function decoded(bytes: Uint8Array, cutOff = false): string | undefined {
  try {
    if (!cutOff) return decoder.decode(bytes);
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, {
      stream: true,
    });
  } catch {
    return undefined;
  }
}

/** The error for bytes that are not UTF-8, with the line and, on an unquoted line, the column. */
export function encodingError(
  bytes: Uint8Array,
  firstLine: number,
  names: readonly string[] | undefined,
  delimiter: string,
  where: { operation: string; file: string | undefined },
): CsvError {
  let line = firstLine;
  let start = 0;
  for (;;) {
    const newline = bytes.indexOf(10, start);
    const end = newline < 0 ? bytes.length : newline;
    const piece = bytes.subarray(start, end);
    if (decoded(piece) === undefined || newline < 0) {
      const bad = firstBadByte(piece);
      const before = new TextDecoder('latin1').decode(piece.subarray(0, bad));
      const index = before.split(delimiter).length - 1;
      return new CsvError({
        ...where,
        reason: 'encoding',
        line,
        column: before.includes('"') ? undefined : (names ?? firstNames(bytes, delimiter))[index],
        problem: `the byte ${hex(piece[bad])} at position ${bad + 1} of the line is not UTF-8`,
        advice: `${saveAs}, or pass encoding: 'windows-1252' if it is that or Latin-1`,
      });
    }
    line++;
    start = newline + 1;
  }
}

/** The names in a first line that can be read without a parser; none if it has quotes. */
function firstNames(bytes: Uint8Array, delimiter: string): string[] {
  const header = decoded(bytes.subarray(0, Math.max(0, bytes.indexOf(10)))) ?? '';
  return header === '' || header.includes('"') ? [] : header.trim().split(delimiter);
}

function hex(byte: number): string {
  return `0x${(byte ?? 0).toString(16).toUpperCase().padStart(2, '0')}`;
}

/**
 * The index of the first byte that does not belong, by bisection: whether a beginning can still become
 * valid is monotone. A character that was begun and broken off is reported from its first byte.
 */
export function firstBadByte(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    const streaming = new TextDecoder('utf-8', { fatal: true });
    try {
      streaming.decode(bytes.subarray(0, middle), { stream: true });
      good = middle;
    } catch {
      bad = middle;
    }
  }
  while (good > 0 && decoded(bytes.subarray(0, good)) === undefined) good--;
  return good;
}

/** How many bytes and lines of whole records come before a byte. */
export function wholeRecords(bytes: Uint8Array, before: number): { whole: number; lines: number } {
  let [whole, lines, seen, inQuote] = [0, 0, 0, false];
  for (let i = 0; i < before; i++) {
    if (bytes[i] === 34) inQuote = !inQuote;
    if (bytes[i] !== 10) continue;
    seen++;
    if (inQuote) continue;
    whole = i + 1;
    lines = seen;
  }
  return { whole, lines };
}
