import { show } from './checks.ts';

/** What other libraries call some options. */
const elsewhere: Readonly<Record<string, string>> = {
  learningRate: 'rate',
  lr: 'rate',
  stepSize: 'rate',
  momentum: 'decay',
  beta: 'decay',
  weightDecay: 'decay',
  alpha: 'decay',
  gamma: 'factor',
  beta1: 'b1',
  beta2: 'b2',
  eps: 'epsilon',
  iterations: 'maxSteps',
  maxIterations: 'maxSteps',
  maxIter: 'maxSteps',
  tol: 'tolerance',
  optimizer: 'method',
  method: 'optimizer',
};

/**
 * Refuses options that an operation does not know: a misspelt one would be ignored in silence. The
 * type asks for every known name, so a new option cannot be forgotten here. `example`: how to write
 * the options; `advice`: what to say about names that belong elsewhere.
 *
 * ```ts
 * knownOptions('smooth', settings, { decay: true }, 'smooth({ decay: 0.9 })');
 * ```
 */
export function knownOptions<O extends object>(
  operation: string,
  options: O,
  known: Readonly<Record<keyof NoInfer<O>, true>>,
  { example, place = '', advice = {} }: Wording = {},
): void {
  if (typeof options !== 'object' || options === null) {
    const remedy = example === undefined ? '' : `; write ${example}`;
    const what = place === '' ? 'the options' : place;
    throw new TypeError(`${operation}: ${what} must be an object, got ${show(options)}${remedy}`);
  }
  const names = Object.keys(known);
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(known, name)) continue;
    const prefix = place === '' ? '' : `${place}.`;
    const meant = elsewhere[name];
    const near = names.includes(meant) ? meant : nearest(name, names);
    const remedy =
      advice[name] ?? (near === undefined ? 'leave it out' : `did you mean ${prefix}${near}?`);
    throw new TypeError(
      `${operation}: unknown option ${prefix}${name}; ${remedy} (known: ${names.join(', ')})`,
    );
  }
}

interface Wording {
  readonly example?: string;
  /** Where the options stand, if not at the top: `stop`. */
  readonly place?: string;
  readonly advice?: Readonly<Record<string, string>>;
}

function nearest(wanted: string, names: readonly string[]): string | undefined {
  let found: string | undefined;
  let least = Math.ceil(wanted.length / 2);
  for (const name of names) {
    const edits = distance(wanted.toLowerCase(), name.toLowerCase());
    if (edits >= least) continue;
    least = edits;
    found = name;
  }
  return found;
}

/** How many letters to insert, delete or replace (Levenshtein, 1966). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}
