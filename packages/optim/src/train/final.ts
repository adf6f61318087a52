import { copyOf } from '../leaves.ts';
import { norm } from '../vectors.ts';
import { divergence } from './divergence.ts';
import { measure } from './measure.ts';
import type { Ending } from './reasons.ts';
import { rateOf } from './report.ts';
import { type Result, resultOf } from './result.ts';
import { lookedFor, type Run } from './run.ts';
import { toleranceOf } from './stopping.ts';

/** What a run hands out at its end. */
export async function finalResult<P, B>(
  run: Run<P, B>,
  { reason, message }: Ending,
): Promise<Result<P>> {
  run.clock();
  const { plan, progress } = run;
  const { validation } = progress;
  const overflown = reason === 'nonFinite';
  const params = overflown ? await refugeOf(run) : answerOf(run);
  const { value, gradientNorm } = overflown ? seenBefore(run) : await measuredAt(run, params);
  const last = { value, gradientNorm, size: norm(params) };
  const rate = rateOf(plan.optimizer, progress);
  const remark = divergence(reason, run.first, last, plan.whole);
  const gotNowhere = overflown || remark !== '';
  const verdict =
    gotNowhere && progress.step > 0 ? await run.adviser?.verdict(progress.step, params) : '';
  if (plan.advise && !gotNowhere) await run.adviser?.analyze(progress.step, params);
  return resultOf({
    params: copyOf(params),
    reason,
    message: message + remark + (verdict ?? ''),
    optimizer: plan.optimizer.name,
    steps: progress.step,
    epochs: progress.epoch,
    evaluations: { gradients: progress.gradients, values: progress.values },
    value,
    gradientNorm,
    tolerance: toleranceOf(plan, progress),
    learningRate: rate,
    rate: run.convergence(),
    warnings: run.adviser?.warnings ?? [],
    validation:
      plan.validation === undefined || validation.measured === 0
        ? undefined
        : {
            loss: validation.loss,
            best: validation.lowest.value,
            bestEpoch: validation.lowest.at * plan.validation.every,
          },
    skipped: plan.optimizer.skip?.count(progress.state),
    seconds: progress.seconds,
    history: run.history.reports,
    state: progress.state,
    stateSteps: progress.warm + progress.step,
    engine: plan.engine && { name: plan.engine.name, why: run.place.why },
    measured: plan.whole ? 'objective' : 'minibatches',
  });
}

async function refugeOf<P, B>({ refuge, progress }: Run<P, B>): Promise<P> {
  return refuge === undefined ? progress.params : await refuge.params();
}

function answerOf<P, B>({ plan, progress }: Run<P, B>): P {
  const { best, measured } = progress.validation;
  if (plan.validation?.restoreBest && measured > 0 && best !== null) return best;
  return plan.optimizer.answer?.(progress.state, progress.params) ?? progress.params;
}

interface Measures {
  readonly value: number;
  readonly gradientNorm: number;
}

function seenBefore<P, B>(run: Run<P, B>): Measures {
  const { value = NaN, norm = NaN } = run.refuge ?? run.here ?? {};
  return { value: run.plan.whole ? value : meanOr(run, value), gradientNorm: norm };
}

async function measuredAt<P, B>(run: Run<P, B>, params: P): Promise<Measures> {
  const { here, used, objective } = run;
  if (!run.plan.whole || used === undefined || here?.params === params) {
    const { value = NaN, norm = NaN } = here ?? {};
    return { value: run.plan.whole ? value : meanOr(run, value), gradientNorm: norm };
  }
  const { value, gradient } = await objective.ask(params, lookedFor, used.batch);
  const found = measure(run.plan.optimizer, value, gradient, params);
  return { value: found.value, gradientNorm: found.norm };
}

/** The mean loss of the present epoch, or of the last; another value where there was none. */
function meanOr<P, B>({ progress }: Run<P, B>, value: number): number {
  const { sum, count } = progress.sinceEpoch;
  const mean = count > 0 ? sum / count : progress.epochLoss;
  return Number.isNaN(mean) ? value : mean;
}
