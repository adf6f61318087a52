import {
  asTraining,
  columnValues,
  type FoldOptions,
  foldRows,
  isOnDisk,
  type Table,
  type Train,
  takeRows,
} from '@steepest/datasets';
import { either, option, refusal, settle, wholeNumber } from '@steepest/ground';
import { quotedList } from '../checks/warning.ts';
import { expectProblem } from '../expect.ts';
import type { Problem } from '../families/problem.ts';
import { numbersOf } from '../fit/columns.ts';
import { isTable, type TableOptions } from '../fit/training-set.ts';

/** How rows come into folds: how many (5), drawn by which seed (1), or as a column says. */
export type FoldSettings = Omit<FoldOptions, 'k'> & { readonly k?: number | undefined };

export interface FoldsOption {
  /**
   * How many folds, 5 unless given, or how rows come into them: `{ k, seed, stratify }`, `{ k, group }`,
   * `{ k, time }`. Drawn by seed 1 and, where the target is a label, stratified by it, unless said.
   */
  readonly folds?: number | FoldSettings | undefined;
}

/** Rows of a table parted into folds. */
export interface FoldPlan {
  /** In words: '5 folds, seed 1, stratified by "kind"'. */
  readonly how: string;
  readonly target: string;
  readonly folds: readonly FoldOfPlan[];
  /** The column that says which rows belong together, which is no feature. */
  readonly group: string | undefined;
}

export interface FoldOfPlan {
  readonly train: Train<Table>;
  readonly validation: Table;
  /** The numbers of the validation rows in the table. */
  readonly rows: Int32Array;
}

/** The roles among the options of a fit that decide how rows are parted. */
export type Roles = Pick<
  TableOptions,
  'target' | 'positive' | 'weights' | 'analyticWeights' | 'preparation'
>;

/** Parts a table; throws where that leaves a fold without rows or without a class. */
export function foldPlan(
  operation: string,
  problem: Problem,
  table: Train<Table> | Table,
  folds: number | FoldSettings | undefined,
  roles: Roles,
): FoldPlan {
  expectProblem(operation, problem);
  refuseOtherData(operation, table);
  refuseFittedPreparation(operation, roles.preparation);
  const target = roles.target ?? table.schema.target;
  if (target === undefined) {
    throw new TypeError(
      `${operation}: the table has no target; name one: ${operation}(problem, table, { target: 'y' })`,
    );
  }
  columnValues(table, target, operation);
  const labelled = problem.family.target.classes !== undefined;
  const settings = settledFolds(operation, folds, labelled ? target : undefined);
  const counted = countedRows(table, roles.weights ?? roles.analyticWeights);
  const rows = counted === undefined ? table : takeRows(table, counted);
  if (settings.k > rows.rows) {
    throw new RangeError(
      `${operation}: folds must be from 2 to the ${rows.rows} rows, got ${settings.k}`,
    );
  }
  const parts = foldRows(rows, settings);
  if (labelled) refuseMissingClasses(operation, problem, rows, parts, target, roles.positive);
  return {
    how: inWords(settings),
    target,
    group: settings.group,
    folds: parts.map(({ train, validation }) => ({
      train: asTraining(takeRows(rows, train)),
      validation: takeRows(rows, validation),
      rows: counted === undefined ? validation : validation.map((i) => counted[i]),
    })),
  };
}

const foldCount = wholeNumber(2, 5);
const foldsOption = either(
  foldCount,
  option<FoldSettings>({
    expected: 'settings such as { k: 5, group }',
    accepts: (x) => typeof x === 'object' && x !== null && !Array.isArray(x),
    sample: '{ k: 5, seed: 1 }',
  }),
  5,
);

/** What `foldRows` is asked for; it looks at what is inside. */
function settledFolds(
  operation: string,
  given: number | FoldSettings | undefined,
  label: string | undefined,
): FoldOptions {
  const { folds } = settle<FoldsOption, { folds: typeof foldsOption }>(
    operation,
    { folds: given },
    { folds: foldsOption },
  );
  const settings: FoldSettings = typeof folds === 'number' ? { k: folds } : folds;
  const { k = 5, group, time } = settings;
  const drawn = group === undefined && time === undefined;
  const seed = settings.seed ?? (drawn ? 1 : undefined);
  const stratify = settings.stratify ?? (drawn ? label : undefined);
  return { ...settings, k, seed, stratify };
}

function inWords({ k, seed, stratify, group, time }: FoldOptions): string {
  const words = [
    ...(seed === undefined ? [] : [`seed ${typeof seed === 'number' ? seed : 'of a generator'}`]),
    ...(stratify === undefined ? [] : [`stratified by "${stratify}"`]),
    ...(group === undefined ? [] : [`groups of "${group}" together`]),
    ...(time === undefined ? [] : [`in the order of "${time}", learning from what is before`]),
  ];
  return [`${k} folds`, ...words].join(', ');
}

function refuseOtherData(operation: string, table: unknown): asserts table is Table {
  if (isOnDisk(table)) {
    throw new TypeError(
      `${operation}: takes tables in memory; read the file with readCsv, or part it with kFold and fit each part`,
    );
  }
  if (!isTable(table)) {
    throw refusal(operation, 'expected a table', table, 'pass asTraining(table), or a train part');
  }
  const { role } = table as Table;
  if (role === undefined || role === 'train') return;
  throw new TypeError(
    `${operation}: judges by parts of the training rows, this table is ${role}; keep those for the last word, and pass the train part`,
  );
}

function refuseFittedPreparation(operation: string, preparation: unknown): void {
  if (typeof preparation !== 'object' || preparation === null || !('apply' in preparation)) return;
  throw new TypeError(
    `${operation}: the preparation is fitted already, to rows that the folds hold out; pass prepare([…]) as it is, and each fold fits its own`,
  );
}

/** The rows whose weight is not 0; undefined where that is all of them. */
function countedRows(table: Table, weights: string | undefined): Int32Array | undefined {
  if (weights === undefined) return undefined;
  const values = numbersOf(table, weights);
  if (!values.includes(0)) return undefined;
  return Int32Array.from([...values.keys()].filter((i) => values[i] !== 0));
}

/** A fold that lacks a class learns another problem, or has no measure. */
function refuseMissingClasses(
  operation: string,
  { family, outputs, classes: declared }: Problem,
  table: Table,
  folds: readonly { readonly train: Int32Array; readonly validation: Int32Array }[],
  target: string,
  positive: string | undefined,
): void {
  const classes = family.target.classes!(table, target, { positive, outputs, classes: declared });
  const codes = family.target.codes(table, target, classes);
  const all = new Set(codes);
  folds.forEach((fold, i) => {
    for (const part of ['train', 'validation'] as const) {
      const seen = new Set(Array.from(fold[part], (row) => codes[row]));
      const lacking = [...all].filter((code) => !seen.has(code)).map((code) => classes[code]);
      if (lacking.length === 0) continue;
      throw new RangeError(
        `${operation}: the ${part} rows of fold ${i + 1} have no ${quotedList(lacking)} in the column "${target}"; take fewer folds, or stratify by it: folds: { k: 3, stratify: "${target}" }`,
      );
    }
  });
}

/** New groups are unknown to a model that learned from their names. */
export function groupAsFeature(operation: string, group: string): TypeError {
  return new TypeError(
    `${operation}: "${group}" tells groups of rows apart and is a feature too, of which new groups know nothing; leave it out: exclude: ["${group}"]`,
  );
}
