import { argument, required, type Spec, settle, text, wholeNumber } from '@steepest/ground';
import { columnName, columnNames } from './column-names.ts';
import { CsvError, listed, quoted } from './error.ts';
import { expectFeatures, type Features } from './features.ts';
import { unknownColumn } from './nearest.ts';
import { interceptName } from './steps/frame.ts';

/** Which column is to be predicted, and which ones to predict it by. */
export interface FeatureTask {
  readonly target?: string | undefined;
  /** All columns but the target and those excluded, unless listed. */
  readonly features?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
}

const taskSpec = {
  target: columnName,
  features: columnNames,
  exclude: columnNames,
} satisfies Spec<FeatureTask>;

/**
 * The feature columns of a task: those asked for, or all but the target and what is excluded. Throws a CsvError: unknown
 * columns, the target among the features, a column asked for twice; and a TypeError for one that is
 * both asked for and excluded.
 *
 * @example
 * chooseFeatures(['a', 'b', 'y'], { target: 'y' }) // ['a', 'b']
 * chooseFeatures(['id', 'a', 'y'], { target: 'y', exclude: ['id'] }) // ['a']
 * chooseFeatures(['a', 'b', 'y'], { target: 'y', features: ['y'] }) // throws 'target-in-features'
 */
export function chooseFeatures(
  names: readonly string[],
  task: FeatureTask,
  file?: string,
): string[] {
  const operation = 'chooseFeatures';
  argument(operation, 'names', names, required(columnNames));
  const { target, features, exclude } = settle(operation, task, taskSpec);
  argument(operation, 'file', file, text());
  const known = new Set(names);
  for (const name of [target ?? [], features ?? [], exclude ?? []].flat()) {
    if (!known.has(name)) throw unknownColumn(operation, name, names, { file });
  }
  const chosen = new Set(features);
  if (target !== undefined && chosen.has(target)) {
    throw new CsvError({
      operation,
      file,
      reason: 'target-in-features',
      column: target,
      problem: 'the target is also listed as a feature, so the model would learn to copy it',
      advice: 'remove it from the features',
    });
  }
  const left = exclude?.find((name) => chosen.has(name));
  if (left !== undefined) {
    throw new TypeError(
      `${operation}: the column ${quoted(left)} is listed in features and in exclude; list it in one of them`,
    );
  }
  if (features !== undefined && chosen.size < features.length) {
    const seen = new Set<string>();
    const twice = features.find((name) => seen.size === seen.add(name).size);
    throw new CsvError({
      operation,
      file,
      reason: 'rank-deficient',
      column: twice,
      problem: 'the column is listed twice as a feature',
      advice: 'list it once',
    });
  }
  if (features !== undefined) return [...features];
  const excluded = new Set(exclude);
  return names.filter((name) => name !== target && !excluded.has(name));
}

/**
 * The names of feature columns that hold one value only, which no coefficient can be learned for. The
 * intercept's column is not among them.
 *
 * @example
 * constantColumns(features) // ['always_1']
 */
export function constantColumns(features: Features): string[] {
  const { data, rows, columns, names } = expectFeatures('constantColumns', features);
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
  const names = constantColumns(expectFeatures('refuseConstantColumns', features));
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
  const count = required(wholeNumber(0));
  argument('refuseTooFewRows', 'rows', rows, count);
  argument('refuseTooFewRows', 'parameters', parameters, count);
  if (rows >= parameters) return;
  throw new CsvError({
    operation: 'refuseTooFewRows',
    reason: 'too-few-rows',
    problem: `${rows} ${rows === 1 ? 'row' : 'rows'} cannot determine ${parameters} parameters`,
    advice: 'add data, leave features out, or add a penalty',
  });
}
