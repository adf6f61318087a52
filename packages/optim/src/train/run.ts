import { DerivativeError } from '@steepest/autodiff';
import type { Answer } from '../place/ask.ts';
import { drive } from '../place/drive.ts';
import type { Place } from '../place/place.ts';
import { type Evaluation, LineSearchError } from '../stepper.ts';
import { takeStep } from '../take-step.ts';
import { allFinite, norm, plus } from '../vectors.ts';
import { Adviser } from './adviser.ts';
import { type Convergence, measuredFactor } from './convergence.ts';
import type { Sight } from './divergence.ts';
import type { Sailed } from './errands.ts';
import { short } from './format.ts';
import { measure } from './measure.ts';
import { nonFinite } from './non-finite.ts';
import { Objective } from './objective.ts';
import type { Plan } from './plan.ts';
import { lossAt, probeBatch } from './probe.ts';
import { type Progress, savedFrom } from './progress.ts';
import type { Ending } from './reasons.ts';
import { History, type Report, rateOf } from './report.ts';
import { type Look, runsAway } from './runaway.ts';
import { expectSoundStep } from './sound.ts';
import { endingOf, gradientEnding, remember, toleranceOf } from './stopping.ts';
import { validate } from './validation.ts';

/** A place that was looked at: within a stretch, only its loss and its gradient's norm were seen. */
interface Seen<P> {
  readonly value: number;
  readonly norm: number;
  /** The loss itself: the value without penalties. */
  readonly loss?: number;
  readonly params?: P;
  readonly gradient?: P;
}

/** A place to return to. */
interface Refuge<P> {
  readonly value: number;
  readonly norm: number;
  params(): P | Promise<P>;
}

const looseShare = 1e-4;

/** What a run wants to know where it stands. */
export const lookedFor: { readonly over: 'batch'; readonly gradient: true } = {
  over: 'batch',
  gradient: true,
};

/**
 * A run under way: what one turn of the loop does. `progress` is everything that later turns depend
 * on; the other fields only describe where it stands.
 */
export class Run<P, B> {
  readonly plan: Plan<P, B>;
  readonly progress: Progress<P>;
  readonly place: Place<P, B>;
  readonly objective: Objective<P, B>;
  readonly history: History = new History();
  /** Where each step sees the whole objective, unless it is told not to. */
  readonly adviser: Adviser<P, B> | undefined;
  /** Whether the adviser wants to compare the last two places. */
  isRising = false;
  /** The batch used last, if one was. */
  used: { readonly batch: B } | undefined;
  /** The last places that were looked at, the present one first, as far as they are known. */
  #looks: (() => Look<P> | Promise<Look<P>>)[] = [];
  /** Within a stretch: at which of its steps the run is, whose parameters it does not have. */
  away: { readonly sailed: Sailed<P>; readonly steps: number } | undefined;
  /** The first place that was looked at; after a resumption, the first one since. */
  first: Sight | undefined;
  /** The last evaluation. */
  here: Seen<P> | undefined;
  /** Whether what the optimizer's steps return has been looked at. */
  #sound = false;
  /** Whether the step of the batch that was just looked at is passed over. */
  #skips = false;
  /** Where to return when numbers overflow: the best place with one batch, else the last finite one. */
  refuge: Refuge<P> | undefined;
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
    this.place = place;
    this.progress = progress;
    this.used = used;
    this.objective = new Objective(place, plan, progress);
    if (plan.whole && plan.advise !== false) this.adviser = new Adviser(plan, place);
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

  #saw({ value: loss, gradient: found }: Answer<P>, batch: B): Ending | undefined {
    const { plan, progress } = this;
    const { params } = progress;
    const gradient = found as P;
    const { value, norm: length } = measure(plan.optimizer, loss, gradient, params);
    this.used = { batch };
    const finite = Number.isFinite(value) && Number.isFinite(length);
    const skipped = finite ? undefined : plan.optimizer.skip?.after(progress.state);
    if (skipped !== undefined) {
      progress.state = skipped;
      this.#skips = true;
      return undefined;
    }
    this.here = { value, norm: length, loss, params, gradient };
    this.first ??= { value, gradientNorm: length, size: norm(params) };
    if (!finite) {
      return this.#overflow({ value, gradient }, params, progress.step);
    }
    const ending = this.saw(value, length, () => params);
    if (plan.whole) this.#looks = [() => ({ params, gradient }), ...this.#looks.slice(0, 2)];
    return ending;
  }

  /** An ending where the gradient is small, unless the parameters have not come to rest there. */
  async confirmed(ending: Ending): Promise<Ending | undefined> {
    const { plan, progress, here } = this;
    // Beside a loose tolerance, the way that is left is the caller's choice.
    const loose = (here?.norm ?? 0) > looseShare * progress.firstSize;
    if (ending.reason !== 'gradientSmall') return ending;
    if (plan.optimizer.stationarity) return (await this.#answerIsSmall()) ? ending : undefined;
    if (loose) return ending;
    const looks: Look<P>[] = [];
    for (const look of this.#looks) looks.push(await look());
    const { params, gradient } = here as Required<Seen<P>>;
    if (!(await this.#settled())) return undefined;
    const reach = plan.optimizer.reach?.(gradient, progress.state, params);
    if (!runsAway(looks, plan.params, reach)) return ending;
    const message =
      `${ending.message}, but the parameters still run away: their norm is ` +
      `${short(norm(params))}, and the way that is left does not get shorter; the objective may have ` +
      'no minimum, or this start leads to none';
    return { reason: 'runsAway', message };
  }

  /** Whether it is small too where the optimizer's answer lies, which need not be where it looks. */
  async #answerIsSmall(): Promise<boolean> {
    const { plan, progress } = this;
    const { optimizer } = plan;
    if (optimizer.answer === undefined) return true;
    const params = optimizer.answer(progress.state, progress.params);
    const { batch } = this.used as { readonly batch: B };
    const found = await this.objective.ask(params, lookedFor, batch);
    const { norm: length } = measure(optimizer, found.value, found.gradient as P, params);
    return length <= (toleranceOf(plan, progress) ?? Infinity);
  }

  /** Whether the optimizer agrees that a small gradient is the end; its state may know more after it. */
  async #settled(): Promise<boolean> {
    const { plan, progress, here } = this;
    const { optimizer, gradientNorm, problem } = plan;
    // A gradient that was given may belong to a loss that autodiff cannot look into.
    const may = gradientNorm === 'auto' && problem.valueAndGradient === undefined;
    if (!may || optimizer.confirm === undefined) return true;
    const { value, params, gradient } = here as Required<Seen<P>>;
    const at = { value, firstSize: progress.firstSize };
    const asking = optimizer.confirm(gradient, progress.state, params, at);
    try {
      const batch = (this.used as { readonly batch: B }).batch;
      const [settled, state] = await drive(asking, (p, ask) => this.objective.ask(p, ask, batch));
      progress.state = state;
      return settled;
    } catch (error) {
      // An operation without a second derivative: the gradient has to do.
      if (error instanceof DerivativeError) return true;
      throw error;
    }
  }

  /**
   * Takes note of a loss and its gradient's norm, which are finite, at the present step; `params`
   * gives the parameters there. An ending, if this is the place to end.
   */
  saw(value: number, length: number, params: () => P | Promise<P>): Ending | undefined {
    const { plan, progress } = this;
    if (!plan.whole) {
      this.refuge = { value, norm: length, params };
      const { sinceReport, sinceEpoch } = progress;
      sinceReport.sum += value;
      sinceReport.count++;
      sinceEpoch.sum += value;
      sinceEpoch.count++;
      return undefined;
    }
    if (this.refuge === undefined || value <= this.refuge.value) {
      this.refuge = { value, norm: length, params };
    }
    this.isRising = this.adviser?.sees(value) ?? false;
    remember(progress.lowestLoss, value, plan.noProgress?.relative ?? 0, progress.step);
    if (progress.firstSize === Infinity) progress.firstSize = Math.max(Math.abs(value), length);
    return gradientEnding(length, toleranceOf(plan, progress)) ?? endingOf(plan, progress);
  }

  /** Lets the adviser compare the last two places, where the loss rises. */
  async advise(): Promise<void> {
    const { adviser, progress, away } = this;
    this.isRising = false;
    const looks = away === undefined ? this.#looks : [...this.#looksOf(away), ...this.#looks];
    if (adviser === undefined || looks.length < 2) return;
    await adviser.compare(progress.step, await looks[0](), await looks[1]());
  }

  /** The last places of a stretch, the last one first, up to the step that the run is at. */
  #looksOf({ sailed, steps }: { readonly sailed: Sailed<P>; readonly steps: number }) {
    const looked = (at: number) => async () => {
      const { params } = await sailed.after(at);
      const found = await this.place.answer(params, lookedFor, this.plan.source.data as B);
      return { params, gradient: found.gradient as P };
    };
    return [steps, steps - 1].filter((k) => k >= 0).map(looked);
  }

  /** How fast the run converges; undefined where nobody asked. */
  convergence(last?: {
    readonly step: number;
    readonly gradientNorm: number;
  }): Convergence | undefined {
    if (!this.plan.advise || this.adviser === undefined) return undefined;
    const reports = [...this.history.reports, ...(last === undefined ? [] : [last])];
    return { measured: measuredFactor(reports), predicted: this.adviser.predicted };
  }

  /** Takes a step from where it looked; an ending, if there is none to take. */
  move(batch: B): Ending | undefined | Promise<Ending | undefined> {
    const { plan, progress, objective } = this;
    const { optimizer } = plan;
    if (this.#skips) {
      this.#skips = false;
      this.stepped();
      return undefined;
    }
    const { loss, params, gradient } = this.here as Required<Seen<P>>;
    const step = progress.warm + progress.step;
    const at = { step, value: loss, gradient, batch: plan.source.fixed?.(batch) };
    if (optimizer.search === undefined) {
      return this.#moved(takeStep(optimizer, gradient, progress.state, params, at));
    }
    try {
      const search = optimizer.search(gradient, progress.state, params, at);
      const found = drive(search, (p, ask) => objective.ask(p, ask, batch));
      if (found instanceof Promise)
        return found.then(
          (pair) => this.#moved(pair),
          (error) => this.#searchFailed(error),
        );
      return this.#moved(found);
    } catch (error) {
      return this.#searchFailed(error);
    }
  }

  #moved([change, state]: readonly [change: P, state: unknown]): Ending | undefined {
    const { plan, progress } = this;
    if (!this.#sound) {
      expectSoundStep(plan.operation, plan.optimizer, progress.params, [change, state]);
      this.#sound = true;
    }
    const moved = plus(progress.params, change);
    progress.state = state;
    if (!allFinite(moved)) {
      return this.#overflow(this.here as Required<Seen<P>>, moved, progress.step + 1);
    }
    progress.params = moved;
    this.stepped();
    return undefined;
  }

  stepped(): void {
    this.progress.step++;
    this.progress.position++;
  }

  /** Takes the place that a stretch led to. */
  arrive(sailed: Sailed<P>): void {
    const { params, state, losses } = sailed;
    this.away = undefined;
    if (this.plan.whole) this.#looks = this.#looksOf({ sailed, steps: losses.length - 1 });
    this.progress.params = params;
    this.progress.state = state;
    const { whole, source } = this.plan;
    this.used = whole ? { batch: source.data as B } : undefined;
  }

  /** Goes back to the step of a stretch that the run is at, if it is within one. */
  async comeBack(): Promise<void> {
    if (this.away === undefined) return;
    const { sailed, steps } = this.away;
    this.arrive({ ...sailed, ...(await sailed.after(steps)) });
    if (this.here !== undefined) this.here = { ...this.here, params: this.progress.params };
  }

  nextEpoch(): void {
    this.progress.epoch++;
    this.progress.position = 0;
  }

  endEpoch(random: readonly number[]): void {
    const { plan, progress } = this;
    this.nextEpoch();
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
    if (this.away === undefined) this.clock();
    const { plan, progress, here } = this;
    const { sinceReport, validation, seconds, step } = progress;
    const elapsed = seconds - this.#began.seconds;
    const { rows, batchesPerEpoch } = plan.source;
    const examples = ((step - this.#began.step) * rows) / batchesPerEpoch;
    const gradientNorm = here?.norm ?? NaN;
    const report: Report = {
      step,
      epoch: progress.epoch,
      loss: plan.whole ? (here?.value ?? NaN) : sinceReport.sum / sinceReport.count,
      gradientNorm,
      learningRate: rateOf(plan.optimizer, progress),
      ...(plan.advise && { rate: this.convergence({ step, gradientNorm }) }),
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
    const still = used !== undefined && (plan.whole || progress.position > 0);
    const batch = still ? used.batch : probeBatch(plan, progress);
    const { place } = this;
    const probe = progress.step > 0 ? await lossAt(place, progress.params, batch) : undefined;
    await plan.checkpoint.save(savedFrom(progress, plan.run, probe));
  }

  clock(): void {
    this.progress.seconds = this.#began.seconds + (this.plan.now() - this.#began.time) / 1000;
  }

  #overflow(at: Evaluation<P>, params: P, step: number): Ending {
    const { plan, progress } = this;
    const rate = rateOf(plan.optimizer, { ...progress, step });
    return nonFinite({ ...at, params, step, rate });
  }

  /** What became of a search that threw: an ending where it found no way down. */
  #searchFailed(error: unknown): Ending {
    if (!(error instanceof LineSearchError)) throw error;
    const { plan, progress, here } = this;
    // Where the optimizer went on from a small gradient, that is what counts.
    const small = plan.whole && gradientEnding(here?.norm ?? NaN, toleranceOf(plan, progress));
    return small || { reason: 'lineSearchFailed', message: error.message };
  }
}
