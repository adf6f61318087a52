import type { Reason } from '../error.ts';

/** A fault of one cell; the reader adds the place. */
export interface Refusal {
  readonly reason: Reason;
  readonly problem: string;
  readonly advice: string;
}

/**
 * The number that a cell spells in decimal, NaN if it spells none, ±Infinity if it is too large.
 * Spaces and tabs around it are allowed; hexadecimal, underscores and words are not.
 */
export function parseDecimal(raw: string, comma = false): number {
  const first = raw.charCodeAt(0);
  const last = raw.charCodeAt(raw.length - 1);
  let text = raw;
  if (first === 32 || first === 9 || last === 32 || last === 9) text = trimBlanks(raw);
  if (comma) {
    if (text.includes('.')) return Number.NaN;
    text = text.replace(',', '.');
  }
  if (text.length === 0) return Number.NaN;
  // Number() also reads 0x10, 0b1, Infinity and exotic spaces; these characters keep all of them out.
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    const decimal = c <= 57 ? c >= 48 || c === 46 || c === 45 || c === 43 : c === 101 || c === 69;
    if (!decimal) return Number.NaN;
  }
  return Number(text);
}

/** The text without the spaces and tabs around it; other white space is content. */
export function trimBlanks(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isBlank(text.charCodeAt(from))) from++;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--;
  return from === 0 && to === text.length ? text : text.slice(from, to);
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

/** Whether a whole number was too long for a double, so that two different ones may look the same. */
export function losesDigits(raw: string, value: number): boolean {
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return false;
  const text = trimBlanks(raw);
  return (
    text.length < 400 && /^[+-]?\d+$/.test(text) && BigInt(text.replace('+', '')) !== BigInt(value)
  );
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** Whether a text holds a control character other than tab and the line ends. */
export function hasControl(text: string): boolean {
  return control.test(text);
}

/** Why a cell, which parseDecimal read as `value`, is refused, in words that help to repair it. */
export function explainNumber(raw: string, value: number): Refusal {
  const text = trimBlanks(raw.slice(0, 200));
  if (hasControl(raw)) {
    return {
      reason: 'control-character',
      problem: 'holds a control character',
      advice: 'remove it; a NUL often means that the file is UTF-16 or not text at all',
    };
  }
  if (/\r(?!\n)/.test(raw)) {
    return {
      reason: 'line-ends',
      problem: 'holds a carriage return without a line feed',
      advice: 'end the lines with LF or CRLF',
    };
  }
  if (
    Math.abs(value) === Number.POSITIVE_INFINITY ||
    /^[+-]?(inf|infinity|∞|1\.#inf)$/i.test(text)
  ) {
    return {
      reason: 'not-finite',
      problem: 'is not a finite double (the largest is about 1.8e308)',
      advice: 'correct the cell, or declare it as a missing-value token',
    };
  }
  return { reason: 'not-a-number', problem: 'is not a decimal number', advice: hint(text) };
}

const hints: readonly (readonly [RegExp, string])[] = [
  [/^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/, 'remove the thousands separators'],
  [/^[+-]?\d{1,3}(\.\d{3})+,\d+$/, 'remove the thousands separators'],
  [/^[+-]?\d{1,3}(\.\d{3}){2,}$/, 'remove the thousands separators'],
  [/^[+-]?\d{1,3}([ '’_\u00a0\u2009\u202f]\d{3})+([.,]\d+)?$/, 'remove the thousands separators'],
  [
    /^\d{1,4}([-/.])\d{1,2}\1\d{1,4}\b/,
    "a date is no number: declare the column date(), or date({ format: 'DD.MM.YYYY' })",
  ],
  [/^[+-]?\d+,\d+$/, "pass decimal: ',' if commas are decimal points"],
  [/^[+-]?\d+\.\d+$/, "pass decimal: '.', or write the number with a comma"],
  [/^[+-]?0[xob]/i, 'write it in decimal'],
  [/[;\t|]/, 'pass the delimiter that the file uses'],
  [/^(true|false|yes|no)$/i, 'declare the column boolean() or category()'],
  [/[%$€£¥]|^[+-]?[\d.,]+ ?(?![eE])\p{L}{1,3}$/u, 'remove the unit'],
  [/^\([\d.,]+\)$/, 'write a negative number with a minus sign'],
  [/^['"“”‘’].*\d/u, 'only double quotes (U+0022) around the whole field count as quotes'],
  [/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u, 'remove the invisible character'],
  [/^[\p{Nd}\p{Pd}\p{Sm}]/u, 'write plain digits, optionally with a point and an exponent'],
];

function hint(text: string): string {
  const found = hints.find(([pattern]) => pattern.test(text));
  const general =
    'declare the column text(), category() or ignored(), or the cell as a missing token';
  return found === undefined ? `correct the cell, or ${general}` : found[1];
}
