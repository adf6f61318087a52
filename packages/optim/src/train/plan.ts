import { leavesOf, type Operand, toFlatMatrix, valueAndGrad } from '@steepest/autodiff';
import { nonNegative, positive, show, wholeNumber } from '../checks.ts';
import { copyOf } from '../leaves.ts';
import type { Evaluation, Stepper } from '../stepper.ts';
import type { Checkpoint, RunFacts } from './checkpoint.ts';
import { type BatchSource, isBatchSource, wholeBatch } from './data.ts';
import { firstBadEntry } from './non-finite.ts';
import type { RunOptions, StopRules, TrainOptions } from './options.ts';

/** Checked options with every default filled in. */
export interface Plan<P, B> {
  readonly params: P;
  readonly optimizer: Stepper;
  readonly loss: (params: P, batch: B) => Operand;
  readonly valueAndGradient: (params: P, batch: B) => Evaluation<P>;
  readonly source: BatchSource<B>;
  /** Whether every step sees the whole objective. */
  readonly whole: boolean;
  readonly run: RunFacts;
  readonly limits: { readonly epochs: number; readonly steps: number; readonly seconds: number };
  readonly gradientNorm: number | 'auto' | undefined;
  readonly noProgress: { readonly relative: number; readonly patience: number } | undefined;
  readonly validation:
    | {
        readonly source: BatchSource<B>;
        readonly every: number;
        readonly patience: number;
        readonly restoreBest: boolean;
        readonly loss: (params: P, batch: B) => Operand;
      }
    | undefined;
  readonly checkpoint: Checkpoint | undefined;
  readonly saveEvery: number;
  readonly reportEvery: number;
  readonly onReport: RunOptions['onReport'];
  readonly signal: AbortSignal | undefined;
  readonly now: () => number;
}

export function planOf<P, X, B, G>(options: TrainOptions<P, X, B, G>): Plan<G, B> {
  const { optimizer, data, epochs, stop = {}, seed = 0, checkpoint } = options;
  if (typeof options.loss !== 'function') {
    throw new TypeError(
      `train: loss must be a function of (params, batch), got ${show(options.loss)}`,
    );
  }
  if (typeof optimizer?.init !== 'function' || typeof optimizer.step !== 'function') {
    throw new TypeError(
      `train: optimizer must be a stepper such as adam({ rate: 0.01 }), got ${show(optimizer)}`,
    );
  }
  const whole = !isBatchSource<B>(data);
  const source = whole ? wholeBatch(data as B) : data;
  wholeNumber('train', 'data.batchesPerEpoch', source.batchesPerEpoch);
  checkSeed(seed);
  checkStop(stop, epochs, whole);
  const loss = options.loss as unknown as (params: G, batch: B) => Operand;
  const every = whole ? 1 : source.batchesPerEpoch;
  return {
    params: initialParams(options.params) as unknown as G,
    optimizer,
    loss,
    valueAndGradient:
      options.valueAndGradient ?? (valueAndGrad(loss) as unknown as Plan<G, B>['valueAndGradient']),
    source,
    whole,
    run: {
      optimizer: optimizer.name,
      seed,
      batchesPerEpoch: source.batchesPerEpoch,
      rows: source.rows,
    },
    limits: {
      epochs: epochs ?? Infinity,
      steps: stop.steps ?? Infinity,
      seconds: stop.seconds ?? Infinity,
    },
    gradientNorm: stop.gradientNorm,
    noProgress: stop.noProgress && {
      relative: stop.noProgress.relative ?? 1e-9,
      patience: stop.noProgress.patience ?? 10,
    },
    validation: validationPlan(options, loss),
    checkpoint,
    saveEvery: wholeNumber('train', 'checkpoint.every', checkpoint?.every ?? (whole ? 100 : every)),
    reportEvery: wholeNumber('train', 'reportEvery', options.reportEvery ?? every),
    onReport: options.onReport,
    signal: options.signal,
    now: options.now ?? (() => performance.now()),
  };
}

function validationPlan<P, X, B, G>(
  { validation }: TrainOptions<P, X, B, G>,
  loss: (params: G, batch: B) => Operand,
): Plan<G, B>['validation'] {
  if (validation === undefined) return undefined;
  const { data, every = 1, patience = Infinity } = validation;
  wholeNumber('train', 'validation.every', every);
  if (patience !== Infinity) wholeNumber('train', 'validation.patience', patience);
  return {
    source: isBatchSource<B>(data) ? data : wholeBatch(data),
    every,
    patience,
    restoreBest: validation.restoreBest ?? patience < Infinity,
    loss: (validation.loss as unknown as typeof loss | undefined) ?? loss,
  };
}

function initialParams(params: unknown): unknown {
  const leaves = leavesOf(params);
  if (leaves.length === 0) {
    throw new TypeError(
      `train: params must hold a matrix or a number to optimize, got ${show(params)}; ` +
        'write for instance { w: new FlatMatrix(3, 1), b: 0 }',
    );
  }
  const bad = firstBadEntry(params);
  if (bad !== undefined) {
    throw new RangeError(
      `train: params must be finite, but ${bad.path === '' ? 'they hold' : `${bad.path} holds`} ` +
        `${bad.value}; start from zeros or small random numbers`,
    );
  }
  for (const { leaf } of leaves) toFlatMatrix(leaf, 'train');
  return copyOf(params);
}

function checkSeed(seed: number): void {
  if (Number.isInteger(seed) && seed >= -(2 ** 31) && seed < 2 ** 32) return;
  throw new RangeError(
    `train: seed must be a whole number of at most 32 bits, got ${show(seed)}; any fixed one will do`,
  );
}

function checkStop(stop: StopRules, epochs: number | undefined, whole: boolean): void {
  const { steps, seconds, gradientNorm, noProgress } = stop;
  if (epochs !== undefined) wholeNumber('train', 'epochs', epochs, 0);
  if (steps !== undefined) wholeNumber('train', 'stop.steps', steps, 0);
  if (seconds !== undefined) positive('train', 'stop.seconds', seconds);
  if (gradientNorm !== undefined && gradientNorm !== 'auto') {
    positive('train', 'stop.gradientNorm', gradientNorm);
  }
  if (noProgress?.relative !== undefined) {
    nonNegative('train', 'stop.noProgress.relative', noProgress.relative);
  }
  if (noProgress?.patience !== undefined) {
    wholeNumber('train', 'stop.noProgress.patience', noProgress.patience);
  }
  if (gradientNorm !== undefined && !whole) {
    throw new TypeError(
      "train: stop.gradientNorm needs the objective's gradient, and minibatches give only samples of " +
        'it; stop by epochs, stop.noProgress or a validation loss, or give the data as one batch',
    );
  }
  if (epochs === undefined && steps === undefined && seconds === undefined) {
    throw new TypeError(
      'train: nothing limits the run; give epochs, stop: { steps } or stop: { seconds }',
    );
  }
}
