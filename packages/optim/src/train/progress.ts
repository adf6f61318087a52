import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Stepper } from '../stepper.ts';
import { CheckpointError, type RunFacts, type Saved } from './checkpoint.ts';
import { decode, encode } from './encode.ts';
import { difference } from './structure.ts';

/** The lowest value of something so far, and when it was seen. */
export interface Lowest {
  value: number;
  at: number;
}

/** Everything that the rest of a run depends on: plain data, saved and loaded as a whole. */
export interface Progress<P> {
  step: number;
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
}

/** A run's progress before its first step. */
export function startOf<P>({ params, optimizer, run, validation }: StartFacts<P>): Progress<P> {
  return {
    step: 0,
    epoch: 0,
    position: 0,
    random: [...xoroshiro128plus(run.seed).getState()],
    params,
    state: optimizer.init(params),
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
    version: 1,
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
  if (saved?.format !== 'steepest checkpoint' || saved.version !== 1) {
    throw new CheckpointError(
      'train: the checkpoint is not of a format that this version reads (steepest checkpoint, ' +
        'version 1); load it with the version that saved it, or start from another place',
    );
  }
  for (const fact of Object.keys(run) as (keyof RunFacts)[]) {
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
  const probe = decode(saved.probe);
  return { progress: found, probe: typeof probe === 'number' ? probe : undefined };
}

const names: Record<keyof RunFacts, string> = {
  optimizer: 'optimizer',
  seed: 'seed',
  batchesPerEpoch: 'number of batches per epoch',
  rows: 'number of rows',
};

function impossible<P>(progress: Progress<P>, run: RunFacts): string | undefined {
  for (const name of ['step', 'epoch', 'position', 'gradients', 'values'] as const) {
    const count = progress[name];
    if (!Number.isSafeInteger(count) || count < 0) return `${name} is ${count}`;
  }
  if (progress.position > run.batchesPerEpoch) return `position is ${progress.position}`;
  return undefined;
}
