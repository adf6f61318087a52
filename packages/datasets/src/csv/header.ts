import { CsvError, quoted } from '../error.ts';
import type { Warning } from '../warning.ts';
import { hasControl, parseDecimal, trimBlanks } from './decimal.ts';
import { missingTokens } from './missing.ts';

interface Place {
  readonly operation: string;
  readonly file: string | undefined;
  readonly line: number | undefined;
}

/**
 * The column names of a header line, without the blanks around them. Throws for a name that is empty,
 * used twice or broken, and for a header of numbers only, unless it was `expected`.
 */
export function headerNames(fields: readonly string[], expected: boolean, place: Place): string[] {
  const names = fields.map(trimBlanks);
  const seen = new Set<string>();
  for (const [i, name] of names.entries()) {
    if (visible(name) === '') {
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
  if (!expected && names.some(isNumber) && names.every(isData)) {
    throw new CsvError({
      ...place,
      reason: 'header-looks-numeric',
      raw: names[0],
      problem:
        'every name in the header is a number or a mark for a missing one, so it may be data',
      advice: 'pass header: false if it is, header: true if these are names',
    });
  }
  return names;
}

/** Whether a name reads as a number, in the style of either decimal mark. */
function isNumber(name: string): boolean {
  return !Number.isNaN(parseDecimal(name)) || !Number.isNaN(parseDecimal(name, true));
}

function isData(name: string): boolean {
  return isNumber(name) || /^[+-]?inf(inity)?$/i.test(name) || isMark(name);
}

function isMark(name: string): boolean {
  return missingTokens.includes(name.toLowerCase());
}

/** The name as a reader sees it: one spelling of accents, no spaces around it, nothing invisible. */
function visible(name: string): string {
  return name
    .replace(/[\u00ad\u200b\u2060\ufeff]/g, '')
    .normalize('NFC')
    .trim();
}

/** What a reader should know about names that were accepted; `raw` is the header as it was written. */
export function headerWarnings(
  names: readonly string[],
  raw: readonly string[],
  expected: boolean,
  line: number,
): Warning[] {
  const warnings: Warning[] = [];
  const note = (kind: Warning['kind'], column: string | undefined, message: string): void => {
    if (column !== undefined) warnings.push({ kind, line, column, message });
  };
  const padded = names.find((name, i) => name !== raw[i]);
  const start = 'blanks around names in the header were dropped';
  note('header-spaces', padded, `${start}, first at ${quoted(padded ?? '')}`);
  if (expected) return warnings;
  const fraction = names.find((name) => isNumber(name) && !/^\d+$/.test(name));
  note(
    'header-numbers',
    fraction,
    `${quoted(fraction ?? '')} in the header is a number; if the first line is data, pass header: false`,
  );
  const seen = new Map<string, string>();
  for (const name of names) {
    const shown = visible(name);
    const twin = seen.get(shown);
    seen.set(shown, name);
    if (twin === undefined && shown === name.normalize('NFC')) continue;
    const why =
      twin === undefined ? 'holds an invisible character' : 'looks the same as another name';
    note('header-invisible', name, `the name ${spelled(name)} in the header ${why}`);
  }
  return warnings;
}

/** The name in quotes with everything outside of ASCII spelled out, so that look-alikes differ. */
function spelled(name: string): string {
  return quoted(name).replace(
    /[^\x20-\x7e…]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
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
  const numbers = trimBlanks(row).split(' ').every(isNumber); // words have spaces between them too
  const others = [';', '\t', '|', ',', ...(numbers ? [' '] : [])];
  return others.find(
    (other) =>
      other !== used && count(header, other) > 0 && count(header, other) === count(row, other),
  );
}

/** The delimiter that follows the first quoted field of a text, if it is not the one in use. */
export function quotedDelimiter(text: string, used: string): string | undefined {
  const other = /^"(?:[^"]|"")*"([;\t|,])/.exec(text)?.[1];
  return other === used ? undefined : other;
}
