import type { Argument, Operand } from '@steepest/autodiff';
import type { Evaluation, Stepper } from '../stepper.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { BatchSource } from './data.ts';
import type { Report } from './report.ts';

/** When to stop. Whatever is left out does not stop the run. */
export interface StopRules {
  /** After so many steps in all, resumed runs included: 'stepLimit'. */
  readonly steps?: number;
  /** After so many seconds of training in all: 'timeLimit'. */
  readonly seconds?: number;
  /**
   * When ‖∇f‖₂ is at most this: 'gradientSmall'. Only with one batch: a minibatch's gradient says
   * nothing about the objective's.
   */
  readonly gradientNorm?: number;
  /**
   * When the loss has not fallen by more than a share `relative` (1e-9) of itself in `patience` (10)
   * steps, or epochs with minibatches: 'noProgress'.
   */
  readonly noProgress?: { readonly relative?: number; readonly patience?: number };
}

/** A loss on other data, measured on the way. */
export interface ValidationOptions<P, B> {
  /** A batch, or batches over whose losses the mean is taken. */
  readonly data: BatchSource<B> | B;
  /** Measured every so many epochs (1). */
  readonly every?: number;
  /** After so many measurements without improvement: 'validationWorse'. Never, unless given. */
  readonly patience?: number;
  /** Hand out the parameters with the lowest validation loss; true where there is a patience. */
  readonly restoreBest?: boolean;
  /** Another measure than the training loss. */
  readonly loss?: (params: P, batch: B) => Operand;
}

/** What both `train` and `minimize` take beside the problem itself. */
export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly checkpoint?: Checkpoint;
  /** Called with every report, before an iterating caller gets it. */
  readonly onReport?: (report: Report) => void;
  /** Steps between reports: an epoch's, or 1 with one batch, unless given. */
  readonly reportEvery?: number;
  /** A clock in milliseconds; `performance.now` unless given. */
  readonly now?: () => number;
}

/** The problem and how to solve it: P is what the loss takes, X the initial parameters' type. */
export interface TrainOptions<P, X, B, G> extends RunOptions {
  /** A number to minimize, from the parameters and a batch: a mean over its rows, as a rule. */
  readonly loss: (params: P, batch: B) => Operand;
  /** Where to start: a matrix, a number or a nested structure of them; never changed. */
  readonly params: X & Argument<P>;
  readonly optimizer: Stepper;
  /** Batches, or one batch that each step uses whole; left out where the loss takes none. */
  readonly data?: BatchSource<B> | B;
  /** After so many passes over the data (steps, with one batch): 'epochLimit'. */
  readonly epochs?: number;
  readonly stop?: StopRules;
  /** Decides the order of the data; 0 unless given. */
  readonly seed?: number;
  readonly validation?: ValidationOptions<P, B>;
  /** In the place of `valueAndGrad(loss)`: a compiled or hand-written gradient. */
  readonly valueAndGradient?: (params: G, batch: B) => Evaluation<G>;
}
