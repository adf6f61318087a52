import { isPlain, refusal } from '@steepest/ground';
import { entries, type Numbers } from '../metrics/columns.ts';

/** p = 1 / (1 + e^−(slope · score + intercept)). */
export interface Platt {
  readonly kind: 'platt';
  readonly slope: number;
  readonly intercept: number;
}

/** A line through points that never falls, level before the first and after the last. */
export interface Isotonic {
  readonly kind: 'isotonic';
  /** Rising. */
  readonly scores: readonly number[];
  /** Never falling. */
  readonly probabilities: readonly number[];
}

/** How scores become probabilities: plain data, which JSON keeps. */
export type Calibrator = Platt | Isotonic;

/**
 * Scores as probabilities. Throws for a calibrator that is none, such as one from a damaged file, and for a
 * score of NaN.
 *
 * ```ts
 * const calibrator = platt(heldOut.predicted, heldOut.y);
 * calibrated(calibrator, fitted.predict(rows)); // Float64Array
 * ```
 */
export function calibrated(calibrator: Calibrator, scores: Numbers): Float64Array {
  expectCalibrator(calibrator);
  const given = entries('calibrated', scores);
  const of = calibrator.kind === 'platt' ? bySigmoid(calibrator) : byPoints(calibrator);
  return Float64Array.from({ length: given.length }, (_, i) => {
    if (!Number.isNaN(given[i])) return of(given[i]);
    throw new RangeError(`calibrated: score ${i} is NaN; leave such rows out`);
  });
}

function bySigmoid({ slope, intercept }: Platt): (score: number) => number {
  return (score) => {
    const t = slope * score + intercept;
    return t >= 0 ? 1 / (1 + Math.exp(-t)) : Math.exp(t) / (1 + Math.exp(t));
  };
}

function byPoints({ scores, probabilities }: Isotonic): (score: number) => number {
  const last = scores.length - 1;
  return (score) => {
    if (score <= scores[0]) return probabilities[0];
    if (score >= scores[last]) return probabilities[last];
    let [low, high] = [0, last];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (scores[middle] <= score) low = middle;
      else high = middle;
    }
    const share = (score - scores[low]) / (scores[high] - scores[low]);
    return probabilities[low] + share * (probabilities[high] - probabilities[low]);
  };
}

function expectCalibrator(x: unknown): asserts x is Calibrator {
  if (isPlain(x) && (x.kind === 'platt' ? isPlatt(x) : x.kind === 'isotonic' && isIsotonic(x))) {
    return;
  }
  throw refusal('calibrated', 'expected a calibrator', x, 'pass what platt() or isotonic() gave');
}

function isPlatt({ slope, intercept }: Readonly<Record<string, unknown>>): boolean {
  return [slope, intercept].every(Number.isFinite);
}

function isIsotonic({ scores, probabilities }: Readonly<Record<string, unknown>>): boolean {
  return (
    isRising(scores, (a, b) => a < b) &&
    isRising(probabilities, (a, b) => a <= b) &&
    scores.length === probabilities.length &&
    probabilities[0] >= 0 &&
    probabilities[probabilities.length - 1] <= 1
  );
}

function isRising(x: unknown, inOrder: (a: number, b: number) => boolean): x is number[] {
  return (
    Array.isArray(x) &&
    x.length > 0 &&
    x.every((v, i) => Number.isFinite(v) && (i === 0 || inOrder(x[i - 1], v)))
  );
}
