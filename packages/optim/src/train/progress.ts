import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Stepper } from '../stepper.ts';
import { CheckpointError, type RunFacts, type Saved } from './checkpoint.ts';
import { decode, encode } from './encode.ts';
import { otherSettings } from './settings.ts';
import { difference } from './structure.ts';

/** The lowest value of something so far, and when it was seen. */
export interface Lowest {
  value: number;
  at: number;
}

/** Everything that the rest of a run depends on: plain data, saved and loaded as a whole. */
export interface Progress<P> {
  step: number;
  /** Steps that the optimizer's state had seen before the run: those of the result it began with. */
  warm: number;
  epoch: number;
  /** Batches of the present epoch that were used. */
  position: number;
  /** The generator's state at the start of the present epoch: it decides the order of the batches. */
  random: readonly number[];
  params: P;
  state: unknown;
  seconds: number;
  /** Evaluations of the gradient, and of the loss alone. */
  gradients: number;
  values: number;
  /** Minibatch losses since the last report and since the epoch's start. */
  sinceReport: { sum: number; count: number };
  sinceEpoch: { sum: number; count: number };
  /** The mean loss of the last complete epoch of minibatches. */
  epochLoss: number;
  /** The larger of |f| and ‖∇f‖ where a run with one batch began; Infinity before. */
  firstSize: number;
  lowestLoss: Lowest;
  validation: { loss: number; lowest: Lowest; measured: number; best: P | null };
}

interface StartFacts<P> {
  readonly params: P;
  readonly optimizer: Stepper;
  readonly run: RunFacts;
  readonly validation: unknown;
  readonly warm: WarmStart | undefined;
}

/** What a run takes over from a result beside its parameters. */
export interface WarmStart {
  readonly state: unknown;
  readonly stateSteps: number;
}

function warmState(warm: WarmStart | undefined, cold: unknown): unknown {
  if (warm === undefined) return cold;
  const problem = difference(cold, warm.state, '');
  if (problem === undefined) return warm.state;
  throw new TypeError(
    `train: warm.state does not fit the parameters and the optimizer: ${problem}; start with the ` +
      'optimizer and the structure of parameters that the result came from',
  );
}

/** A run's progress before its first step. */
export function startOf<P>(facts: StartFacts<P>): Progress<P> {
  const { params, optimizer, run, validation, warm } = facts;
  return {
    step: 0,
    warm: warm?.stateSteps ?? 0,
    epoch: 0,
    position: 0,
    random: [...xoroshiro128plus(run.seed).getState()],
    params,
    state: warmState(warm, optimizer.init(params)),
    seconds: 0,
    gradients: 0,
    values: 0,
    sinceReport: { sum: 0, count: 0 },
    sinceEpoch: { sum: 0, count: 0 },
    epochLoss: NaN,
    firstSize: Infinity,
    lowestLoss: { value: Infinity, at: 0 },
    validation: {
      loss: NaN,
      lowest: { value: Infinity, at: 0 },
      measured: 0,
      best: validation === undefined ? null : params,
    },
  };
}

export function savedFrom<P>(
  progress: Progress<P>,
  run: RunFacts,
  probe: number | undefined,
): Saved {
  return {
    format: 'steepest checkpoint',
    version: 2,
    run,
    probe: encode(probe ?? null),
    progress: encode(progress, 'progress'),
  };
}

/** The progress in a checkpoint; throws a CheckpointError unless it continues exactly this run. */
export function loadedFrom<P>(
  saved: Saved,
  run: RunFacts,
  start: Progress<P>,
): { progress: Progress<P>; probe: number | undefined } {
  if (saved?.format !== 'steepest checkpoint' || saved.version !== 2) {
    throw new CheckpointError(
      'train: the checkpoint is not of a format that this version reads (steepest checkpoint, ' +
        'version 2); load it with the version that saved it, or start from another place',
    );
  }
  for (const fact of Object.keys(names) as (keyof typeof names)[]) {
    if (saved.run?.[fact] === run[fact]) continue;
    throw new CheckpointError(
      `train: the checkpoint belongs to another run: its ${names[fact]} is ${saved.run?.[fact]}, ` +
        `here it is ${run[fact]}; train as before, or start with a fresh checkpoint`,
    );
  }
  let found: Progress<P>;
  try {
    found = decode(saved.progress) as Progress<P>;
  } catch (error) {
    throw new CheckpointError(`train: the checkpoint cannot be read: ${(error as Error).message}`);
  }
  const problem = difference(start, found, '') ?? impossible(found, run);
  if (problem !== undefined) {
    throw new CheckpointError(
      `train: the checkpoint does not fit the parameters and the optimizer: ${problem}; ` +
        'train as before, or start with a fresh checkpoint',
    );
  }
  const other = otherSettings(saved.run.settings, run.settings);
  if (other !== undefined) {
    throw new CheckpointError(
      `train: the checkpoint was made with other settings of ${run.optimizer}: ${other}; train as ` +
        'before, or start with a fresh checkpoint (to change a rate on the way, give it as a schedule)',
    );
  }
  const probe = decode(saved.probe);
  return { progress: found, probe: typeof probe === 'number' ? probe : undefined };
}

const names: Record<Exclude<keyof RunFacts, 'settings'>, string> = {
  optimizer: 'optimizer',
  engine: 'engine',
  seed: 'seed',
  batchesPerEpoch: 'number of batches per epoch',
  rows: 'number of rows',
};

function impossible<P>(progress: Progress<P>, run: RunFacts): string | undefined {
  for (const name of ['step', 'warm', 'epoch', 'position', 'gradients', 'values'] as const) {
    const count = progress[name];
    if (!Number.isSafeInteger(count) || count < 0) return `${name} is ${count}`;
  }
  if (progress.position > run.batchesPerEpoch) return `position is ${progress.position}`;
  return undefined;
}
