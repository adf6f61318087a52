import { CsvError, quoted } from '../error.ts';
import { hasControl, parseDecimal, trimBlanks } from './decimal.ts';

interface Place {
  readonly operation: string;
  readonly file: string | undefined;
  readonly line: number;
}

/**
 * The column names of a header line, without the blanks around them. Throws for a name that is empty,
 * used twice or broken, and for a header of numbers only, unless it was `expected`.
 */
export function headerNames(fields: readonly string[], expected: boolean, place: Place): string[] {
  const names = fields.map(trimBlanks);
  const seen = new Set<string>();
  for (const [i, name] of names.entries()) {
    if (name === '') {
      throw new CsvError({
        ...place,
        reason: 'empty-header-name',
        problem: `column ${i + 1} of ${names.length} has no name`,
        advice: 'name it, or remove the delimiter too many',
      });
    }
    if (/\r(?!\n)/.test(name)) throw lineEnds(place);
    if (hasControl(name)) {
      throw new CsvError({
        ...place,
        reason: 'control-character',
        raw: name,
        problem: `the name ${quoted(name)} holds a control character`,
        advice: 'remove it; a NUL often means that the file is UTF-16 or not text at all',
      });
    }
    if (seen.has(name)) {
      throw new CsvError({
        ...place,
        reason: 'duplicate-header',
        column: name,
        problem: 'two columns have this name',
        advice: 'rename one of them',
      });
    }
    seen.add(name);
  }
  if (!expected && names.every((name) => !Number.isNaN(parseDecimal(name)))) {
    throw new CsvError({
      ...place,
      reason: 'header-looks-numeric',
      raw: names[0],
      problem: 'every name in the header is a number, so it may be the first row of data',
      advice: 'pass header: false if it is, header: true if these are names',
    });
  }
  return names;
}

/** The error for a carriage return that ends a line alone. */
export function lineEnds(place: Place): CsvError {
  return new CsvError({
    ...place,
    reason: 'line-ends',
    problem: 'found a carriage return without a line feed',
    advice: 'end the lines with LF or CRLF',
  });
}

/**
 * The delimiter that a file of one column seems to use instead: it stands equally often, at least once,
 * in the header and in the first row.
 */
export function likelyDelimiter(header: string, row: string, used: string): string | undefined {
  const count = (text: string, part: string) => trimBlanks(text).split(part).length - 1;
  return [';', '\t', '|', ',', ' '].find(
    (other) =>
      other !== used && count(header, other) > 0 && count(header, other) === count(row, other),
  );
}
