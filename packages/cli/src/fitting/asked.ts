import { UsageError } from '../usage/errors.ts';
import type { Given } from '../usage/given.ts';
import { type OptimizerName, optimizerNames } from './optimizers.ts';

/** The options of `train` that are numbers and names, checked together. */
export interface Asked {
  readonly seed: number;
  /** The share of rows to hold out. */
  readonly share: number;
  readonly by: string | undefined;
  readonly folds: number | undefined;
  readonly resamples: number | undefined;
  readonly optimizer: OptimizerName | undefined;
  readonly rate: number | undefined;
  readonly batch: number | undefined;
  readonly epochs: number | undefined;
}

export function askedFor(given: Given): Asked {
  const whole = (name: 'batch' | 'epochs' | 'bootstrap' | 'cv', least: number, example: string) =>
    given.number(name, { least, whole: true, example });
  const asked = {
    seed: given.number('seed', { least: 0, whole: true, example: '1' }) ?? 1,
    share: given.number('test', { least: 0, below: 1, example: '0.2' }) ?? 0.2,
    by: given.text('split-by'),
    folds: whole('cv', 2, '5'),
    resamples: whole('bootstrap', 2, '1000'),
    optimizer: given.word('optimizer', optimizerNames),
    rate: given.number('rate', { least: Number.MIN_VALUE, example: '0.1' }),
    batch: whole('batch', 1, '32'),
    epochs: whole('epochs', 1, '50'),
  };
  const alone = (['rate', 'batch', 'epochs', 'checkpoint'] as const).find((name) =>
    given.has(name),
  );
  if (asked.optimizer === undefined && alone !== undefined) {
    throw new UsageError(`--${alone} is about a run; name its optimizer: --optimizer adam`);
  }
  if (given.has('resume') && !given.has('checkpoint')) {
    throw new UsageError('--resume goes on from a file; name it: --checkpoint run.ckpt');
  }
  return asked;
}
