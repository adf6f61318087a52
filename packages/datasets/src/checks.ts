import { CsvError, listed } from './error.ts';
import type { Features } from './features.ts';
import { unknownColumn } from './nearest.ts';
import { interceptName } from './steps/frame.ts';

/**
 * The feature columns of a task: those asked for, or all but the target. Throws a CsvError: unknown
 * columns, the target among the features, a column asked for twice.
 *
 * @example
 * chooseFeatures(['a', 'b', 'y'], { target: 'y' }) // ['a', 'b']
 * chooseFeatures(['a', 'b', 'y'], { target: 'y', features: ['y'] }) // throws 'target-in-features'
 */
export function chooseFeatures(
  names: readonly string[],
  task: { readonly target?: string | undefined; readonly features?: readonly string[] | undefined },
  file?: string,
): string[] {
  const { target, features } = task;
  const operation = 'chooseFeatures';
  for (const name of [...(target === undefined ? [] : [target]), ...(features ?? [])]) {
    if (!names.includes(name)) throw unknownColumn(operation, name, names, { file });
  }
  if (target !== undefined && features?.includes(target)) {
    throw new CsvError({
      operation,
      file,
      reason: 'target-in-features',
      column: target,
      problem: 'the target is also listed as a feature, so the model would learn to copy it',
      advice: 'remove it from the features',
    });
  }
  const twice = features?.find((name, i) => features.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new CsvError({
      operation,
      file,
      reason: 'rank-deficient',
      column: twice,
      problem: 'the column is listed twice as a feature',
      advice: 'list it once',
    });
  }
  return features === undefined ? names.filter((name) => name !== target) : [...features];
}

/**
 * The names of feature columns that hold one value only, which no coefficient can be learned for. The
 * intercept's column is not among them.
 *
 * @example
 * constantColumns(features) // ['always_1']
 */
export function constantColumns(features: Features): string[] {
  const { data, rows, columns, names } = features;
  return names.filter((name, j) => {
    if (name === interceptName) return false;
    for (let i = 1; i < rows; i++) if (data[i * columns + j] !== data[j]) return false;
    return true;
  });
}

/**
 * Throws a CsvError ('constant-column') that names the feature columns that hold one value only.
 *
 * @example
 * refuseConstantColumns(features) // nothing, if every column varies
 * refuseConstantColumns(prepared) // throws: one value only in "always_1" …
 */
export function refuseConstantColumns(features: Features): void {
  const names = constantColumns(features);
  if (names.length === 0) return;
  throw new CsvError({
    operation: 'refuseConstantColumns',
    reason: 'constant-column',
    column: names[0],
    problem: `one value only in ${listed(names)}: the model cannot tell it from the intercept`,
    advice: 'leave it out',
  });
}

/**
 * Throws a CsvError ('too-few-rows') unless there are at least as many rows as parameters.
 *
 * @example
 * refuseTooFewRows(1, 2) // throws: 1 row cannot determine 2 parameters
 * refuseTooFewRows(100, 2)
 */
export function refuseTooFewRows(rows: number, parameters: number): void {
  if (rows >= parameters) return;
  throw new CsvError({
    operation: 'refuseTooFewRows',
    reason: 'too-few-rows',
    problem: `${rows} ${rows === 1 ? 'row' : 'rows'} cannot determine ${parameters} parameters`,
    advice: 'add data, leave features out, or add a penalty',
  });
}
