import type { Expressions } from '../expression/expression.ts';
import type { Words } from '../expression/words.ts';

/** How one kind of database writes what queries are made of. */
export interface Dialect {
  readonly name: string;
  /** Its words; `guarded`, where a number that is none stops the plain ones. */
  words(all: Expressions, guarded: boolean): Words;
  /** A number that reads back as itself. */
  number(value: number): string;
  /** The same where nothing beside it says that it is a double. */
  typed(value: number): string;
  /** A name, whatever it holds. */
  quote(name: string): string;
  /** A text as a literal, whatever it holds. */
  text(value: string): string;
  /** A column's value as a double. */
  double(text: string): string;
  /** A column's value as a text. */
  label(text: string): string;
  /** A date or a time as milliseconds since 1970 in UTC, as a double. */
  milliseconds(text: string): string;
  /** Whether a cell is neither a finite number nor NULL; its text says so of a double. */
  notFinite(text: string): string;
  /** The sum of all rows. */
  sum(text: string, plain: boolean): string;
  /** At the end of a subquery, so that what it computes is computed once; empty where it is anyway. */
  readonly fence: string;
  /** The most columns that a query may return. */
  readonly mostColumns: number;
  /** Whether an error says that a result was out of the range of doubles. */
  outOfRange(error: unknown): boolean;
  /** Asks for the plan of a query. */
  readonly explain: string;
}

/** The shortest decimal that reads back as the number, marked as a double: `0.1e0`. */
export function doubleLiteral(value: number): string {
  const text = Object.is(value, -0) ? '-0' : String(value);
  return text.includes('e') ? text : `${text}e0`;
}

/** A name between quotes, quotes within doubled. */
export function quoted(name: string, quote = '"'): string {
  if (name === '' || name.includes('\0')) {
    throw new TypeError(
      `sqlRows: a name must be a text without the character NUL, got ${JSON.stringify(name)}`,
    );
  }
  return quote + name.replaceAll(quote, quote + quote) + quote;
}

/** A text between apostrophes, apostrophes within doubled. */
export function textLiteral(value: string): string {
  if (value.includes('\0')) {
    throw new TypeError('sqlRows: a text holds the character NUL, which literals cannot');
  }
  return `'${value.replaceAll("'", "''")}'`;
}
