import { required, type Spec, settle, wholeNumber } from '@steepest/ground';
import { columnName } from '../column-names.ts';
import { generatorOf, range, type Seed, seedOption } from '../random/shuffle.ts';
import { expectTable } from './expect-table.ts';
import { byGroup, byTime } from './folds.ts';
import { type DiskTable, isOnDisk } from './on-disk.ts';
import { decidingColumns, partOnDisk } from './parts-on-disk.ts';
import { takeRows } from './rows.ts';
import { deal, inRole, needsSeed, warned } from './split.ts';
import { apportion, strata } from './strata.ts';
import type { Table, Train, Validation } from './table.ts';

/** One fold: the rows to learn from and the rows to judge by. */
export interface Fold<T extends Table | DiskTable = Table> {
  readonly train: Train<T>;
  readonly validation: Validation<T>;
}

/** One fold as numbers of rows. */
export interface RowsOfFold {
  readonly train: Int32Array;
  readonly validation: Int32Array;
}

/** How many folds, and how rows come into them: by seed, or as a column says. */
export interface FoldOptions {
  readonly k: number;
  readonly seed?: Seed | undefined;
  /** A column whose classes are spread over the folds in the same proportions. */
  readonly stratify?: string | undefined;
  /** A column whose values each stay within one fold: patients, households, sites. */
  readonly group?: string | undefined;
  /** A column of dates or numbers: every fold learns from rows before those that it is judged by. */
  readonly time?: string | undefined;
}

const foldSpec = {
  k: required(wholeNumber(2, 5)),
  seed: seedOption,
  stratify: columnName,
  group: columnName,
  time: columnName,
} satisfies Spec<FoldOptions>;

/**
 * k pairs of training and validation rows; each row is validated on exactly once (with `time`, but for
 * the first of them). Without a seed the folds are runs of neighbouring rows, which suits no sorted file:
 * see SplitOptions.
 *
 * `group`: the largest groups come first, each into the fold with the fewest rows (as scikit-learn's
 * GroupKFold). `time`: rows are sorted, validated on are k blocks of rows / (k + 1) at the end, each by
 * what is before it (TimeSeriesSplit); rows of the same time stay together. Throws unless 2 ≤ k ≤ rows,
 * for more folds than groups or times, and for options that exclude each other.
 *
 * @example
 * for (const { train, validation } of kFold(table, { k: 5, seed: 1 })) …
 * kFold(table, { k: 5, seed: 1, stratify: 'species' })
 */
export function kFold<T extends Table | DiskTable>(table: T, options: FoldOptions): Fold<T>[] {
  if (isOnDisk(table)) {
    const folds = foldsInMemory(decidingColumns(table, options), options);
    return folds.map(({ train, validation }) => ({
      train: partOnDisk(table, train),
      validation: partOnDisk(table, validation),
    })) as unknown as Fold<T>[];
  }
  return foldsInMemory(table as Table, options) as unknown as Fold<T>[];
}

/**
 * The numbers of the rows that `kFold` puts into each fold.
 *
 * @example
 * foldRows(table, { k: 5, seed: 1 })[0].validation // Int32Array of row numbers from 0
 */
export function foldRows(table: Table, options: FoldOptions): RowsOfFold[] {
  return rowsOfFolds('foldRows', table, options);
}

function foldsInMemory(table: Table, options: FoldOptions): Fold[] {
  return rowsOfFolds('kFold', table, options).map(({ train: rest, validation: held }) => {
    const fold = [
      { role: 'train', table: takeRows(table, rest) },
      { role: 'validation', table: takeRows(table, held) },
    ] as const;
    const inOrder = [options.seed, options.group, options.time].every((way) => way === undefined);
    const [train, validation] = inOrder
      ? warned('kFold', fold)
      : fold.map(({ role, table: rows }) => inRole(rows, role));
    return { train, validation } as Fold;
  });
}

function rowsOfFolds(operation: string, table: Table, options: FoldOptions): RowsOfFold[] {
  expectTable(operation, table);
  const { k, seed, stratify, group, time } = settle(operation, options, foldSpec);
  if (k > table.rows) {
    throw new RangeError(`${operation}: k must be between 2 and the ${table.rows} rows, got ${k}`);
  }
  const [own, ...others] = Object.entries({ stratify, group, time })
    .filter(([, column]) => column !== undefined)
    .map(([name]) => name);
  if (others.length > 0) {
    throw new TypeError(`${operation}: ${own} has no effect beside ${others[0]}; choose one`);
  }
  if (time !== undefined) {
    if (seed === undefined) return byTime(operation, table, time, k);
    throw new TypeError(`${operation}: seed has no effect beside time, which draws nothing`);
  }
  const random = seed === undefined ? undefined : generatorOf(seed, operation);
  if (group !== undefined) return trainingOnOthers(byGroup(operation, table, group, k, random));
  const shares = new Array<number>(k).fill(1 / k);
  if (random !== undefined) {
    return trainingOnOthers(deal(strata(table, stratify, operation), shares, random));
  }
  if (stratify !== undefined) throw needsSeed(operation);
  const counts = apportion(table.rows, shares);
  const starts = counts.map((_, i) => counts.slice(0, i).reduce((a, b) => a + b, 0));
  const order = range(table.rows);
  return trainingOnOthers(counts.map((count, i) => order.slice(starts[i], starts[i] + count)));
}

function trainingOnOthers(parts: readonly Int32Array[]): RowsOfFold[] {
  return parts.map((validation, own) => ({
    train: Int32Array.from(parts.filter((_, i) => i !== own).flatMap((part) => [...part])),
    validation,
  }));
}
