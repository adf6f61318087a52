import type { Tree } from '@steepest/autodiff';
import { norm } from '../vectors.ts';
import type { Errands, Sailed } from './errands.ts';
import type { Pass } from './pass.ts';
import type { Ending } from './reasons.ts';
import type { Report } from './report.ts';
import type { Run } from './run.ts';
import { endingOf, toleranceOf } from './stopping.ts';

/**
 * Many steps in one call, and then what turns do at each of them, in the same order: losses are taken
 * note of, reports made, and the run ends at the very step where turns would end it. 'turn' where the
 * next step is one for a turn to take.
 */
export async function* stretch<P, B>(
  run: Run<P, B>,
  errands: Errands<P, B>,
  pass: Pass<B>,
): AsyncGenerator<Report, Ending | 'turn' | undefined> {
  const { plan, progress } = run;
  const { whole, source } = plan;
  run.clock();
  const limit = whole ? undefined : endingOf(plan, progress);
  if (limit !== undefined) return limit;
  const steps = errands.within(stepsToNextEvent(run));
  // With 'auto', what counts as small is known once the run has looked at its start.
  const unknown = plan.gradientNorm === 'auto' && progress.firstSize === Infinity;
  if (steps === 0 || unknown) return 'turn';
  const { params, state, step, warm, position } = progress;
  const order = whole ? undefined : pass.rows(position, steps);
  const sailed = await errands.send(
    { params, state, step: warm + step },
    { steps, order, tolerance: toleranceOf(plan, progress) },
  );
  const taken = sailed.losses.length;
  if (taken === 0) return 'turn';
  const { losses, gradientNorms } = sailed;
  run.first ??= { value: losses[0], gradientNorm: gradientNorms[0], size: norm(params as Tree) };
  if (whole) {
    const ending = yield* wholeSteps(run, sailed);
    if (ending !== undefined) return ending;
  } else minibatchSteps(run, sailed);
  run.arrive(sailed);
  run.clock();
  if (progress.position === source.batchesPerEpoch) run.endEpoch(pass.end());
  if (progress.step % plan.saveEvery === 0) await run.save();
  if (!whole && progress.step % plan.reportEvery === 0) yield run.report();
  return taken < steps ? 'turn' : undefined;
}

/** How many steps until something needs the parameters, or must not be passed by. */
function stepsToNextEvent<P, B>({ plan, progress }: Run<P, B>): number {
  const { whole, limits, validation, source, optimizer } = plan;
  const { step, epoch, position } = progress;
  const until = (every: number, at: number) => every - (at % every);
  // Between its ends, a stretch knows only such learning rates as the step's number decides.
  const reports = !whole || optimizer.learningRate !== undefined;
  return Math.min(
    limits.steps - step,
    whole ? limits.epochs - epoch : source.batchesPerEpoch - position,
    plan.checkpoint === undefined ? Infinity : until(plan.saveEvery, step),
    reports ? until(plan.reportEvery, step) : Infinity,
    whole && validation !== undefined ? until(validation.every, epoch) : Infinity,
  );
}

function minibatchSteps<P, B>(run: Run<P, B>, { losses, gradientNorms, after }: Sailed<P>): void {
  for (let i = 0; i < losses.length; i++) {
    run.progress.gradients++;
    run.saw(losses[i], gradientNorms[i], async () => (await after(i)).params);
    run.stepped();
  }
  const last = losses.length - 1;
  run.here = { value: losses[last], norm: gradientNorms[last] };
}

/** Steps on one batch, each of which may report or be the last: then the run comes back to it. */
async function* wholeSteps<P, B>(
  run: Run<P, B>,
  sailed: Sailed<P>,
): AsyncGenerator<Report, Ending | undefined> {
  const { plan, progress } = run;
  const { losses, gradientNorms, after } = sailed;
  const before = progress.seconds;
  run.clock();
  const each = (progress.seconds - before) / losses.length;
  for (let i = 0; i < losses.length; i++) {
    progress.seconds = before + i * each;
    progress.gradients++;
    run.away = { sailed, steps: i };
    run.here = { value: losses[i], norm: gradientNorms[i] };
    const ending = run.saw(losses[i], gradientNorms[i], async () => (await after(i)).params);
    if (run.isRising) await run.advise();
    if (ending !== undefined || progress.step % plan.reportEvery === 0) yield run.report();
    if (ending !== undefined) return ending;
    run.stepped();
    if (i < losses.length - 1) run.nextEpoch();
  }
  return undefined;
}
