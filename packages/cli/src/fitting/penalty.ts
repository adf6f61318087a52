import type { Preparation, Train } from '@steepest/datasets';
import { type PenaltyOptions, search } from '@steepest/models';
import { UsageError } from '../usage/errors.ts';
import type { Given } from '../usage/given.ts';
import type { Asked } from './asked.ts';
import { type FamilyName, problemOf } from './families.ts';

/** The parts that columns play, and how they become features. */
export interface Roles {
  readonly target: string;
  readonly preparation: Preparation;
  readonly weights?: string;
  readonly offset?: string;
}

export interface ChosenPenalty {
  readonly options: PenaltyOptions;
  /** How it came about; undefined where there is none. */
  readonly how: string | undefined;
}

/** --penalty l2=0.01, or auto: the strongest within one standard error of the best, by cross-validation. */
export async function penaltyOf(
  given: Given,
  family: FamilyName,
  train: Train,
  options: Roles,
  { folds = 5, seed }: Pick<Asked, 'folds' | 'seed'>,
  signal: AbortSignal,
): Promise<ChosenPenalty> {
  const text = given.text('penalty');
  if (text === undefined) return { options: {}, how: undefined };
  if (text === 'auto') {
    const found = await search(
      ({ l2 }) => ({ ...options, problem: problemOf(family, { l2 }) }),
      train,
      {
        over: { l2: [1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003, 0.0001] },
        folds: { k: folds, seed },
        complexity: ({ l2 }: { readonly l2: number }) => 1 / l2,
        signal,
      },
    );
    const l2 = Number(found.chosen.candidate.l2);
    return {
      options: { l2 },
      how: `l2 = ${l2}, the strongest within one standard error of the best ${found.by.measure} in ${folds} folds`,
    };
  }
  const [, kind, strength, share = '0.5'] = /^(l1|l2|elastic)=([^,]+)(?:,(.+))?$/.exec(text) ?? [];
  const [lambda, alpha] = [Number(strength), Number(share)];
  if (!(lambda >= 0 && lambda < Infinity && alpha >= 0 && alpha <= 1)) throw wrong(text);
  if (kind !== 'elastic') return { options: { [kind]: lambda }, how: `${kind} = ${lambda}` };
  const both = { l1: lambda * alpha, l2: lambda * (1 - alpha) };
  return { options: both, how: `l1 = ${both.l1}, l2 = ${both.l2}` };
}

function wrong(text: string): UsageError {
  return new UsageError(
    `--penalty must be l2=NUMBER, l1=NUMBER, elastic=NUMBER,SHARE or auto, got ${JSON.stringify(text)}; try l2=0.01`,
  );
}
