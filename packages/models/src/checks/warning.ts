/** What a fit warns of, in one word each. */
export const warningKinds = [
  'constant-column',
  'constant-target',
  'rank-deficient',
  'too-few-rows',
  'exact-fit',
  'perfect-fit',
  'ill-conditioned',
  'separable',
  'not-checked',
  'not-converged',
  'not-whole',
  'class-without-rows',
  'rows-in-order',
  'id-like',
  'imbalance',
  'unused-column',
] as const;

export type WarningKind = (typeof warningKinds)[number];

/** Something a reader of the fit should know; `message` is for people, `kind` for programs. */
export interface Warning {
  readonly kind: WarningKind;
  readonly message: string;
  readonly columns?: readonly string[];
}

/** Names in quotes for a message, at most six of them. */
export function quotedList(names: readonly string[]): string {
  const shown = names.slice(0, 6).map((name) => JSON.stringify(name));
  return names.length > 6 ? `${shown.join(', ')} and ${names.length - 6} more` : shown.join(', ');
}

/** Whether a hyperplane parts the classes: wholly, up to rows on it, not at all, or not examined. */
export type Separation = 'complete' | 'quasi' | 'none' | 'not checked';
