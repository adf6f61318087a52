import { CsvError } from '@steepest/datasets';
import { argument, refusal, required, text } from '@steepest/ground';
import { expectList, expectProblem } from '../expect.ts';
import type { TargetFacts } from '../families/family.ts';
import type { Problem } from '../families/problem.ts';
import { quotedList, type Warning } from './warning.ts';

/**
 * Refuses targets that a problem cannot learn from, and warns of what is odd about the others.
 *
 * Throws a CsvError: 'not-finite', 'labels-not-0-1', 'one-class', 'too-many-classes', 'constant-target'
 * for counts of 0 only; a RangeError for negative counts.
 *
 * ```ts
 * targetWarnings(linearRegression(), [2, 2, 2], 'y')[0].kind; // 'constant-target'
 * ```
 */
export function targetWarnings(problem: Problem, y: ArrayLike<number>, column: string): Warning[] {
  expectProblem('targetWarnings', problem);
  expectList('targetWarnings', 'y', y);
  argument('targetWarnings', 'column', column, required(text()));
  const entries = y instanceof Float64Array ? y : Float64Array.from(y);
  refuseNonFinite(entries, column);
  const { family, outputs, classes } = problem;
  const found = family.target.check(entries, { column, outputs, classes });
  if (Array.isArray(found)) return found;
  const what = `the target check of the family ${family.kind} must give a list of warnings`;
  throw refusal('targetWarnings', what, found, 'return [] where there are none');
}

function refuseNonFinite(y: Float64Array, column: string): void {
  for (let i = 0; i < y.length; i++) {
    if (y[i] - y[i] === 0) continue; // finite
    throw new CsvError({
      operation: 'fit',
      reason: 'not-finite',
      column,
      problem: `the target of row ${i + 1} is ${y[i]}`,
      advice: 'leave such rows out',
    });
  }
}

/** y holds 0 and 1, both. Throws a CsvError: 'labels-not-0-1', 'one-class'. */
export function zeroOneTarget(y: Float64Array, { column }: TargetFacts): Warning[] {
  if (holdsBoth(y)) return [];
  const found = [...new Set(Array.from(y))].sort((a, b) => a - b);
  if (found.some((label) => label !== 0 && label !== 1)) {
    throw new CsvError({
      operation: 'fit',
      reason: 'labels-not-0-1',
      column,
      problem: `the labels are ${quotedList(found.map(String))}, expected 0 and 1`,
      advice:
        found.length === 2
          ? 'map them with binaryTarget, or fit a table'
          : 'use softmaxRegression for more than two classes',
    });
  }
  if (found.length < 2) throw oneClass(String(found[0]), column);
  return [];
}

function holdsBoth(y: Float64Array): boolean {
  let ones = 0;
  for (let i = 0; i < y.length; i++) {
    if (y[i] * y[i] !== y[i]) return false; // neither 0 nor 1
    ones += y[i];
  }
  return ones > 0 && ones < y.length;
}

/** y holds codes 0 … outputs − 1, two of them at least. Throws a CsvError: 'too-many-classes', 'one-class'. */
export function codeTarget(y: Float64Array, { outputs, classes, column }: TargetFacts): Warning[] {
  const rows = new Array<number>(outputs).fill(0);
  for (let i = 0; i < y.length; i++) {
    if (rows[y[i]] === undefined) {
      throw new CsvError({
        operation: 'fit',
        reason: 'too-many-classes',
        column,
        problem: `row ${i + 1} has class ${y[i]}, expected a code from 0 to ${outputs - 1}`,
        advice: `the problem was declared with ${outputs} classes`,
      });
    }
    rows[y[i]]++;
  }
  const nameOf = (k: number) => classes?.[k] ?? String(k);
  const present = rows.flatMap((count, k) => (count > 0 ? [k] : []));
  if (present.length === 1) throw oneClass(nameOf(present[0]), column);
  const absent = rows.flatMap((count, k) => (count === 0 ? [nameOf(k)] : []));
  if (absent.length === 0) return [];
  return [
    {
      kind: 'class-without-rows',
      message: `no training row is of class ${quotedList(absent)}: its intercept falls for as long as training runs, so leave the class out`,
      columns: [column],
    },
  ];
}

function oneClass(label: string, column: string): CsvError {
  return new CsvError({
    operation: 'fit',
    reason: 'one-class',
    column,
    problem: `every label is ${JSON.stringify(label)}`,
    advice: 'a classifier needs examples of two classes at least',
  });
}

/** y holds counts, not all of them 0. Throws a RangeError for a negative one. */
export function countTarget(y: Float64Array, { column }: TargetFacts): Warning[] {
  let broken = 0;
  for (let i = 0; i < y.length; i++) {
    if (y[i] < 0) {
      throw new RangeError(
        `fit: column "${column}": the count of row ${i + 1} is ${y[i]}; counts are 0 or more (use linearRegression for other numbers)`,
      );
    }
    if (!Number.isInteger(y[i])) broken++;
  }
  if (y.length > 0 && y.every((count) => count === 0)) {
    throw new CsvError({
      operation: 'fit',
      reason: 'constant-target',
      column,
      problem: 'every count is 0: no finite rate fits, the logarithm of the best one is −∞',
      advice: 'is it the right column?',
    });
  }
  if (broken === 0) return [];
  return [
    {
      kind: 'not-whole',
      message: `${broken} of ${y.length} targets in "${column}" are no whole numbers: estimates stay meaningful, Poisson standard errors do not`,
      columns: [column],
    },
  ];
}

/** y is above 0. Throws a RangeError. */
export function positiveTarget(y: Float64Array, { column }: TargetFacts): Warning[] {
  const wrong = y.findIndex((value) => !(value > 0));
  if (wrong < 0) return [];
  throw new RangeError(
    `fit: column "${column}": the target of row ${wrong + 1} is ${y[wrong]}, expected above 0; use linearRegression for other numbers`,
  );
}

/** y holds more than one value. */
export function constantTarget(y: Float64Array, { column }: TargetFacts): Warning[] {
  for (let i = 1; i < y.length; i++) if (y[i] !== y[0]) return [];
  return [
    {
      kind: 'constant-target',
      message: `every target in "${column}" is ${y[0]}: there is nothing to learn`,
      columns: [column],
    },
  ];
}
