import { asTraining, kFold, split, type Table, type Train } from '@steepest/datasets';
import { Refusal } from '../usage/errors.ts';
import { unknown } from '../usage/given.ts';

export interface HoldOut {
  readonly train: Train;
  readonly test: Table | undefined;
  readonly how: string;
}

export interface HoldOutOptions {
  readonly share: number;
  readonly seed: number;
  /** Whole groups of a column, or time:COLUMN for the latest rows; by seed alone unless given. */
  readonly by: string | undefined;
  readonly stratify: string | undefined;
}

/** Rows to learn from, and rows to judge by: by seed, by whole groups, or the latest. */
export function holdOut(table: Table, { share, seed, by, stratify }: HoldOutOptions): HoldOut {
  if (share === 0) return { train: asTraining(table), test: undefined, how: 'no rows held out' };
  if (by !== undefined) return byColumn(table, share, seed, by);
  const { train, test } = split(table, {
    train: 1 - share,
    test: share,
    seed,
    ...(stratify === undefined ? {} : { stratify }),
  });
  const how = `held out by seed ${seed}${stratify === undefined ? '' : `, stratified by ${stratify}`}`;
  return { train, test, how };
}

function byColumn(table: Table, share: number, seed: number, by: string): HoldOut {
  const time = by.startsWith('time:');
  const column = time ? by.slice(5) : by;
  if (!table.columns.has(column)) throw new Refusal(`--split-by: ${unknown(column, table.names)}`);
  const k = Math.max(2, Math.round(1 / share));
  const folds = kFold(table, time ? { k, time: column } : { k, group: column, seed });
  const fold = time ? folds[folds.length - 1] : folds[0];
  const how = time ? `the latest rows by ${column}` : `whole groups of ${column}, by seed ${seed}`;
  return { train: fold.train, test: fold.validation, how };
}
