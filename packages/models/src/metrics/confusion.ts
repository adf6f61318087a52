import type { FlatMatrix } from '@steepest/autodiff';
import { argument, listOf, refusal, required, text } from '@steepest/ground';
import { entries, type Numbers, pair } from './columns.ts';

/** counts[i][j]: how many rows of class i were called class j. Prints as a table. */
export interface ConfusionMatrix {
  readonly classes: readonly string[];
  readonly counts: readonly (readonly number[])[];
  /** Of the rows called this class, the share that is; NaN where none was. */
  readonly precision: readonly number[];
  /** Of the rows of this class, the share called so; NaN where there is none. */
  readonly recall: readonly number[];
  readonly accuracy: number;
  toString(): string;
}

/**
 * The share of rows whose class is right, 0 to 1.
 *
 * ```ts
 * accuracy([0, 1, 1], [0, 1, 0]); // 2/3
 * ```
 */
export function accuracy(predicted: Numbers, actual: Numbers): number {
  const { p, y, n } = pair('accuracy', predicted, actual);
  let right = 0;
  for (let i = 0; i < n; i++) if (p[i] === y[i]) right++;
  return right / n;
}

/** The class that is called for each row: the likelier of two, the most likely of several. */
export function calledOf(p: FlatMatrix): Float64Array {
  return p.columns > 1 ? mostLikely(p) : p.data.map((probability) => (probability >= 0.5 ? 1 : 0));
}

/** The accuracy of calling the most likely class. */
export function accuracyOf(p: FlatMatrix, y: FlatMatrix): number {
  return accuracy(calledOf(p), y);
}

/**
 * Counts each pair of true and predicted class; both are codes 0 … K−1 into `classes`.
 *
 * ```ts
 * String(confusionMatrix([0, 1, 1], [0, 1, 0], ['no', 'yes'])); // a table, rows are the truth
 * ```
 */
export function confusionMatrix(
  predicted: Numbers,
  actual: Numbers,
  classes: readonly string[],
): ConfusionMatrix {
  argument('confusionMatrix', 'classes', classes, required(listOf(text())));
  const { p, y, n } = pair('confusionMatrix', predicted, actual);
  const counts = classes.map(() => new Array<number>(classes.length).fill(0));
  for (let i = 0; i < n; i++) {
    if (classes[y[i]] === undefined || classes[p[i]] === undefined) {
      throw new RangeError(
        `confusionMatrix: row ${i} has codes ${y[i]} and ${p[i]}; with ${classes.length} classes they are 0 … ${classes.length - 1}`,
      );
    }
    counts[y[i]][p[i]]++;
  }
  return confusionOf(classes, counts);
}

/** What follows from the counts, rows the true classes. */
export function confusionOf(
  classes: readonly string[],
  counts: readonly (readonly number[])[],
): ConfusionMatrix {
  const called = classes.map((_, j) => counts.reduce((total, row) => total + row[j], 0));
  const occurred = counts.map((row) => row.reduce((a, b) => a + b, 0));
  const right = counts.map((row, k) => row[k]);
  return {
    classes,
    counts,
    precision: right.map((count, k) => count / called[k]),
    recall: right.map((count, k) => count / occurred[k]),
    accuracy: right.reduce((a, b) => a + b, 0) / occurred.reduce((a, b) => a + b, 0),
    toString: () => print(classes, counts),
  };
}

/** The class with the highest probability in each row; the first of equals. */
export function mostLikely(probabilities: {
  readonly rows: number;
  readonly columns: number;
  readonly data: ArrayLike<number>;
}): Float64Array {
  if (!Number.isSafeInteger(probabilities?.rows) || !Number.isSafeInteger(probabilities.columns)) {
    throw refusal('mostLikely', 'expected a matrix', probabilities, 'pass an n×K matrix');
  }
  const { rows, columns } = probabilities;
  const data = entries('mostLikely', probabilities.data);
  return Float64Array.from({ length: rows }, (_, i) => {
    let best = 0;
    for (let k = 1; k < columns; k++)
      if (data[i * columns + k] > data[i * columns + best]) best = k;
    return best;
  });
}

function print(classes: readonly string[], counts: readonly (readonly number[])[]): string {
  const corner = 'true \\ predicted';
  const left = Math.max(corner.length, ...classes.map((name) => name.length));
  const width = classes.map((name, j) =>
    Math.max(name.length, ...counts.map((row) => String(row[j]).length)),
  );
  const line = (head: string, cells: readonly (string | number)[]) =>
    [head.padEnd(left), ...cells.map((cell, j) => String(cell).padStart(width[j]))].join('  ');
  return [line(corner, classes), ...counts.map((row, i) => line(classes[i], row))].join('\n');
}
