import { rm } from 'node:fs/promises';
import type { Train } from '@steepest/datasets';
import { type FitOptions, type Fitted, fit, type Problem } from '@steepest/models';
import type { Checkpoint } from '@steepest/optim';
import { fileCheckpoint } from '@steepest/optim/node';
import type { Io } from '../io.ts';
import { startProgress } from '../output/progress.ts';
import { Refusal } from '../usage/errors.ts';
import type { Given } from '../usage/given.ts';
import type { Asked } from './asked.ts';
import { optimizerOf } from './optimizers.ts';

/** To the minimum by the surest way, or by the optimizer that was named. */
export async function trainModel(
  problem: Problem,
  train: Train,
  options: FitOptions,
  asked: Asked,
  given: Given,
  io: Io,
): Promise<Fitted> {
  const { optimizer, rate, batch, epochs = 100, seed } = asked;
  if (optimizer === undefined) return await fit(problem, train, { ...options, signal: io.signal });
  const progress = startProgress(io.watched && !given.has('quiet'), epochs);
  const checkpoint = await checkpointOf(given);
  try {
    return await fit(problem, train, {
      ...options,
      optimizer: optimizerOf(optimizer, rate),
      epochs,
      seed,
      signal: io.signal,
      onReport: progress.to,
      ...(batch === undefined ? {} : { batchSize: batch }),
      ...(checkpoint === undefined ? {} : { checkpoint }),
    });
  } finally {
    progress.end();
  }
}

/** Where a run keeps its place; a fresh one unless --resume. */
async function checkpointOf(given: Given): Promise<Checkpoint | undefined> {
  const path = given.text('checkpoint');
  if (path === undefined) return undefined;
  const checkpoint = fileCheckpoint(path);
  const there = (await checkpoint.load()) !== undefined;
  if (given.has('resume') && !there) {
    throw new Refusal(`${path}: there is nothing to resume from; leave --resume out to begin`);
  }
  if (!given.has('resume') && there) await rm(path);
  return checkpoint;
}
