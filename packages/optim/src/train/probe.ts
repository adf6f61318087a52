import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { Place } from '../place/place.ts';
import { CheckpointError } from './checkpoint.ts';
import { batchesFrom } from './data.ts';
import type { Plan } from './plan.ts';
import type { Progress } from './progress.ts';

/**
 * The batch that tells whether data and loss are a checkpoint's own: the one used last, or, between
 * epochs, the next one's first. It is drawn with a generator of its own, which the run does not see.
 */
export function probeBatch<P, B>(plan: Plan<P, B>, { random, position }: Progress<P>): B {
  const generator = xoroshiro128plusFromState(random);
  const batches = batchesFrom(plan.source, generator, Math.max(position - 1, 0));
  const turn = batches.next();
  batches.return();
  return turn.value as B;
}

/** The loss on a batch, where the rows are. */
export async function lossAt<P, B>(place: Place<P, B>, params: P, batch: B): Promise<number> {
  return (await place.answer(params, { over: 'batch' }, batch)).value;
}

// Another machine may differ in the last digits of a logarithm; other data differ in the first.
export function checkProbe(saved: number, here: number): void {
  if (Math.abs(here - saved) <= 1e-9 * Math.abs(saved) || Object.is(here, saved)) return;
  throw new CheckpointError(
    'train: the checkpoint was made with other data or another loss: on the batch that it ' +
      `remembers the loss was ${saved}, here it is ${here}; train with the same data and loss, or ` +
      'start with a fresh checkpoint',
  );
}
