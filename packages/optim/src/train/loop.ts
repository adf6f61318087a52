import { item } from '@steepest/autodiff';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { interpreted } from '../place/interpreted.ts';
import { Slices } from './breathe.ts';
import { batchesFrom } from './data.ts';
import { finalResult } from './final.ts';
import type { Plan } from './plan.ts';
import { checkProbe, probeBatch } from './probe.ts';
import { loadedFrom, startOf } from './progress.ts';
import type { Ending } from './reasons.ts';
import type { Report } from './report.ts';
import type { Result } from './result.ts';
import { Run } from './run.ts';

/**
 * The one loop. Its invariant: wherever it pauses or saves, `run.progress` is everything that the
 * rest of the run depends on; loaded anywhere, it continues with the same bits.
 */
export async function* loop<P, B>(
  plan: Plan<P, B>,
  settle: (result: Result<P>) => void,
  fail: (error: unknown) => void,
): AsyncGenerator<Report, void> {
  let run: Run<P, B>;
  try {
    run = await begin(plan);
  } catch (error) {
    fail(error);
    throw error;
  }
  let ending: Ending = { reason: 'aborted', message: 'the caller stopped iterating' };
  let broken = false;
  try {
    ending = yield* turns(run);
  } catch (error) {
    broken = true;
    fail(error);
    throw error;
  } finally {
    if (!broken) {
      if (ending.reason !== 'nonFinite') await run.save();
      settle(await finalResult(run, ending));
    }
  }
}

async function* turns<P, B>(run: Run<P, B>): AsyncGenerator<Report, Ending> {
  const { plan, progress } = run;
  const { source, whole } = plan;
  const slices = new Slices(plan.now);
  for (;;) {
    const random = xoroshiro128plusFromState(progress.random);
    const batches = batchesFrom(source, random, progress.position);
    let turn = batches.next();
    while (!turn.done) {
      const batch = turn.value;
      const looked = run.look(batch);
      const end = looked instanceof Promise ? await looked : looked;
      if (whole && (end !== undefined || progress.step % plan.reportEvery === 0))
        yield run.report();
      const moved = end ?? run.move(batch);
      const ending = moved instanceof Promise ? await moved : moved;
      if (ending !== undefined) return ending;
      turn = batches.next();
      if (turn.done) run.endEpoch(random.getState());
      if (progress.step % plan.saveEvery === 0) await run.save();
      if (!whole && progress.step % plan.reportEvery === 0) yield run.report();
      if (slices.due) await slices.breathe();
    }
  }
}

/** A run at its start, or where its checkpoint left it. */
async function begin<P, B>(plan: Plan<P, B>): Promise<Run<P, B>> {
  const start = startOf(plan);
  const place = interpreted(plan.problem);
  const saved = await plan.checkpoint?.load();
  if (saved === undefined) return new Run(plan, place, start);
  const { progress, probe } = loadedFrom(saved, plan.run, start);
  const used = { batch: probeBatch(plan, progress) };
  if (probe !== undefined) checkProbe(probe, item(plan.loss(progress.params, used.batch)));
  return new Run(plan, place, progress, used);
}
