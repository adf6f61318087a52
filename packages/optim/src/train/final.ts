import { copyOf } from '../leaves.ts';
import { norm } from '../vectors.ts';
import { divergence } from './divergence.ts';
import type { Ending } from './reasons.ts';
import { rateOf } from './report.ts';
import { type Result, resultOf } from './result.ts';
import type { Run } from './run.ts';
import { toleranceOf } from './stopping.ts';

/** What a run hands out at its end. */
export async function finalResult<P, B>(
  run: Run<P, B>,
  { reason, message }: Ending,
): Promise<Result<P>> {
  run.clock();
  const { plan, progress } = run;
  const { validation } = progress;
  const params = answerOf(run, reason === 'nonFinite');
  const { value, gradientNorm } = await measuredAt(run, params, reason === 'nonFinite');
  const last = { value, gradientNorm, size: norm(params) };
  const rate = rateOf(plan.optimizer, progress.state, progress.step);
  return resultOf({
    params: copyOf(params),
    reason,
    message: message + divergence(reason, run.first, last, plan.whole),
    steps: progress.step,
    epochs: progress.epoch,
    evaluations: { gradients: progress.gradients, values: progress.values },
    value,
    gradientNorm,
    tolerance: toleranceOf(plan, progress),
    learningRate: rate,
    validation:
      plan.validation === undefined || validation.measured === 0
        ? undefined
        : {
            loss: validation.loss,
            best: validation.lowest.value,
            bestEpoch: validation.lowest.at * plan.validation.every,
          },
    seconds: progress.seconds,
    history: run.history.reports,
    state: progress.state,
    measured: plan.whole ? 'objective' : 'minibatches',
  });
}

function answerOf<P, B>({ plan, progress, refuge }: Run<P, B>, overflown: boolean): P {
  if (overflown) return refuge?.params ?? progress.params;
  const { best, measured } = progress.validation;
  if (plan.validation?.restoreBest && measured > 0 && best !== null) return best;
  return plan.optimizer.answer?.(progress.state, progress.params) ?? progress.params;
}

async function measuredAt<P, B>(run: Run<P, B>, params: P, overflown: boolean) {
  const { plan, progress } = run;
  let here = overflown ? (run.refuge ?? run.here) : run.here;
  if (plan.whole && run.used !== undefined && here?.params !== params) {
    const ask = { over: 'batch', gradient: true } as const;
    const { value, gradient } = await run.objective.ask(params, ask, run.used.batch);
    here = { params, value, gradient: gradient as P, norm: norm(gradient) };
  }
  const { sum, count } = progress.sinceEpoch;
  const mean = count > 0 ? sum / count : progress.epochLoss;
  const value = plan.whole || Number.isNaN(mean) ? (here?.value ?? NaN) : mean;
  return { value, gradientNorm: here?.norm ?? NaN };
}
