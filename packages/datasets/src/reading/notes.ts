import { quoted } from '../error.ts';
import type { Warning } from '../warning.ts';

const sayings: Partial<Record<Warning['kind'], string>> = {
  precision: 'has more digits than a double keeps; if it is an identifier, declare it text()',
  underflow: 'is too small for a double and became 0',
  'leading-zeros': 'lost its leading zeros; if it is a code, declare it text() or category()',
};

/** What is worth telling about the cells of a file: the first of each kind per column, the others counted. */
export class Notes {
  readonly #notes = new Map<string, Warning>();

  /** Notes a cell of a line. */
  add(kind: Warning['kind'], column: string, raw: string, line: number): void {
    const key = `${kind} ${column}`;
    const known = this.#notes.get(key);
    if (known !== undefined) {
      this.#notes.set(key, { ...known, count: (known.count ?? 1) + 1 });
      return;
    }
    const message = `line ${line}, column ${quoted(column)}: ${quoted(raw)} ${sayings[kind] ?? ''}`;
    this.#notes.set(key, { kind, column, line, count: 1, message });
  }

  /** Notes how many holes of a column were filled with its mean. */
  addFilling(column: string, count: number, rows: number, value: number): void {
    const message = `column ${quoted(column)}: ${count} of ${rows} cells were missing and hold the mean of the others, ${value}`;
    this.#notes.set(`imputed ${column}`, { kind: 'imputed', column, count, message });
  }

  get warnings(): Warning[] {
    return [...this.#notes.values()];
  }
}
