import { interpreted } from '../place/interpreted.ts';
import type { Place } from '../place/place.ts';
import { Slices } from './breathe.ts';
import { Errands } from './errands.ts';
import { finalResult } from './final.ts';
import { Pass } from './pass.ts';
import type { Plan } from './plan.ts';
import { checkProbe, lossAt, probeBatch } from './probe.ts';
import { loadedFrom, startOf } from './progress.ts';
import type { Ending } from './reasons.ts';
import type { Report } from './report.ts';
import type { Result } from './result.ts';
import { Run } from './run.ts';
import { stretch } from './stretch.ts';

/**
 * The one loop. Its invariant: wherever it pauses or saves, `run.progress` is everything that the
 * rest of the run depends on; loaded anywhere, it continues with the same bits.
 */
export async function* loop<P, B>(
  plan: Plan<P, B>,
  settle: (result: Result<P>) => void,
  fail: (error: unknown) => void,
): AsyncGenerator<Report, void> {
  let place: Place<P, B> | undefined;
  let ending: Ending = { reason: 'aborted', message: 'the caller stopped iterating' };
  let run: Run<P, B> | undefined;
  try {
    place = await placeOf(plan);
    run = await begin(plan, place);
    if (plan.advise) await run.adviser?.analyze(run.progress.step, run.progress.params);
    ending = yield* turns(run, place);
  } catch (error) {
    run = undefined;
    fail(error);
    throw error;
  } finally {
    if (run !== undefined) {
      await run.comeBack();
      if (ending.reason !== 'nonFinite') await run.save();
      settle(await finalResult(run, ending));
    }
    place?.end?.();
  }
}

async function* turns<P, B>(run: Run<P, B>, place: Place<P, B>): AsyncGenerator<Report, Ending> {
  const { plan, progress } = run;
  const { source, whole, reportEvery, saveEvery } = plan;
  const slices = new Slices(plan.now);
  const errands = errandsOf(plan, place);
  for (;;) {
    const pass = new Pass(source, progress.random);
    const { epoch } = progress;
    while (progress.epoch === epoch) {
      const done = errands === undefined ? 'turn' : yield* stretch(run, errands, pass);
      if (done === undefined) {
        if (slices.due) await slices.breathe();
        continue;
      }
      if (done !== 'turn') return done;
      // One step: look, report, move. Waiting for what is there already would cost as much as the rest.
      const batch = pass.batchAt(progress.position);
      const looked = run.look(batch);
      const seen = looked instanceof Promise ? await looked : looked;
      if (run.isRising) await run.advise();
      const end = seen && (await run.confirmed(seen));
      if (whole && (end !== undefined || progress.step % reportEvery === 0)) yield run.report();
      const moved = end ?? run.move(batch);
      const ending = moved instanceof Promise ? await moved : moved;
      if (ending !== undefined) return ending;
      if (progress.position === source.batchesPerEpoch) run.endEpoch(pass.end());
      if (progress.step % saveEvery === 0) await run.save();
      if (!whole && progress.step % reportEvery === 0) yield run.report();
      if (slices.due) await slices.breathe();
    }
  }
}

/** Where the run happens: at the engine's place, or interpreted, and then why. */
async function placeOf<P, B>({ engine, problem }: Plan<P, B>): Promise<Place<P, B>> {
  if (engine === undefined) return interpreted(problem);
  const place = await engine.place(problem);
  return typeof place === 'string' ? { ...interpreted(problem), why: place } : place;
}

function errandsOf<P, B>(plan: Plan<P, B>, place: Place<P, B>): Errands<P, B> | undefined {
  const { source, whole, optimizer, now } = plan;
  const { order, batchRows, data } = source;
  const gathered = whole || (order !== undefined && batchRows !== undefined && data !== undefined);
  if (place.steps === undefined || !gathered) return undefined;
  return new Errands(place.steps.bind(place), optimizer, { batchRows, now });
}

/** A run at its start, or where its checkpoint left it. */
async function begin<P, B>(plan: Plan<P, B>, place: Place<P, B>): Promise<Run<P, B>> {
  const start = startOf(plan);
  const saved = await plan.checkpoint?.load();
  if (saved === undefined) return new Run(plan, place, start);
  const { progress, probe } = loadedFrom(saved, plan.run, start);
  const used = { batch: probeBatch(plan, progress) };
  if (probe !== undefined) checkProbe(probe, await lossAt(place, progress.params, used.batch));
  return new Run(plan, place, progress, used);
}
