import {
  anything,
  boolean,
  callback,
  either,
  infinite,
  isCallable,
  nested,
  nonNegative,
  type Option,
  oneOf,
  option,
  positive,
  required,
  type Spec,
  seed,
  show,
  signal,
  wholeNumber,
} from '@steepest/ground';
import type { Engine } from '../place/place.ts';
import type { Stepper } from '../stepper.ts';
import { isStepper, stepperAdvice } from '../steppers/compose.ts';
import type { Checkpoint } from './checkpoint.ts';
import type {
  NoProgress,
  RunOptions,
  StopRules,
  TrainOptions,
  ValidationOptions,
} from './options.ts';
import type { WarmStart } from './progress.ts';

/** A stepper among options. */
export const stepperOption: Option<Stepper, 'optional'> = option<Stepper>({
  expected: 'a stepper',
  accepts: isStepper,
  sample: 'adam()',
  advice: stepperAdvice,
});

const isObject = (x: unknown): x is Record<string, unknown> => typeof x === 'object' && x !== null;

const checkpoint = option<Checkpoint>({
  expected: 'a checkpoint',
  accepts: (x) => isObject(x) && isCallable(x.load) && isCallable(x.save),
  sample: 'memoryCheckpoint()',
  advice: (x) =>
    typeof x === 'string' ? `write fileCheckpoint(${show(x)}) of @steepest/optim/node` : undefined,
});

const engine = option<Engine>({
  expected: 'an engine',
  accepts: (x) => isObject(x) && typeof x.place === 'function' && typeof x.name === 'string',
  sample: 'compiled()',
  advice: (x) => (typeof x === 'function' ? `call it: ${x.name || 'compiled'}()` : undefined),
});

const warm = option<WarmStart>({
  expected: 'a result',
  accepts: (x) => isObject(x) && 'state' in x && Number.isSafeInteger(x.stateSteps),
  advice: 'pass what an earlier run returned, and its params as params',
});

export const runSpec: Spec<RunOptions> = {
  signal: signal(),
  checkpoint,
  onReport: callback<NonNullable<RunOptions['onReport']>>('(report) => { … }'),
  onWarning: callback<NonNullable<RunOptions['onWarning']>>('(warning) => { … }'),
  advise: boolean(),
  reportEvery: wholeNumber(1),
  engine,
  now: callback<() => number>('() => milliseconds'),
};

export const noProgressSpec: Spec<NoProgress, 'relative' | 'patience'> = {
  relative: nonNegative(1e-9),
  patience: wholeNumber(1, 10),
};

const stopSpec = {
  steps: wholeNumber(0),
  seconds: positive(),
  gradientNorm: either(oneOf(['auto']), positive()),
  noProgress: nested(noProgressSpec),
} satisfies Spec<StopRules>;

/** What a validation's options say, beside their data and loss. */
export const validationSpec: Spec<ValidationOptions<unknown, unknown>, 'every' | 'patience'> = {
  data: anything(),
  every: wholeNumber(1, 1),
  patience: either(wholeNumber(1), infinite(), Infinity),
  restoreBest: boolean(),
  loss: callback('(params, batch) => number'),
};

export const trainSpec: Spec<TrainOptions<unknown, unknown, unknown, unknown>, 'stop' | 'seed'> = {
  loss: required(callback('(params, batch) => number')),
  params: anything(),
  optimizer: required(stepperOption),
  data: anything(),
  epochs: wholeNumber(0),
  stop: nested(stopSpec, {}, { foreign: { epochs: 'give epochs beside stop' } }),
  seed: seed(0),
  warm,
  validation: nested(validationSpec),
  valueAndGradient: callback('(params, batch) => ({ value, gradient })'),
  ...runSpec,
};

/** What to write in the place of options that belong elsewhere. */
export const trainForeign = {
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
