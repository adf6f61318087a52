import type { Colors } from './colours.ts';

/** What a command answers: an object for --json, and the text that is printed from it. */
export interface Output {
  readonly facts: { readonly format: 'steepest'; readonly version: 1; readonly command: string };
  readonly text: (colours: Colors) => string;
  /** Ctrl-C ended the work early; what is said to be saved is. */
  readonly interrupted?: boolean;
}

/** The head of every object that --json prints. */
export function headOf<C extends string>(
  command: C,
): { readonly format: 'steepest'; readonly version: 1; readonly command: C } {
  return { format: 'steepest', version: 1, command };
}

/** JSON on one line; numbers that JSON does not have are 'NaN', 'Infinity', '-Infinity'. */
export function jsonOf(facts: object): string {
  const text = JSON.stringify(facts, (_, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  );
  return `${text}\n`;
}
