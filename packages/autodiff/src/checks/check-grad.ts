import { positive, type Spec, settle } from '@steepest/ground';
import { concreteFrom, type Entry, entriesOf, numberFrom } from '../modes/entries.ts';
import { differenceQuotient } from '../modes/quotients.ts';
import { differentiate } from '../modes/reverse.ts';
import type { Argument } from '../modes/types.ts';
import { expectFunction } from '../primitive/callable.ts';
import type { Operand, Value } from '../values/operand.ts';
import { leafList } from '../values/tree.ts';
import type { Path } from '../values/tree-def.ts';
import { kinkAt, type OneSided } from './kinks.ts';

/** One entry of a gradient, computed in two ways. */
export interface CheckedEntry {
  /** The leaf of x, as code would write it (`layers[0].w`); empty where x is a single leaf. */
  readonly path: Path;
  readonly row: number;
  readonly column: number;
  /** By reverse mode. */
  readonly exact: number;
  /** By difference quotients. */
  readonly numeric: number;
  readonly relativeError: number;
}

/** An entry at which the function has a kink, so that quotients cannot judge its derivative. */
export interface Kink extends OneSided {
  readonly path: Path;
  readonly row: number;
  readonly column: number;
  readonly exact: number;
}

/** What {@link checkGrad} found; prints as a report. */
export interface GradientCheck {
  /** No larger than the tolerance, and between the one-sided slopes at every kink. */
  readonly passed: boolean;
  /** The largest |exact − numeric| over the larger of both; over all entries without a kink. */
  readonly maxRelativeError: number;
  /** The entry with that error; undefined where none could be compared. */
  readonly worst: CheckedEntry | undefined;
  readonly kinks: readonly Kink[];
  /** How many entries were compared. */
  readonly compared: number;
  toString(): string;
}

/** How a gradient is checked. */
export interface CheckOptions {
  /** The largest relative error that passes; 10⁻⁶ without. */
  readonly tolerance?: number;
}

const spec = { tolerance: positive(1e-6) } satisfies Spec<CheckOptions>;

/** Entries below this share of the gradient's largest count as if they were that large. */
const negligible = 1e-3;

/**
 * Compares the gradient of f with difference quotients (extrapolated by Richardson's method), entry
 * by entry, and says where f has a kink.
 *
 * `passed` is false where the largest relative error exceeds `tolerance` (10⁻⁶). Some 30 calls of f
 * per entry of x. Throws where f does not return 1×1.
 *
 * ```ts
 * const check = checkGrad((x: Value) => sum(square(x)))(x);
 * console.log(String(check)); // "checkGrad: passed, 2 entries, …"
 * ```
 */
export function checkGrad<P = Value, R extends unknown[] = []>(
  f: (x: P, ...rest: R) => Operand,
  options: CheckOptions = {},
): (x: Argument<P>, ...rest: R) => GradientCheck {
  expectFunction('checkGrad', f);
  const { tolerance } = settle('checkGrad', options, spec);
  return (x, ...rest) => {
    const { gradient } = differentiate('checkGrad', f, x, rest);
    const exact = leafList(gradient).map((leaf) => concreteFrom('checkGrad', leaf).data);
    const compared: CheckedEntry[] = [];
    const kinks: Kink[] = [];
    const scale = negligible * largest(exact);
    entriesOf('checkGrad', x).forEach((leaf, i) => {
      leaf.forEach((entry, k) => {
        const value = (t: number) => numberFrom('checkGrad', f(entry.moved(t) as P, ...rest));
        const kink = kinkAt(value, entry.x);
        if (kink !== undefined) kinks.push({ ...placeOf(entry), exact: exact[i][k], ...kink });
        else compared.push(comparison(entry, exact[i][k], value, scale));
      });
    });
    return new Report(compared, kinks, tolerance);
  };
}

function comparison(
  entry: Entry,
  exact: number,
  value: (t: number) => number,
  scale: number,
): CheckedEntry {
  const { slope: numeric, error } = differenceQuotient(value, entry.x, 'richardson');
  // What the quotients themselves are unsure of is not held against the rule.
  const explained = Math.abs(exact - numeric) <= error && Number.isFinite(error);
  const relativeError = explained ? 0 : disagreement(exact, numeric, scale);
  return { ...placeOf(entry), exact, numeric, relativeError };
}

/** |a − b| over the larger of both (or of `scale`); Infinity where only one is a finite number. */
export function disagreement(a: number, b: number, scale = 0): number {
  if (Object.is(a, b) || a === b) return 0;
  const error = Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b), scale);
  return Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
}

function largest(parts: readonly Float64Array[]): number {
  let size = 0;
  for (const part of parts) {
    for (const x of part) if (Number.isFinite(x)) size = Math.max(size, Math.abs(x));
  }
  return size;
}

function placeOf({ path, row, column }: Entry): Pick<Entry, 'path' | 'row' | 'column'> {
  return { path, row, column };
}

class Report implements GradientCheck {
  readonly passed: boolean;
  readonly maxRelativeError: number;
  readonly worst: CheckedEntry | undefined;
  readonly kinks: readonly Kink[];
  readonly compared: number;

  constructor(entries: readonly CheckedEntry[], kinks: readonly Kink[], tolerance: number) {
    let worst: CheckedEntry | undefined;
    for (const entry of entries) {
      if (worst === undefined || entry.relativeError > worst.relativeError) worst = entry;
    }
    this.worst = worst;
    this.maxRelativeError = worst?.relativeError ?? 0;
    this.kinks = kinks;
    this.compared = entries.length;
    this.passed = this.maxRelativeError <= tolerance && kinks.every(isBetween);
  }

  toString(): string {
    const { passed, compared, maxRelativeError, worst, kinks } = this;
    const lines = [
      `checkGrad: ${passed ? 'passed' : 'FAILED'}, ${compared} ${compared === 1 ? 'entry' : 'entries'}, ` +
        `largest relative error ${maxRelativeError.toExponential(1)}`,
    ];
    if (worst !== undefined && !(passed && worst.relativeError === 0)) {
      lines.push(`  worst at ${place(worst)}: exact ${worst.exact}, numeric ${worst.numeric}`);
    }
    for (const kink of kinks) {
      lines.push(
        `  kink at ${place(kink)}: slope ${kink.left} to the left, ${kink.right} to the right, ` +
          `the gradient says ${kink.exact}`,
      );
    }
    return lines.join('\n');
  }
}

function isBetween({ left, right, exact }: Kink): boolean {
  const margin = 1e-3 * (Math.abs(left) + Math.abs(right));
  return exact >= Math.min(left, right) - margin && exact <= Math.max(left, right) + margin;
}

function place({ path, row, column }: Pick<Entry, 'path' | 'row' | 'column'>): string {
  return `${path === '' ? 'x' : path}(${row}, ${column})`;
}
