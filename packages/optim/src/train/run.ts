import { item } from '@steepest/autodiff';
import type { Answer } from '../place/ask.ts';
import { drive } from '../place/drive.ts';
import type { Place } from '../place/place.ts';
import { type Evaluation, LineSearchError } from '../stepper.ts';
import { takeStep } from '../take-step.ts';
import { allFinite, norm, plus } from '../vectors.ts';
import type { Sight } from './divergence.ts';
import { nonFinite } from './non-finite.ts';
import { Objective } from './objective.ts';
import type { Plan } from './plan.ts';
import { probeBatch } from './probe.ts';
import { type Progress, savedFrom } from './progress.ts';
import type { Ending } from './reasons.ts';
import { History, type Report, rateOf } from './report.ts';
import { endingOf, gradientEnding, remember, toleranceOf } from './stopping.ts';
import { validate } from './validation.ts';

interface Measured<P> extends Evaluation<P> {
  readonly params: P;
  readonly norm: number;
}

const lookedFor = { over: 'batch', gradient: true } as const;

/**
 * A run under way: what one turn of the loop does. `progress` is everything that later turns depend
 * on; the other fields only describe where it stands.
 */
export class Run<P, B> {
  readonly plan: Plan<P, B>;
  readonly progress: Progress<P>;
  readonly objective: Objective<P, B>;
  readonly history: History = new History();
  /** The batch used last, if one was. */
  used: { readonly batch: B } | undefined;
  /** The first place that was looked at; after a resumption, the first one since. */
  first: Sight | undefined;
  /** The last evaluation. */
  here: Measured<P> | undefined;
  /** Where to return when numbers overflow: the best place with one batch, else the last finite one. */
  refuge: Measured<P> | undefined;
  readonly #began: {
    readonly time: number;
    readonly seconds: number;
    readonly step: number;
  };

  constructor(
    plan: Plan<P, B>,
    place: Place<P, B>,
    progress: Progress<P>,
    used?: { readonly batch: B },
  ) {
    this.plan = plan;
    this.progress = progress;
    this.used = used;
    this.objective = new Objective(place, plan, progress);
    this.#began = { time: plan.now(), seconds: progress.seconds, step: progress.step };
  }

  /** Evaluates the loss on a batch; an ending, if this is the place to end. */
  look(batch: B): Ending | undefined | Promise<Ending | undefined> {
    const { plan, progress } = this;
    this.clock();
    const limit = plan.whole ? undefined : endingOf(plan, progress);
    if (limit !== undefined) return limit;
    const found = this.objective.ask(progress.params, lookedFor, batch);
    if (found instanceof Promise) return found.then((answer) => this.#saw(answer, batch));
    return this.#saw(found, batch);
  }

  #saw({ value, gradient: found }: Answer<P>, batch: B): Ending | undefined {
    const { plan, progress } = this;
    const { params } = progress;
    const gradient = found as P;
    const here = { params, value, gradient, norm: norm(gradient) };
    this.here = here;
    this.first ??= { value, gradientNorm: here.norm, size: norm(params) };
    this.used = { batch };
    if (!Number.isFinite(value) || !Number.isFinite(here.norm))
      return this.#overflow(here, params, progress.step);
    if (!plan.whole) {
      this.refuge = here;
      for (const mean of [progress.sinceReport, progress.sinceEpoch]) {
        mean.sum += value;
        mean.count++;
      }
      return undefined;
    }
    if (this.refuge === undefined || value <= this.refuge.value) this.refuge = here;
    remember(progress.lowestLoss, value, plan.noProgress?.relative ?? 0, progress.step);
    if (progress.firstSize === Infinity) {
      progress.firstSize = Math.max(Math.abs(value), here.norm);
    }
    return gradientEnding(here.norm, toleranceOf(plan, progress)) ?? endingOf(plan, progress);
  }

  /** Takes a step from where it looked; an ending, if there is none to take. */
  move(batch: B): Ending | undefined | Promise<Ending | undefined> {
    const { plan, progress, objective } = this;
    const { optimizer } = plan;
    const { params, value, gradient } = this.here as Measured<P>;
    const at = { step: progress.step, value, gradient };
    if (optimizer.search === undefined) {
      return this.#moved(takeStep(optimizer, gradient, progress.state, params, at));
    }
    try {
      const search = optimizer.search(gradient, progress.state, params, at);
      const found = drive(search, (p, ask) => objective.ask(p, ask, batch));
      if (found instanceof Promise) return found.then((pair) => this.#moved(pair), searchFailed);
      return this.#moved(found);
    } catch (error) {
      return searchFailed(error);
    }
  }

  #moved([change, state]: readonly [change: P, state: unknown]): Ending | undefined {
    const { progress } = this;
    const moved = plus(progress.params, change);
    progress.state = state;
    if (!allFinite(moved)) {
      return this.#overflow(this.here as Measured<P>, moved, progress.step + 1);
    }
    progress.params = moved;
    progress.step++;
    progress.position++;
    return undefined;
  }

  endEpoch(random: readonly number[]): void {
    const { plan, progress } = this;
    progress.epoch++;
    progress.position = 0;
    progress.random = [...random];
    if (!plan.whole) {
      const { sum, count } = progress.sinceEpoch;
      progress.epochLoss = sum / count;
      progress.sinceEpoch = { sum: 0, count: 0 };
      const relative = plan.noProgress?.relative ?? 0;
      remember(progress.lowestLoss, progress.epochLoss, relative, progress.epoch);
    }
    validate(plan, progress);
  }

  report(): Report {
    this.clock();
    const { plan, progress, here } = this;
    const { sinceReport, validation, seconds, step } = progress;
    const elapsed = seconds - this.#began.seconds;
    const { rows, batchesPerEpoch } = plan.source;
    const examples = ((step - this.#began.step) * rows) / batchesPerEpoch;
    const report: Report = {
      step,
      epoch: progress.epoch,
      loss: plan.whole ? (here?.value ?? NaN) : sinceReport.sum / sinceReport.count,
      gradientNorm: here?.norm ?? NaN,
      learningRate: rateOf(plan.optimizer, progress.state, step),
      validation: validation.measured === 0 ? undefined : validation.loss,
      seconds,
      examplesPerSecond: rows > 0 && examples > 0 && elapsed > 0 ? examples / elapsed : undefined,
    };
    progress.sinceReport = { sum: 0, count: 0 };
    this.history.add(report);
    plan.onReport?.(report);
    return report;
  }

  async save(): Promise<void> {
    const { plan, progress, used } = this;
    if (plan.checkpoint === undefined) return;
    this.clock();
    // Between epochs, the batch used last cannot be replayed; the next epoch's first one can.
    const batch = plan.whole || progress.position > 0 ? used?.batch : probeBatch(plan, progress);
    const probe =
      progress.step > 0 && batch !== undefined
        ? item(plan.loss(progress.params, batch))
        : undefined;
    await plan.checkpoint.save(savedFrom(progress, plan.run, probe));
  }

  clock(): void {
    this.progress.seconds = this.#began.seconds + (this.plan.now() - this.#began.time) / 1000;
  }

  #overflow(at: Evaluation<P>, params: P, step: number): Ending {
    const { plan, progress } = this;
    const rate = step === 0 ? undefined : rateOf(plan.optimizer, progress.state, step);
    return nonFinite({ ...at, params, step, rate });
  }
}

/** What became of a search that threw: an ending where it found no way down. */
function searchFailed(error: unknown): Ending {
  if (error instanceof LineSearchError)
    return { reason: 'lineSearchFailed', message: error.message };
  throw error;
}
