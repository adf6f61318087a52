import { quoted } from '../error.ts';
import { Spelled } from '../typed/spelled.ts';

/** A text that is not the one JSON object that it should be. */
export class JsonFault {
  readonly problem: string;
  readonly advice: string;

  constructor(problem: string, advice: string) {
    this.problem = problem;
    this.advice = advice;
  }
}

// RFC 8259, sections 6 and 7
// biome-ignore lint/suspicious/noControlCharactersInRegex: a text must not hold them as they are
const plainString = /"[^"\\\u0000-\u001f]*"/y;
const string =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: as above
  /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const word = /true|false|null/y;
const space = /[ \t\r]*/y;
const zero = /^-?0(?:\.0*)?$/;

/**
 * Goes through the keys and values of an object on one line, in order: texts, truth values, null, and
 * numbers, which are `Spelled` where a double might not keep them. Lists and objects are parsed whole.
 * Throws a JsonFault that names the place.
 */
export function scanObject(text: string, take: (key: string, value: unknown) => void): void {
  let at = 0;

  const skip = (): void => {
    space.lastIndex = at;
    space.test(text);
    at = space.lastIndex;
  };
  const fault = (expected: string, advice = 'write one JSON object on each line'): JsonFault => {
    const found = at < text.length ? quoted(text.slice(at, at + 20)) : 'the end of the line';
    return new JsonFault(`got ${found} at character ${at + 1}, expected ${expected}`, advice);
  };
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return undefined;
    const found = text.slice(at, pattern.lastIndex);
    at = pattern.lastIndex;
    return found;
  };
  const stringAt = (what: string): string => {
    const plain = match(plainString);
    if (plain !== undefined) return plain.slice(1, -1);
    const spelled = match(string);
    if (spelled === undefined) {
      throw fault(
        what,
        'put texts in double quotes, and write \\n, \\t, \\" and \\\\ inside of them',
      );
    }
    const value = JSON.parse(spelled) as string;
    if (/\p{Surrogate}/u.test(value)) {
      throw new JsonFault('a text holds half of a surrogate pair', 'write the whole character');
    }
    return value;
  };
  const valueAt = (): unknown => {
    const first = text.charCodeAt(at);
    if (first === 34) return stringAt('a text');
    if (first === 123 || first === 91) return nestedAt();
    const digits = match(number);
    if (digits !== undefined) {
      const value = Number(digits);
      const isSafe =
        Math.abs(value) <= Number.MAX_SAFE_INTEGER && (value !== 0 || zero.test(digits));
      return isSafe ? value : new Spelled(digits);
    }
    const literal = match(word);
    if (literal !== undefined) return literal === 'null' ? null : literal === 'true';
    throw fault(
      'a value',
      'JSON has numbers, "texts", true, false and null; a missing number is null',
    );
  };
  const nestedAt = (): unknown => {
    const start = at;
    at = nestedEnd(text, start);
    try {
      return JSON.parse(text.slice(start, at)) as unknown;
    } catch {
      at = start;
      throw fault('a list or an object that is closed and well-formed');
    }
  };

  skip();
  if (text.charCodeAt(at) !== 123) throw fault('an object: {');
  at++;
  skip();
  if (text.charCodeAt(at) === 125) at++;
  else {
    for (;;) {
      skip();
      const key = stringAt('a key in quotes');
      skip();
      if (text.charCodeAt(at) !== 58) throw fault(`a colon after the key ${quoted(key)}`);
      at++;
      skip();
      take(key, valueAt());
      skip();
      const next = text.charCodeAt(at);
      if (next !== 44 && next !== 125) throw fault('a comma, or } at the end');
      at++;
      if (next === 125) break;
    }
  }
  skip();
  if (at < text.length) throw fault('the end of the line');
}

/** Where a list or an object ends that begins at `start`; the end of the text if it does not. */
function nestedEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === 34) {
      string.lastIndex = at;
      if (!string.test(text)) return text.length;
      at = string.lastIndex - 1;
    } else if (c === 123 || c === 91) depth++;
    else if ((c === 125 || c === 93) && --depth === 0) return at + 1;
  }
  return text.length;
}
