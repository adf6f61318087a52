import { option, required, type Spec, settle } from '@steepest/ground';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { columnName } from '../column-names.ts';
import { generatorOf, type Seed, seedOption, shuffleInPlace } from '../random/shuffle.ts';
import { expectTable } from './expect-table.ts';
import { orderWarnings } from './in-order.ts';
import { type DiskTable, isOnDisk } from './on-disk.ts';
import { decidingColumns, partOnDisk } from './parts-on-disk.ts';
import { printed } from './printed.ts';
import { sliceRows, takeRows } from './rows.ts';
import { apportion, strata } from './strata.ts';
import type { Role, Table, Test, Train, Validation } from './table.ts';

/**
 * Shares of the rows, which add up to 1. Without a seed the rows keep their order and nothing is copied:
 * right for rows in no order and for time, wrong for a file that is sorted by its target. That is
 * noticed, and said in each part's `warnings`, if the schema names the target.
 */
export interface SplitOptions {
  readonly train: number;
  readonly validation?: number | undefined;
  readonly test?: number | undefined;
  readonly seed?: Seed | undefined;
  /** A column whose classes are spread over the parts in the same proportions. */
  readonly stratify?: string | undefined;
}

const portion = (sample: string) =>
  option<number, undefined>({
    expected: 'a share of the rows, from 0 to 1',
    accepts: (x) => typeof x === 'number' && x >= 0 && x <= 1,
    sample,
    advice: 'the shares must add up to 1: train: 0.8, test: 0.2',
  });
const none = { ...portion('0.2'), mode: 'filled', fallback: 0 } as const;
const splitSpec = {
  train: required(portion('0.8')),
  validation: none,
  test: none,
  seed: seedOption,
  stratify: columnName,
} satisfies Spec<SplitOptions>;

export interface Split<T extends Table | DiskTable = Table> {
  readonly train: Train<T>;
  readonly validation: Validation<T>;
  readonly test: Test<T>;
}

/**
 * Parts a table into training, validation and test rows; every row is in exactly one of them, and the
 * same seed gives the same parts, in memory and on disk. Throws for shares that do not add up to 1.
 *
 * @example
 * const { train, test } = split(table, { train: 0.8, test: 0.2, seed: 1, stratify: 'species' });
 * const fitted = prepare([standardize()]).fit(train); // fit(test) does not compile
 */
export function split<T extends Table | DiskTable>(table: T, options: SplitOptions): Split<T> {
  if (isOnDisk(table)) {
    const parts = splitInMemory(decidingColumns(table, options), options);
    return {
      train: partOnDisk(table, parts.train),
      validation: partOnDisk(table, parts.validation),
      test: partOnDisk(table, parts.test),
    } as unknown as Split<T>; // the parts of a table on disk are on disk
  }
  return splitInMemory(table as Table, options) as unknown as Split<T>; // parts keep the columns of T
}

function splitInMemory(table: Table, options: SplitOptions): Split {
  expectTable('split', table);
  const settled = settle('split', options, splitSpec, {
    example: 'split(table, { train: 0.8, test: 0.2, seed: 1 })',
  });
  const shares = [settled.train, settled.validation, settled.test];
  const total = shares.reduce((a, b) => a + b, 0);
  if (!shares.every((share) => share >= 0 && share <= 1) || Math.abs(total - 1) > 1e-9) {
    throw new RangeError(
      `split: train, validation and test must be shares that add up to 1, got ${shares.join(' + ')} = ${total}; pass for example train: 0.8, test: 0.2`,
    );
  }
  if (settled.seed === undefined) {
    if (settled.stratify !== undefined) throw needsSeed('split');
    const [a, b] = apportion(table.rows, shares);
    const [train, validation, test] = warned('split', [
      { role: 'train', table: sliceRows(table, 0, a) },
      { role: 'validation', table: sliceRows(table, a, a + b) },
      { role: 'test', table: sliceRows(table, a + b, table.rows) },
    ]);
    return { train, validation, test } as Split;
  }
  const random = generatorOf(settled.seed, 'split');
  const groups = strata(table, settled.stratify, 'split');
  const [train, validation, test] = deal(groups, shares, random);
  return {
    train: inRole(takeRows(table, train), 'train'),
    validation: inRole(takeRows(table, validation), 'validation'),
    test: inRole(takeRows(table, test), 'test'),
  } as Split;
}

/**
 * Declares that a whole table is training data: when there is nothing to hold out, or the test data is
 * another file.
 *
 * @example
 * const fitted = prepare([standardize()]).fit(asTraining(table));
 * asTraining(table).role // 'train'
 */
export function asTraining<T extends Table | DiskTable>(table: T): Train<T> {
  if (isOnDisk(table)) return table.part(undefined, 'train') as unknown as Train<T>;
  expectTable('asTraining', table);
  return inRole(table as Table, 'train') as unknown as Train<T>;
}

/** Row indices of each part: every class is shuffled, dealt out in proportion, and mixed again. */
export function deal(
  groups: readonly Int32Array[],
  shares: readonly number[],
  random: RandomGenerator,
): Int32Array[] {
  const rows = groups.reduce((sum, group) => sum + group.length, 0);
  const parts = shares.map((share) => new Int32Array(Math.ceil(share * rows) + groups.length));
  const filled = shares.map(() => 0);
  let dealt = 0;
  for (const group of groups) {
    shuffleInPlace(group, random);
    dealt += group.length;
    // Rounding each class alone would drift from the totals, so the rows left over go, one each, to the
    // parts that lag most behind their share of all rows dealt so far.
    const counts = shares.map((share) => Math.floor(share * group.length + 1e-9));
    const left = group.length - counts.reduce((a, b) => a + b, 0);
    const lag = shares.map((share, k) => ({
      k,
      rows: share * dealt - filled[k] - counts[k],
    }));
    const eager = lag.filter(({ k }) => shares[k] > 0).sort((a, b) => b.rows - a.rows || a.k - b.k);
    for (const { k } of eager.slice(0, left)) counts[k]++;
    let from = 0;
    counts.forEach((count, k) => {
      parts[k].set(group.subarray(from, from + count), filled[k]);
      filled[k] += count;
      from += count;
    });
  }
  return parts.map((part, k) => shuffleInPlace(part.slice(0, filled[k]), random));
}

/** What is wrong where rows are to be drawn by class, and nothing says how. */
export function needsSeed(operation: string): TypeError {
  return new TypeError(
    `${operation}: stratify needs a seed, because it draws rows at random; pass seed: 1`,
  );
}

/** The table, in a role. */
export function inRole(table: Table, role: Role): Table {
  return printed({ ...table, role });
}

/** The parts in their roles, each with what their order makes doubtful. */
export function warned(
  operation: string,
  parts: readonly { readonly role: Role; readonly table: Table }[],
): Table[] {
  const warnings = orderWarnings(operation, parts);
  return parts.map(({ role, table }) =>
    inRole({ ...table, warnings: [...table.warnings, ...warnings] }, role),
  );
}
