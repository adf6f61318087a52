import type { DiskTable, Validation } from '@steepest/datasets';
import type { Evaluation, RunOptions, Stepper, StopRules } from '@steepest/optim';
import type { WarningKind } from '../checks/warning.ts';
import type { Batch, Params } from '../families/batch.ts';
import type { Problem } from '../families/problem.ts';
import type { Examples, TableOptions } from './training-set.ts';

/** The value and the gradient of a loss at parameters, on a batch. */
export type Differentiated = (params: Params, batch: Batch) => Evaluation<Params>;

/**
 * Which columns of a table play which role, and how to train. All of it may be left out: `fit` then goes
 * to the minimum by the cheapest sure way. With anything that is about a run (an optimizer, a batch
 * size, epochs, rules to stop by, validation, checkpoints, reports, a gradient of one's own), exactly that
 * runs.
 */
export interface FitOptions extends TableOptions, RunOptions {
  /** Any stepper of optim; `lbfgs()` on the whole batch, `adam()` on minibatches unless given. */
  readonly optimizer?: Stepper;
  /** Rows per step; all of them unless given. */
  readonly batchSize?: number;
  /** 100 with minibatches unless given. */
  readonly epochs?: number;
  /** With the whole batch, unless given: a gradient of 1e-9 of that at the start, 10 000 steps. */
  readonly stop?: StopRules;
  /** Decides the order of minibatches; 0 unless given. */
  readonly seed?: number;
  /** Rows to stop by, whose loss (without the penalty) is measured after every epoch. */
  readonly validation?: {
    readonly data: Validation | Validation<DiskTable> | Examples;
    readonly patience?: number;
    readonly every?: number;
    readonly restoreBest?: boolean;
  };
  /** Kinds of warnings that are to be warnings only, where the fit would be refused. */
  readonly allow?: readonly WarningKind[];
  /** Where to start; zeros unless given. */
  readonly params?: Params;
  /**
   * How the loss becomes a gradient. Unless given, stretches of steps are compiled, optimizer and all;
   * `valueAndGrad` runs it operation by operation, with the same results up to rounding.
   */
  readonly differentiate?: (loss: Problem['loss']) => Differentiated;
}

/** Whether the options ask for a run, and not for the minimum. */
export function asksForRun(options: FitOptions): boolean {
  const { optimizer, batchSize, epochs, stop, validation, checkpoint, onReport } = options;
  const { reportEvery, differentiate, engine, now, onWarning, advise } = options;
  return [
    optimizer,
    batchSize,
    epochs,
    stop,
    validation,
    checkpoint,
    onReport,
    onWarning,
    advise,
    reportEvery,
    differentiate,
    engine,
    now,
  ].some((option) => option !== undefined);
}
