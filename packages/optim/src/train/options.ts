import type { Argument, Operand } from '@steepest/autodiff';
import type { Engine } from '../place/place.ts';
import type { Evaluation, Stepper } from '../stepper.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { BatchSource } from './data.ts';
import type { WarmStart } from './progress.ts';
import type { Report } from './report.ts';

/** By how large a share of itself the loss must fall (1e-9), within how many steps or epochs (10). */
export interface NoProgress {
  readonly relative?: number | undefined;
  readonly patience?: number | undefined;
}

/** When to stop. Whatever is left out does not stop the run. */
export interface StopRules {
  /** After so many steps in all, resumed runs included: 'stepLimit'. */
  readonly steps?: number | undefined;
  /** After so many seconds of training in all: 'timeLimit'. */
  readonly seconds?: number | undefined;
  /**
   * When ‖∇f‖₂ is at most this: 'gradientSmall'. Only with one batch: a minibatch's gradient says
   * nothing about the objective's. 'auto' is 1e-8, and less where the objective is small: 1e-8 times
   * the larger of |f| and ‖∇f‖ at the start, so that a small unit does not pass for a minimum.
   */
  readonly gradientNorm?: number | 'auto' | undefined;
  /**
   * When the loss has not fallen by more than a share of itself for so many steps, or epochs with
   * minibatches: 'noProgress'.
   */
  readonly noProgress?: NoProgress | undefined;
}

/** A loss on other data, measured on the way. */
export interface ValidationOptions<P, B> {
  /** A batch, or batches over whose losses the mean is taken. */
  readonly data: BatchSource<B> | B;
  /** Measured every so many epochs (1). */
  readonly every?: number | undefined;
  /** After so many measurements without improvement: 'validationWorse'. Never, unless given. */
  readonly patience?: number | undefined;
  /** Hand out the parameters with the lowest validation loss; true where there is a patience. */
  readonly restoreBest?: boolean | undefined;
  /** Another measure than the training loss. */
  readonly loss?: ((params: P, batch: B) => Operand) | undefined;
}

/** What both `train` and `minimize` take beside the problem itself. */
export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  readonly checkpoint?: Checkpoint | undefined;
  /** Called with every report, before an iterating caller gets it. */
  readonly onReport?: ((report: Report) => void) | undefined;
  /** Called with every warning, as soon as it is known; `result.warnings` has them as well. */
  readonly onWarning?: ((warning: string) => void) | undefined;
  /**
   * Where each step sees the whole objective. true: measure the curvature of the loss at the start and
   * at the end (up to 100 products with the Hessian each), warn at once of a fixed rate that is beyond
   * what it allows, and report the predicted rate of convergence beside the measured one. false: say
   * nothing. Unless given, such a rate is warned of once the loss rises, at next to no cost before.
   */
  readonly advise?: boolean | undefined;
  /** Steps between reports: an epoch's, or 1 with one batch, unless given. */
  readonly reportEvery?: number | undefined;
  /** Where the steps are computed: `compiled()` of @steepest/compile; interpreted unless given. */
  readonly engine?: Engine | undefined;
  /** A clock in milliseconds; `performance.now` unless given. */
  readonly now?: (() => number) | undefined;
}

/** What a loss that takes a batch needs beside the other options: something to take it from. */
export type BatchesFor<B> = undefined extends B ? unknown : { readonly data: BatchSource<B> | B };

/** The problem and how to solve it: P is what the loss takes, X the initial parameters' type. */
export interface TrainOptions<P, X, B, G> extends RunOptions {
  /** A number to minimize, from the parameters and a batch: a mean over its rows, as a rule. */
  readonly loss: (params: P, batch: B) => Operand;
  /** Where to start: a matrix, a number or a nested structure of them; never changed. */
  readonly params: X & Argument<P>;
  readonly optimizer: Stepper;
  /** Batches, or one batch that each step uses whole; left out where the loss takes none. */
  readonly data?: BatchSource<B> | B | undefined;
  /** After so many passes over the data (steps, with one batch): 'epochLimit'. */
  readonly epochs?: number | undefined;
  readonly stop?: StopRules | undefined;
  /**
   * A result whose optimizer goes on: its state and its count of steps, by which schedules go. Its
   * parameters are given as `params`.
   */
  readonly warm?: WarmStart | undefined;
  /** Decides the order of the data; 0 unless given. */
  readonly seed?: number | undefined;
  readonly validation?: ValidationOptions<P, B> | undefined;
  /** In the place of `valueAndGrad(loss)`: a compiled or hand-written gradient, new with each call. */
  readonly valueAndGradient?: ((params: G, batch: B) => Evaluation<G>) | undefined;
}
