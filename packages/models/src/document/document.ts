/** What is printed, whatever the form: text, Markdown, LaTeX and HTML are written from this alone. */
export interface Document {
  readonly title: string;
  readonly parts: readonly Part[];
}

export type Part = Grid | Facts | Notes;

/** Rows of cells under a header; the first column holds names, the others numbers. */
export interface Grid {
  readonly kind: 'grid';
  readonly caption?: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Rows before which a line is drawn, by their number. */
  readonly rules?: readonly number[];
}

/** What is known of a whole, each under its name. */
export interface Facts {
  readonly kind: 'facts';
  readonly entries: readonly (readonly [name: string, value: string])[];
}

export interface Notes {
  readonly kind: 'notes';
  readonly lines: readonly string[];
}
