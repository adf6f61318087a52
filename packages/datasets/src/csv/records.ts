// csv-parse with Node's Buffer, or with its own for browsers: see "imports" in package.json.
import { parse } from '#csv-parse';
import type { Block } from './window.ts';

/** The records of a block, up to the first one whose quotes are wrong. */
export interface Records {
  readonly records: readonly (readonly string[])[];
  readonly failure?: 'malformed-quote' | 'unterminated-quote';
  /** Which field of the failing record was being read. */
  readonly field?: number;
}

interface ParseFailure {
  readonly code: string;
  readonly records: number;
  readonly column: number;
}

/**
 * Splits whole records into fields by csv-parse: arrays of raw text, no casting, no objects. Its
 * synchronous door is twice as fast as its stream, and whole records are all it needs to see.
 */
export function parseRecords({ bytes }: Block, delimiter: string): Records {
  const options = {
    delimiter,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true, // lengths are checked by the reader, which knows the line
  };
  try {
    return { records: parse(bytes, options) };
  } catch (error) {
    const { code, records: count, column } = error as ParseFailure;
    if (typeof code !== 'string' || typeof count !== 'number') throw error;
    const records = count === 0 ? [] : parse(bytes, { ...options, to: count });
    const failure = code === 'CSV_QUOTE_NOT_CLOSED' ? 'unterminated-quote' : 'malformed-quote';
    return { records, failure, field: column };
  }
}

/** The physical line on which each record starts; a last entry is the line after all of them. */
export function startLines({ line, quoted }: Block, { records }: Records): Int32Array {
  const lines = new Int32Array(records.length + 1);
  let at = line;
  for (let i = 0; i < records.length; i++) {
    lines[i] = at;
    at += 1 + (quoted ? innerLines(records[i]) : 0);
  }
  lines[records.length] = at;
  return lines;
}

/** How many line ends the fields of a record hold, beside the one that ends it. */
function innerLines(record: readonly string[]): number {
  let lines = 0;
  for (const field of record) {
    for (let at = field.indexOf('\n'); at >= 0; at = field.indexOf('\n', at + 1)) lines++;
  }
  return lines;
}

/**
 * The physical line of the first carriage return that stands alone outside of quotes, in a block that
 * starts on line `first`. Inside quotes it is content.
 */
export function bareReturn(text: string, first: number): number | undefined {
  if (!/\r(?!\n)/.test(text)) return undefined;
  let line = first;
  let inQuote = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 34) inQuote = !inQuote;
    else if (c === 10) line++;
    else if (c === 13 && !inQuote && text.charCodeAt(i + 1) !== 10) return line;
  }
  return undefined;
}
