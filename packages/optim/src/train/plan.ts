import { leavesOf, type Operand, toFlatMatrix } from '@steepest/autodiff';
import { argument, callback, required, settle, show, wholeNumber } from '@steepest/ground';
import { copyOf } from '../leaves.ts';
import type { Engine, Problem } from '../place/place.ts';
import type { Stepper } from '../stepper.ts';
import { expectDescent } from '../steppers/compose.ts';
import { checkedLoss } from './checked-loss.ts';
import type { Checkpoint, RunFacts } from './checkpoint.ts';
import { type BatchSource, isBatchSource, wholeBatch } from './data.ts';
import { firstBadEntry } from './non-finite.ts';
import type { RunOptions, StopRules, TrainOptions, ValidationOptions } from './options.ts';
import type { WarmStart } from './progress.ts';
import { settingsOf } from './settings.ts';
import { expectSound } from './sound.ts';
import { noProgressSpec, trainForeign, trainSpec, validationSpec } from './specs.ts';

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
  readonly onWarning: RunOptions['onWarning'];
  readonly advise: boolean | undefined;
  readonly signal: AbortSignal | undefined;
  readonly now: () => number;
  readonly engine: Engine | undefined;
  readonly warm: WarmStart | undefined;
}

export function planOf<P, X, B, G>(
  operation: Operation,
  given: TrainOptions<P, X, B, G>,
): Plan<G, B> {
  const door = {
    example: 'train({ loss, params, data, optimizer: adam(), epochs: 20 })',
    foreign: trainForeign,
  };
  const options = settle(operation, given, trainSpec, door);
  const { optimizer, data, epochs, stop, seed, checkpoint } = options;
  expectDescent(operation, optimizer);
  const whole = !isBatchSource<B>(data);
  const source = whole ? wholeBatch(data as B) : data;
  const counted = required(wholeNumber());
  argument(operation, 'data.batchesPerEpoch', source.batchesPerEpoch, counted);
  argument(operation, 'data.epoch', source.epoch, required(callback('(random) => batches')));
  argument(operation, 'data.rows', source.rows, required(wholeNumber(0)));
  if (optimizer.whole && !whole) {
    throw new TypeError(
      `${operation}: ${optimizer.name} needs the whole objective at every step, and minibatches give ` +
        'samples of it; give the data as one batch, or use an optimizer with a rate',
    );
  }
  if (options.advise && !whole) {
    throw new TypeError(
      `${operation}: advise needs the whole objective at every step, and minibatches give samples of ` +
        'it; ask analyze(loss, params, data) about all rows, or give the data as one batch',
    );
  }
  checkStop(operation, stop, epochs, whole);
  type Loss = (params: G, batch: B) => Operand;
  const loss = checkedLoss(operation, 'the loss', options.loss as unknown as Loss);
  const params = initialParams(operation, options.params) as unknown as G;
  expectSound(operation, optimizer, params);
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
    noProgress: stop.noProgress && settle(operation, stop.noProgress, noProgressSpec),
    validation: validationPlan<G, B>(
      operation,
      options.validation as unknown as ValidationOptions<G, B> | undefined,
      loss,
    ),
    checkpoint,
    saveEvery: argument(
      operation,
      'checkpoint.every',
      checkpoint?.every,
      wholeNumber(1, whole ? 100 : every),
    ),
    reportEvery: options.reportEvery ?? every,
    onReport: options.onReport,
    onWarning: options.onWarning,
    advise: options.advise,
    signal: options.signal,
    now: options.now ?? (() => performance.now()),
    engine: options.engine,
    warm: options.warm,
  };
}

function validationPlan<G, B>(
  operation: Operation,
  validation: ValidationOptions<G, B> | undefined,
  loss: (params: G, batch: B) => Operand,
): Plan<G, B>['validation'] {
  if (validation === undefined) return undefined;
  const settled = settle(operation, validation, validationSpec);
  const { data, every, patience, restoreBest, loss: other } = settled;
  return {
    source: isBatchSource<B>(data) ? data : wholeBatch(data),
    every,
    patience,
    restoreBest: restoreBest ?? patience < Infinity,
    loss: other === undefined ? loss : checkedLoss(operation, 'validation.loss', other),
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

function checkStop(
  operation: Operation,
  { steps, seconds, gradientNorm }: StopRules,
  epochs: number | undefined,
  whole: boolean,
): void {
  if (gradientNorm !== undefined && !whole) {
    throw new TypeError(
      `${operation}: stop.gradientNorm needs the objective's gradient, and minibatches give only ` +
        'samples of it; stop by epochs, stop.noProgress or a validation loss, or give the data as ' +
        'one batch',
    );
  }
  if (epochs === undefined && steps === undefined && seconds === undefined) {
    throw new TypeError(
      `${operation}: nothing limits the run; give epochs, stop: { steps } or stop: { seconds }`,
    );
  }
}
