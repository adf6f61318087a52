import type { Document } from './document.ts';
import { toHtml } from './html.ts';
import { toLatex } from './latex.ts';
import { toMarkdown } from './markdown.ts';
import { toText } from './text.ts';

/** What prints itself: as text by `String` and `console.log`, in notebooks as HTML. */
export interface Printed {
  toString(): string;
  /** Pipe tables. */
  toMarkdown(): string;
  /** Tables with the rules of the booktabs package. */
  toLatex(): string;
  toHTML(): string;
}

/** The value with its writers, which are no part of its data; the document is made when it is asked for. */
export function printed<T extends object>(value: T, document: (of: T) => Document): T & Printed {
  const writers = {
    toString: () => toText(document(value)),
    toMarkdown: () => toMarkdown(document(value)),
    toLatex: () => toLatex(document(value)),
    toHTML: () => toHtml(document(value)),
    [Symbol.for('nodejs.util.inspect.custom')]: () => toText(document(value)),
    [Symbol.for('Jupyter.display')]: () => ({
      'text/plain': toText(document(value)),
      'text/markdown': toMarkdown(document(value)),
      'text/html': toHtml(document(value)),
    }),
  };
  for (const name of Reflect.ownKeys(writers)) {
    Object.defineProperty(value, name, { value: writers[name as keyof typeof writers] });
  }
  return value as T & Printed;
}
