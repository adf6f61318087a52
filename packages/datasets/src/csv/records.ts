// csv-parse with Node's Buffer, or with its own for browsers: see "imports" in package.json.
import { parse } from '#csv-parse';
import type { Block } from './blocks.ts';

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

/** How many line ends the fields of these records hold, beside the one that ends each record. */
export function innerLines(records: readonly (readonly string[])[], count: number): number {
  let lines = 0;
  for (let i = 0; i < count; i++) {
    for (const field of records[i]) {
      for (let at = field.indexOf('\n'); at >= 0; at = field.indexOf('\n', at + 1)) lines++;
    }
  }
  return lines;
}
