import { leavesOf, type Operand, toFlatMatrix } from '@steepest/autodiff';
import { nonNegative, positive, show, wholeNumber } from '../checks.ts';
import { knownOptions } from '../known-options.ts';
import { copyOf } from '../leaves.ts';
import type { Engine, Problem } from '../place/place.ts';
import type { Stepper } from '../stepper.ts';
import { expectDescent, isStepper } from '../steppers/compose.ts';
import { checkedLoss } from './checked-loss.ts';
import type { Checkpoint, RunFacts } from './checkpoint.ts';
import { type BatchSource, isBatchSource, wholeBatch } from './data.ts';
import { firstBadEntry } from './non-finite.ts';
import type { RunOptions, StopRules, TrainOptions } from './options.ts';
import type { WarmStart } from './progress.ts';
import { settingsOf } from './settings.ts';

/** What the caller called, for errors. */
export type Operation = 'train' | 'minimize';

/** Checked options with every default filled in. */
export interface Plan<P, B> {
  readonly operation: Operation;
  readonly params: P;
  readonly optimizer: Stepper;
  readonly loss: (params: P, batch: B) => Operand;
  readonly problem: Problem<P, B>;
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
  readonly engine: Engine | undefined;
  readonly warm: WarmStart | undefined;
}

export const runOptions = {
  signal: true,
  checkpoint: true,
  onReport: true,
  reportEvery: true,
  engine: true,
  now: true,
} as const;

const trainOptions = {
  loss: true,
  params: true,
  optimizer: true,
  data: true,
  epochs: true,
  stop: true,
  warm: true,
  seed: true,
  validation: true,
  valueAndGradient: true,
  ...runOptions,
} as const;

const stopRules = { steps: true, seconds: true, gradientNorm: true, noProgress: true } as const;

const validationOptions = {
  data: true,
  every: true,
  patience: true,
  restoreBest: true,
  loss: true,
} as const;

export function planOf<P, X, B, G>(
  operation: Operation,
  options: TrainOptions<P, X, B, G>,
): Plan<G, B> {
  const example = 'train({ loss, params, data, optimizer: adam(), epochs: 20 })';
  knownOptions(operation, options, trainOptions, { example, advice });
  const { optimizer, data, epochs, stop = {}, seed = 0, checkpoint } = options;
  if (typeof options.loss !== 'function') {
    throw new TypeError(
      `${operation}: loss must be a function of (params, batch), got ${show(options.loss)}`,
    );
  }
  if (!isStepper(optimizer)) {
    throw new TypeError(
      `${operation}: ${operation === 'train' ? 'optimizer' : 'method'} must be a stepper such as ` +
        `adam({ rate: 0.01 }), got ${show(optimizer)}`,
    );
  }
  expectDescent(operation, optimizer);
  const whole = !isBatchSource<B>(data);
  const source = whole ? wholeBatch(data as B) : data;
  wholeNumber('train', 'data.batchesPerEpoch', source.batchesPerEpoch);
  checkSeed(seed);
  checkStop(stop, epochs, whole);
  const given = options.loss as unknown as (params: G, batch: B) => Operand;
  const loss = checkedLoss(operation, 'the loss', given);
  const params = initialParams(operation, options.params) as unknown as G;
  const every = whole ? 1 : source.batchesPerEpoch;
  return {
    operation,
    params,
    optimizer,
    loss,
    problem: { loss, valueAndGradient: options.valueAndGradient, params, source, whole, optimizer },
    source,
    whole,
    run: {
      optimizer: optimizer.name,
      settings: checkpoint === undefined ? null : settingsOf(optimizer, params),
      engine: options.engine?.name ?? 'interpreted',
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
    engine: options.engine,
    warm: options.warm,
  };
}

function validationPlan<P, X, B, G>(
  { validation }: TrainOptions<P, X, B, G>,
  loss: (params: G, batch: B) => Operand,
): Plan<G, B>['validation'] {
  if (validation === undefined) return undefined;
  knownOptions('train', validation, validationOptions, { place: 'validation' });
  const { data, every = 1, patience = Infinity } = validation;
  wholeNumber('train', 'validation.every', every);
  if (patience !== Infinity) wholeNumber('train', 'validation.patience', patience);
  return {
    source: isBatchSource<B>(data) ? data : wholeBatch(data),
    every,
    patience,
    restoreBest: validation.restoreBest ?? patience < Infinity,
    loss:
      validation.loss === undefined
        ? loss
        : checkedLoss(
            'train',
            'validation.loss',
            validation.loss as unknown as (params: G, batch: B) => Operand,
          ),
  };
}

function initialParams(operation: Operation, params: unknown): unknown {
  const name = operation === 'train' ? 'params' : 'x0';
  const leaves = leavesOf(params);
  if (leaves.length === 0) {
    throw new TypeError(
      `${operation}: ${name} must hold a matrix or a number to optimize, got ${show(params)}; ` +
        'write for instance { w: new FlatMatrix(3, 1), b: 0 }',
    );
  }
  const bad = firstBadEntry(params);
  if (bad !== undefined) {
    throw new RangeError(
      `${operation}: ${name} must be finite, but ${bad.path === '' ? 'it' : bad.path} holds ` +
        `${bad.value}; start from zeros or small random numbers`,
    );
  }
  for (const { leaf } of leaves) toFlatMatrix(leaf, operation);
  return copyOf(params);
}

const advice = {
  steps: 'write stop: { steps }',
  maxSteps: 'write stop: { steps }',
  seconds: 'write stop: { seconds }',
  gradientNorm: 'write stop: { gradientNorm }',
  tolerance: 'write stop: { gradientNorm }',
  noProgress: 'write stop: { noProgress }',
  patience: 'write stop: { noProgress: { patience } } or validation: { data, patience }',
  batchSize: 'give batches as data: minibatches(features, { size: 32 }) of @steepest/datasets',
  rate: 'write optimizer: adam({ rate: 0.01 })',
  learningRate: 'write optimizer: adam({ rate: 0.01 })',
} as const;

function checkSeed(seed: number): void {
  if (Number.isInteger(seed) && seed >= -(2 ** 31) && seed < 2 ** 32) return;
  throw new RangeError(
    `train: seed must be a whole number of at most 32 bits, got ${show(seed)}; any fixed one will do`,
  );
}

function checkStop(stop: StopRules, epochs: number | undefined, whole: boolean): void {
  knownOptions('train', stop, stopRules, {
    place: 'stop',
    example: 'stop: { steps: 1000 }',
    advice: { epochs: 'give epochs beside stop' },
  });
  const { steps, seconds, gradientNorm, noProgress } = stop;
  if (noProgress !== undefined) {
    const place = 'stop.noProgress';
    knownOptions('train', noProgress, { relative: true, patience: true }, { place });
  }
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
